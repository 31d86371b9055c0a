using System.Buffers;
using CsCheck;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Ipc;
using SaltActors.Transport.Payload;
using static SaltActors.Transport.Tests.GoldenWire;

namespace SaltActors.Transport.Tests.Payload;

public sealed class MsgpackSpecs
{
    [Fact]
    public void Reads_every_recorded_value_as_salt_does() => All(Cases("msgpack"), c =>
    {
        Same(c.Plain("wire_decoded"), Msgpack.Unpack(c.Bytes("wire_b64"), MsgpackDialect.Wire));
        Same(c.Plain("ipc_decoded"), Msgpack.Unpack(c.Bytes("ipc_b64"), MsgpackDialect.Local));
    });

    [Fact]
    public void Writes_what_it_read_from_the_wire_as_the_same_bytes() => All(Cases("msgpack"), c =>
        Assert.Equal(c.Bytes("wire_b64"), Msgpack.Pack(Msgpack.Unpack(c.Bytes("wire_b64"), MsgpackDialect.Wire), MsgpackDialect.Wire)));

    [Fact]
    public void Reads_every_recorded_event_and_writes_the_same_frame() => All(Cases("ipc-events"), c =>
    {
        var stream = new ReadOnlySequence<byte>(c.Bytes("frame_b64"));
        Assert.True(EventFrames.TryRead(ref stream, out var @event, out _));
        Assert.Equal(c.Text("tag"), @event!.Tag);
        Same(c.Plain("data"), @event.Data);
        Assert.True(stream.IsEmpty);
    });

    [Fact]
    public void Reads_the_frames_of_the_tcp_transport() => All(Cases("tcp-frames"), c =>
    {
        var frame = (MapValue)Msgpack.Unpack(c.Bytes("frame_b64"), MsgpackDialect.Wire);
        Same(c.Plain("head"), frame.Get("head")!);
        Same(c.Plain("body"), frame.Get("body")!);
    });

    [Fact]
    public void Derives_the_names_that_salt_derives() => All(Cases("names-and-jobcache"), c =>
    {
        if (c.Text("id") is { } id)
        {
            Assert.Equal(c.Text("zmq_filter_topic"), WireNames.Topic(MinionId.Parse(id)));
            Assert.Equal(c.Text("minion_event_pub_socket"), WireNames.MinionEventPublish(id, "sha256"));
            Assert.Equal(c.Text("minion_event_pull_socket"), WireNames.MinionEventPull(id, "sha256"));
        }
        else if (c.TryGetProperty("is_jid", out var isJid))
        {
            var jid = c.Text("jid")!;
            Assert.Equal(isJid.GetBoolean(), Jid.TryParse(jid, out var parsed));
            if (isJid.GetBoolean()) Assert.Equal(c.Text("jid_to_time"), parsed.StartTime);
        }
        else foreach (var file in c.GetProperty("files").EnumerateObject().Where(f => f.Name.EndsWith(".p", StringComparison.Ordinal)))
            Msgpack.Unpack(file.Value.Bytes("content_b64"), MsgpackDialect.Local);
    });

    [Fact]
    public void Reads_back_what_it_wrote() => Values.Sample(value =>
        PythonText.Repr(Msgpack.Unpack(Msgpack.Pack(value, MsgpackDialect.Local), MsgpackDialect.Local)) == PythonText.Repr(value), iter: 2000);

    [Fact]
    public void Says_of_any_bytes_that_they_are_broken_or_what_they_mean() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            Msgpack.Unpack(bytes, MsgpackDialect.Wire);
        }
        catch (MsgpackBroken)
        {
            // Said, and no other way.
        }
    }, iter: 20_000);

    [Theory]
    [InlineData(new byte[] { 0xdd, 0xff, 0xff, 0xff, 0xff, 1 })]
    [InlineData(new byte[] { 0xdf, 0xff, 0xff, 0xff, 0xff, 1 })]
    [InlineData(new byte[] { 0xdb, 0xff, 0xff, 0xff, 0xf0, 1 })]
    [InlineData(new byte[] { 0xc9, 0x7f, 0xff, 0xff, 0xff, 1 })]
    public void Does_not_reserve_what_is_only_declared(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MsgpackBroken>(() => Msgpack.Unpack(bytes, MsgpackDialect.Wire));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 128 * 1024);
    }

    [Fact]
    public void Refuses_lists_ten_thousand_deep() =>
        Assert.Contains("deep", Assert.Throws<MsgpackBroken>(() => Msgpack.Unpack(Enumerable.Repeat((byte)0x91, 10_000).Append((byte)0xc0).ToArray(), MsgpackDialect.Wire)).Message);

    private static readonly Gen<Value> Values = Gen.Recursive<Value>((depth, inner) =>
    {
        var scalars = Gen.OneOf(Gen.Const(Value.Null).Select(Value (v) => v), Gen.Bool.Select(Value (b) => b), Gen.Long.Select(Value (n) => n), Gen.Double.Select(Value (d) => d), Gen.String.AlphaNumeric.Select(Value (s) => s), Gen.Byte.Array[1, 20].Select(Value (b) => b));
        return depth > 3 ? scalars : Gen.OneOf(scalars, inner.Array[0, 4].Select(Value (items) => ListValue.From(items)), Gen.Select(Gen.String.AlphaNumeric, inner).Array[0, 4].Select(Value (pairs) => MapValue.From(pairs.Select(p => KeyValuePair.Create(p.Item1, p.Item2)))));
    });
}
