using System.Buffers;
using System.Numerics;
using CsCheck;
using SaltActors.Core.Values;
using SaltActors.Transport.Ipc;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Tests.Payload;

public sealed class MsgpackSpecs
{
    [Fact]
    public void Packs_and_reads_every_recorded_value() => Recorded.Every("msgpack", (_, one) =>
    {
        var value = one.Value("ipc_decoded");
        Assert.Equal(one.Text("wire_b64"), Convert.ToBase64String(Msgpack.Pack(value, MsgpackDialect.Wire)));
        Assert.Equal(one.Text("ipc_b64"), Convert.ToBase64String(Msgpack.Pack(value, MsgpackDialect.Local)));
        Recorded.Same(one.Value("wire_decoded"), Msgpack.Unpack(one.Bytes("wire_b64"), MsgpackDialect.Wire));
        Recorded.Same(value, Msgpack.Unpack(one.Bytes("ipc_b64"), MsgpackDialect.Local));
    });

    [Fact]
    public void Frames_of_the_TCP_transport_are_local_on_their_way_out_and_wire_on_their_way_in() => Recorded.Every("tcp-frames", (_, one) =>
    {
        var frame = MapValue.Of(("head", one.Value("head")), ("body", one.Value("body")));
        Assert.Equal(one.Text("frame_b64"), Convert.ToBase64String(Msgpack.Pack(frame, MsgpackDialect.Local)));
        Recorded.Same(frame, Msgpack.Unpack(one.Bytes("frame_b64"), MsgpackDialect.Wire));
    });

    [Fact]
    public void Frames_of_the_event_bus_hold_a_tag_and_a_map() => Recorded.Every("ipc-events", (_, one) =>
    {
        var bytes = one.Bytes("frame_b64");
        var frame = Assert.IsType<MapValue>(Msgpack.Unpack(bytes, MsgpackDialect.Local));
        Assert.Equal(bytes, Msgpack.Pack(frame, MsgpackDialect.Local));
        var body = MsgpackBytes.BytesOf(frame.Get("body"))!.Value;
        var end = body.Span.IndexOf("\n\n"u8);
        Assert.Equal(one.Text("tag"), System.Text.Encoding.UTF8.GetString(body.Span[..end]));
        Recorded.Same(one.Value("data"), Msgpack.Unpack(body[(end + 2)..], MsgpackDialect.Local));
        Assert.Equal(body[(end + 2)..].ToArray(), Msgpack.Pack(one.Value("data"), MsgpackDialect.Local));
    });

    [Fact]
    public void Reads_every_recorded_event_from_a_stream() => Recorded.Every("ipc-events", (_, one) =>
    {
        var stream = new ReadOnlySequence<byte>(one.Bytes("frame_b64"));
        Assert.True(EventFrames.TryRead(ref stream, out var @event, out long _));
        Assert.Equal(one.Text("tag"), @event!.Tag);
        Recorded.Same(one.Value("data"), @event.Data);
        Assert.True(stream.IsEmpty);
    });

    [Fact]
    public void Files_of_the_job_cache_read_and_write_the_same() => Recorded.Every("names-and-jobcache", one => one.Has("files"), (_, one) =>
    {
        foreach (var file in one.GetProperty("files").EnumerateObject().Where(f => f.Value.Has("decoded")))
        {
            var bytes = file.Value.Bytes("content_b64");
            Recorded.Same(file.Value.Value("decoded"), Msgpack.Unpack(bytes, MsgpackDialect.Local));
            Assert.Equal(bytes, Msgpack.Pack(file.Value.Value("decoded"), MsgpackDialect.Local));
        }
    });

    [Theory]
    [InlineData(MsgpackDialect.Wire)]
    [InlineData(MsgpackDialect.Local)]
    public void Reads_what_it_packed(MsgpackDialect dialect) => AnyValue(dialect, 3).Sample(value =>
        PythonText.Repr(Msgpack.Unpack(Msgpack.Pack(value, dialect), dialect)) == PythonText.Repr(value), iter: 2000);

    [Fact]
    public void The_network_form_never_uses_the_newer_families() => AnyValue(MsgpackDialect.Wire, 2).Sample(value =>
        Heads(Msgpack.Pack(ListValue.Create([value, new string('x', 40)]), MsgpackDialect.Wire)).All(head => head is not (0xD9 or 0xC4 or 0xC5 or 0xC6)), iter: 1000);

    [Theory]
    [InlineData("18446744073709551615", "cf ff ff ff ff ff ff ff ff")]
    [InlineData("18446744073709551616", "b4 31 38 34 34 36 37 34 34 30 37 33 37 30 39 35 35 31 36 31 36")]
    [InlineData("-9223372036854775809", "b4 2d 39 32 32 33 33 37 32 30 33 36 38 35 34 37 37 35 38 30 39")]
    public void Integers_beyond_64_bits_travel_as_decimal_text(string number, string bytes) =>
        Assert.Equal(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)), Msgpack.Pack(BigInteger.Parse(number, System.Globalization.CultureInfo.InvariantCulture), MsgpackDialect.Wire));

    [Theory]
    [InlineData("d9 03 61 62 63", "abc")]        // str8
    [InlineData("c4 03 61 62 63", "abc")]        // bin8
    [InlineData("c5 00 03 61 62 63", "abc")]     // bin16
    [InlineData("c7 03 05 61 62 63", "abc")]     // an extension that nobody knows
    [InlineData("da 00 01 78", "x")]             // longer than it needs to be
    public void The_network_reads_every_family(string bytes, string text) =>
        Recorded.Same(text, Msgpack.Unpack(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)), MsgpackDialect.Wire));

    [Fact]
    public void A_named_constant_is_its_value() =>
        Recorded.Same(7, Msgpack.Unpack(new byte[] { 0xC7, 4, 79, 0x92, 0xA1, (byte)'n', 7 }, MsgpackDialect.Wire));

    [Fact]
    public void A_map_may_have_numbers_as_keys() =>
        Recorded.Same(MapValue.From([KeyValuePair.Create<Value, Value>(1, "a"), KeyValuePair.Create<Value, Value>(-2, "b")]), Msgpack.Unpack(new byte[] { 0x82, 1, 0xA1, (byte)'a', 0xFE, 0xA1, (byte)'b' }, MsgpackDialect.Wire));

    [Theory]
    [InlineData("c1")]                             // begins nothing
    [InlineData("a5 61")]                          // ends too soon
    [InlineData("01 02")]                          // two values
    [InlineData("dd ff ff ff ff 01")]              // a list of 4 billion
    [InlineData("df ff ff ff ff 01 02")]           // a map of 4 billion
    [InlineData("db ff ff ff ff 61")]              // text of 4 GB
    [InlineData("81 90 01")]                       // a list as a key
    [InlineData("81 cb 7f f8 00 00 00 00 00 00 01")] // NaN as a key
    [InlineData("c7 01 4f 05")]                    // a constant without a name
    [InlineData("")]
    public void Broken_bytes_are_named_as_such(string bytes) =>
        Assert.Throws<MsgpackBroken>(() => Msgpack.Unpack(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)), MsgpackDialect.Wire));

    [Fact]
    public void Any_bytes_are_a_value_or_broken_and_nothing_else() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        foreach (var dialect in Enum.GetValues<MsgpackDialect>())
            try
            {
                Msgpack.Unpack(bytes, dialect);
            }
            catch (MsgpackBroken)
            {
                // What they most often are.
            }
    }, iter: 3000);

    [Theory]
    [InlineData(0x91)]   // lists
    [InlineData(0x81)]   // maps of maps, as keys
    public void Depth_is_bounded(int head) =>
        Assert.Throws<MsgpackBroken>(() => Msgpack.Unpack(Enumerable.Repeat((byte)head, 100_000).ToArray(), MsgpackDialect.Wire));

    [Fact]
    public void Depth_is_bounded_inside_extensions_too()
    {
        // Each layer is a constant whose value is the next: [name, extension(79, [name, ...])].
        byte[] inner = [0xC0];
        for (var i = 0; i < 10_000 && inner.Length < 100_000; i++)
            inner = [0xC9, .. BigEndian(inner.Length + 2), 79, 0x92, 0xA0, .. inner];
        Assert.Contains("deep", Assert.Throws<MsgpackBroken>(() => Msgpack.Unpack(inner, MsgpackDialect.Wire)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_too_deep_is_not_packed()
    {
        Value deep = Value.Null;
        for (var i = 0; i < 300; i++) deep = ListValue.Create([deep]);
        Assert.Throws<MsgpackBroken>(() => Msgpack.Pack(deep, MsgpackDialect.Wire));
    }

    [Fact]
    public void Declared_lengths_reserve_nothing()
    {
        const int bytes = 1_000_000;
        var frame = new byte[bytes];
        // A hundred lists inside each other, each declaring as many items as there are bytes left.
        for (var i = 0; i < 100; i++)
        {
            frame[i * 5] = 0xDD;
            BigEndian(bytes - (i + 1) * 5).CopyTo(frame, i * 5 + 1);
        }
        frame.AsSpan(500).Fill(0xC1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MsgpackBroken>(() => Msgpack.Unpack(frame, MsgpackDialect.Wire));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes);
    }

    [Fact]
    public void Keys_cannot_be_chosen_to_share_one_hash()
    {
        var numbers = Enumerable.Range(0, 10_000).Select(i => ((long)i << 32 | (uint)i).GetHashCode()).Distinct().Count();
        Assert.Equal(1, numbers);   // what a plain hash makes of them
        Assert.InRange(Enumerable.Range(0, 10_000).Select(i => ((Value)((long)i << 32 | (uint)i)).GetHashCode()).Distinct().Count(), 9_900, 10_000);
    }

    [Fact]
    public void A_stream_gives_its_values_one_by_one_wherever_it_is_cut() => Gen.Int[1, 40].Sample(cut =>
    {
        byte[] stream = [.. Msgpack.Pack(MapValue.Of(("a", "some text"), ("b", 2)), MsgpackDialect.Local), .. Msgpack.Pack(ListValue.Create([1, 2.5]), MsgpackDialect.Local)];
        var buffer = new ReadOnlySequence<byte>();
        var read = new List<string>();
        for (var have = 0; have < stream.Length;)
        {
            have = Math.Min(stream.Length, have + cut);
            buffer = new ReadOnlySequence<byte>(stream, 0, have).Slice(Taken(read));
            while (Msgpack.TryUnpackFirst(buffer, MsgpackDialect.Local, out var value, out var consumed))
            {
                read.Add(PythonText.Repr(value!));
                buffer = buffer.Slice(consumed);
            }
        }
        return read is ["{'a': 'some text', 'b': 2}", "[1, 2.5]"];
    }, iter: 100);

    private static long Taken(List<string> read) => read.Count == 0 ? 0 : Msgpack.Pack(MapValue.Of(("a", "some text"), ("b", 2)), MsgpackDialect.Local).Length;

    [Fact]
    public void A_missing_field_is_no_bytes_and_text_is()
    {
        Assert.Null(MsgpackBytes.BytesOf(null));
        Assert.Null(MsgpackBytes.BytesOf(5));
        Assert.Null(MsgpackBytes.BytesOf(Value.Null));
        Assert.Equal("é"u8.ToArray(), MsgpackBytes.BytesOf("é")!.Value.ToArray());
        Assert.Equal(new byte[] { 0xFF }, MsgpackBytes.BytesOf(new byte[] { 0xFF })!.Value.ToArray());
    }

    private static byte[] BigEndian(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    internal static Gen<Value> AnyValue(MsgpackDialect dialect, int depth)
    {
        var text = Gen.String[Gen.Char.Where(c => !char.IsSurrogate(c)), 0, 70].Select(Value (t) => t);
        var scalar = Gen.OneOf(
            Gen.Const((Value)Value.Null), Gen.Bool.Select(Value (b) => b), Gen.Long.Select(Value (n) => n), Gen.Int[-200, 70_000].Select(Value (n) => n),
            Gen.ULong.Select(Value (n) => new BigInteger(n)), Gen.Double.Where(d => !double.IsNaN(d)).Select(Value (d) => d), text, text,
            Gen.Byte.Array[0, 300].Select(Value (b) => dialect == MsgpackDialect.Wire ? (byte[])[0xFF, .. b] : b),
            Gen.Long[0, DateTime.MaxValue.Ticks / 10].Select(Value (t) => new TimeValue(new DateTime(t * 10))));
        if (depth == 0) return scalar;
        var inner = AnyValue(dialect, depth - 1);
        return Gen.OneOf(scalar, inner.Array[0, 6].Select(Value (items) => ListValue.From(items)),
            Gen.Select(scalar.Where(k => k is not (FloatValue or TimeValue)), inner).Array[0, 12].Select(Value (entries) =>
                MapValue.From(entries.Select(e => KeyValuePair.Create(e.Item1, e.Item2)))));
    }

    // The head byte of each value in packed bytes.
    private static List<byte> Heads(byte[] packed)
    {
        var heads = new List<byte>();
        var reader = new MessagePack.MessagePackReader(packed);
        while (!reader.End)
        {
            heads.Add(reader.NextCode);
            switch (reader.NextMessagePackType)
            {
                case MessagePack.MessagePackType.Array: reader.ReadArrayHeader(); break;
                case MessagePack.MessagePackType.Map: reader.ReadMapHeader(); break;
                default: reader.Skip(); break;
            }
        }
        return heads;
    }
}
