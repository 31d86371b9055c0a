using System.Text.Json;
using CsCheck;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Payload;
using SaltActors.Transport.Tests.Crypto;
using SaltActors.Transport.Tests.Payload;

namespace SaltActors.Transport.Tests.Envelope;

/// <summary>What strangers and bad minions send to the request port.</summary>
public sealed class HostileRequestSpecs
{
    private const long Now = 1_800_000_000;
    private static readonly TimeProvider Clock = StandingClock.AtUnix(Now);
    private static readonly RsaKeyPair A = GoldenKeys.Of("A"), B = GoldenKeys.Of("B");
    private static readonly byte[] TokenA = A.SignX931("salt"u8), TokenB = B.SignX931("salt"u8);
    private readonly WireMaster _master = Master(0);

    private static WireMaster Master(int minimum, double ttlSeconds = 0) => new WireMaster
    {
        Settings = new EnvelopeSettings { MinimumAuthVersion = minimum, RequestTtl = TimeSpan.FromSeconds(ttlSeconds), Clock = Clock },
    }.Accept("web1", A).Accept("web2", B);

    [Theory]
    [InlineData("c1", "{'msg': 'bad load'}")]
    [InlineData("81ff", "{'msg': 'bad load'}")]
    [InlineData("", "{'msg': 'bad load'}")]
    [InlineData("dbffffffff", "{'msg': 'bad load'}")]
    [InlineData("c0", "bad load")]
    [InlineData("a378797a", "bad load")]
    [InlineData("80", "bad load")]
    [InlineData("81a3656e63a5636c656172", "bad load")]                            // no load
    [InlineData("81a46c6f616480", "bad load")]                                    // no enc
    [InlineData("82a3656e63a3707562a46c6f616480", "bad load")]                    // enc: pub
    [InlineData("82a3656e6305a46c6f616480", "bad load")]                          // enc: 5
    [InlineData("82a3656e63a5636c656172a46c6f6164a3737472", "payload and load must be a dict")]
    [InlineData("82a3656e63a5636c656172a46c6f6164c0", "payload and load must be a dict")]
    [InlineData("82a3656e63a5636c656172a46c6f616480", "Some exception handling minion payload")]
    [InlineData("82a3656e63a5636c656172a46c6f616481a3636d6405", "Some exception handling minion payload")]
    [InlineData("82a3656e63a5636c656172a46c6f616482a3636d64a470696e67a26964a3610062", "bad load: id contains a null byte")]
    [InlineData("82a3656e63a5636c656172a46c6f616482a3636d64a470696e67a26964c0", "bad load: id None is not a string")]
    [InlineData("82a3656e63a5636c656172a46c6f616482a3636d64a470696e67a2696491a178", "bad load: id ['x'] is not a string")]
    [InlineData("82a3656e63a3616573a46c6f6164a3616263", "bad load")]
    [InlineData("82a3656e63a3616573a46c6f616480", "bad load")]
    public void What_is_no_request_gets_Salts_answer(string frame, string reply)
    {
        var refused = Assert.IsType<Refused>(_master.Open(Convert.FromHexString(frame)));
        Assert.Equal(reply, Msgpack.Unpack(refused.Reply, MsgpackDialect.Wire).ToString());
        Assert.NotEqual("", refused.Reason);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(-1, true)]
    public void An_older_protocol_than_the_floor_is_refused_in_every_envelope(int version, bool isRefused)
    {
        // CVE-2025-62349: the older protocols are how the newer checks are evaded.
        var master = Master(3);
        var clear = MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("cmd", "ping"), ("id", "web1"))), ("version", version));
        var opened = master.Open(Pack(clear));
        Assert.Equal(isRefused, opened is Refused);
        if (opened is Refused refused)
        {
            Assert.Equal(Refused.BadLoad, refused.Reply);
            Assert.Contains("minimum_auth_version", refused.Reason, StringComparison.Ordinal);
            Assert.Equal("web1", refused.ClaimedId);
        }
        var aes = MapValue.Of(("enc", "aes"), ("load", master.Epoch.Seal(MapValue.Of(("cmd", "_return"), ("id", "web1"), ("tok", TokenA)))), ("version", version), ("id", "web1"));
        Assert.Equal(Refused.BadLoad, Assert.IsType<Refused>(master.Open(Pack(aes))).Reply);
    }

    [Fact]
    public void A_version_is_read_as_Python_reads_it()
    {
        (Value? Version, int? Read)[] rows =
        [
            (null, 0), (2, 2), (3, 3), (99, 3), (-7, 0), ("2", 2), (" 3 ", 3), ("x", 0), ("", 0), (new string('9', 4000), 0), (2.9, 2), (true, 1), (false, 0),
            (ulong.MaxValue, 3), (new byte[] { 0xFF }, 0), (Value.Null, null), (ListValue.Empty, null), (MapValue.Empty, null), (double.NaN, null), (double.PositiveInfinity, null),
        ];
        foreach (var (version, read) in rows)
        {
            var envelope = MapValue.Of(("enc", "clear"), ("load", MapValue.Of(("cmd", "ping"))));
            if (version is not null) envelope = envelope.With("version", version);
            var opened = _master.Open(Pack(envelope));
            Assert.Equal(read, (opened as ClearRequest)?.Version);
            if (read is null) Assert.Equal(Refused.BadLoad, Assert.IsType<Refused>(opened).Reply);
        }
    }

    [Fact]
    public void A_version_3_request_must_prove_its_sender()
    {
        // CVE-2024-38822, CVE-2013-4439.
        MapValue good = MapValue.Of(("cmd", "_return"), ("ts", Now), ("tok", TokenA), ("id", "web1"));
        Assert.Equal("web1", Assert.IsType<SealedRequest>(_master.Open(Version3("web1", good))).Identity?.Text);
        (string What, byte[] Frame)[] rows =
        [
            ("no token", Version3("web1", good.Without("tok"))),
            ("an empty token", Version3("web1", good.With("tok", ""))),
            ("no bytes as a token", Version3("web1", good.With("tok", 5))),
            ("another minion's token", Version3("web1", good.With("tok", TokenB))),
            ("another minion's id and token inside", Version3("web1", good.With("tok", TokenB).With("id", "web2"))),
            ("another minion's id inside", Version3("web1", good.With("id", "web2"))),
            ("no id inside", Version3("web1", good.Without("id"))),
            ("another minion's envelope", Version3("web2", good, "web1")),
            ("no envelope id", Pack(((MapValue)Msgpack.Unpack(Version3("web1", good), MsgpackDialect.Wire)).Without("id"))),
            ("no text as an envelope id", Pack(((MapValue)Msgpack.Unpack(Version3("web1", good), MsgpackDialect.Wire)).With("id", 5))),
            ("a path as an envelope id", Version3("../web1", good, "web1")),
            ("an unknown envelope id", Version3("nobody", good, "web1")),
            ("the epoch's key", Version3("web1", good, key: _master.Epoch)),
            ("the session key under version 2", Pack(((MapValue)Msgpack.Unpack(Version3("web1", good), MsgpackDialect.Wire)).With("version", 2))),
            ("a load that is no map", Version3("web1", null)),
        ];
        foreach (var (what, frame) in rows)
        {
            var opened = _master.Open(frame);
            Assert.True(opened is Refused, $"{what} was let in");
            if (what != "a load that is no map") Assert.True(Refused.BadLoad.AsSpan().SequenceEqual(((Refused)opened).Reply), $"{what}: {Msgpack.Unpack(((Refused)opened).Reply, MsgpackDialect.Wire)}");
        }
    }

    [Fact]
    public void A_deleted_minion_is_nobody()
    {
        // CVE-2016-9639: its keys and its cached token open nothing any more.
        MapValue load = MapValue.Of(("cmd", "_return"), ("ts", Now), ("tok", TokenA), ("id", "web1"));
        var (version3, version2) = (Version3("web1", load), Pack(MapValue.Of(("enc", "aes"), ("load", _master.Epoch.Seal(load)), ("version", 2))));
        Assert.IsType<SealedRequest>(_master.Open(version3));
        Assert.IsType<SealedRequest>(_master.Open(version2));
        _master.Delete("web1");
        Assert.Equal(Refused.BadLoad, Assert.IsType<Refused>(_master.Open(version3)).Reply);
        Assert.IsType<Refused>(_master.Open(version2));
        // Somebody else takes the name.
        _master.Accept("web1", B);
        Assert.IsType<Refused>(_master.Open(version2));
    }

    [Fact]
    public void A_token_below_version_3_is_verified_where_there_is_one()
    {
        MapValue load = MapValue.Of(("cmd", "_return"), ("id", "web1"), ("nonce", Crypticle.NewNonce()));
        Assert.Null(Assert.IsType<SealedRequest>(_master.Open(Version2(load))).Identity);
        Assert.Equal("web1", Assert.IsType<SealedRequest>(_master.Open(Version2(load.With("tok", TokenA)))).Identity?.Text);
        foreach (var bad in new[] { load.With("tok", TokenB), load.With("tok", "x"), load.With("tok", Value.Null), load.With("tok", TokenA).With("id", "web2"), load.With("tok", TokenA).Without("id"), load.With("tok", TokenA).With("id", "nobody") })
        {
            var reply = Assert.IsType<Refused>(_master.Open(Version2(bad))).Reply;
            Assert.Equal(CrypticleResult.Opened, _master.Epoch.TryOpen(MsgpackBytes.BytesOf(Msgpack.Unpack(reply, MsgpackDialect.Wire))!.Value, load.TextOf("nonce"), out var said));
            Recorded.Same(MapValue.Empty, said);
        }
    }

    [Fact]
    public void The_epoch_before_is_understood_while_the_master_keeps_it()
    {
        var frame = Version2(MapValue.Of(("cmd", "_return"), ("id", "web1")));
        var before = _master.Epoch;
        (_master.Epoch, _master.EpochBefore) = (new Crypticle(Crypticle.NewKeyString()), before);
        Assert.Same(before, Assert.IsType<SealedRequest>(_master.Open(frame)).Key);
        _master.EpochBefore = null;
        Assert.Equal(Refused.BadLoad, Assert.IsType<Refused>(_master.Open(frame)).Reply);
    }

    [Fact]
    public void An_old_request_is_refused_where_the_master_sets_a_limit()
    {
        MapValue load = MapValue.Of(("cmd", "_return"), ("tok", TokenA), ("id", "web1"));
        (Value? Ts, bool IsIn)[] rows = [(Now, true), (Now - 30, true), (Now - 31, false), (Now + 3600, true), (Now - 30.5, false), ("x", false), (null, false), (Value.Null, false), (double.NaN, false), (double.NegativeInfinity, false), (0, false)];
        var strict = Master(0, ttlSeconds: 30);
        foreach (var (ts, isIn) in rows)
        {
            var full = ts is null ? load : load.With("ts", ts);
            Assert.True(_master.Open(Version3("web1", full)) is SealedRequest, $"no limit, ts {ts}");
            var opened = strict.Open(Version3("web1", full, key: strict.Session(MinionId.Parse("web1"))));
            Assert.True(opened is SealedRequest == isIn, $"limit of 30 s, ts {ts}");
        }
    }

    [Fact]
    public void A_nonce_that_is_none_is_not_repeated()
    {
        foreach (var nonce in new Value[] { "short", 5, new string('é', 32), new string('x', 5000) })
        {
            var request = Assert.IsType<SealedRequest>(_master.Open(Version2(MapValue.Of(("cmd", "_pillar"), ("id", "web1"), ("nonce", nonce)))));
            Assert.Null(request.Nonce);
            Recorded.Same(MapValue.Of(("error", "Nonce not included in request")), Msgpack.Unpack(request.SealPillar(MapValue.Empty, A.Public, _master.Pair), MsgpackDialect.Wire));
        }
    }

    [Fact]
    public void Every_frame_that_is_changed_somewhere_is_answered_and_never_thrown_at()
    {
        var frames = RecordedFrames();
        Assert.True(frames.Length > 100);
        Gen.Select(Gen.Int[0, frames.Length - 1], Gen.Int[0, 100_000], Gen.Byte, Gen.Int[0, 3]).Sample((which, where, what, how) =>
        {
            var frame = frames[which].ToArray();
            var place = where % frame.Length;
            byte[] changed = how switch
            {
                0 => [.. frame[..place], what, .. frame[(place + 1)..]],
                1 => frame[..place],
                2 => [.. frame[..place], what, .. frame[place..]],
                _ => [.. frame[..place], .. frame[Math.Min(place + what, frame.Length)..]],
            };
            Answer(changed);
        }, iter: 4000);
    }

    [Fact]
    public void Any_bytes_are_answered_and_never_thrown_at() => Gen.Byte.Array[0, 300].Sample(bytes => Answer(bytes), iter: 2000);

    [Fact]
    public void Any_load_is_answered_and_never_thrown_at() => MsgpackSpecs.AnyValue(MsgpackDialect.Wire, 2).Sample(value =>
    {
        foreach (var enc in new Value[] { "clear", "aes", value })
            foreach (var load in new[] { value, _master.Epoch.Seal(value), _master.Session(MinionId.Parse("web1"))!.Seal(value) })
                Answer(Pack(MapValue.Of(("enc", enc), ("load", load), ("version", 3), ("id", "web1"), ("sig_algo", value), ("enc_algo", value))));
    }, iter: 300);

    [Fact]
    public void A_frame_costs_no_more_than_it_weighs()
    {
        const int bytes = 1_000_000;
        byte[][] frames =
        [
            [0xDD, 0x00, 0x0F, 0x42, 0x00, .. Enumerable.Repeat((byte)0xC1, bytes)],
            [0xDF, 0x7F, 0xFF, 0xFF, 0xFF, .. new byte[bytes]],
            [0xDB, 0x7F, 0xFF, 0xFF, 0xFF, .. new byte[bytes]],
            [0xC9, 0x7F, 0xFF, 0xFF, 0xFF, 79, .. new byte[bytes]],
            [.. Enumerable.Repeat((byte)0x91, bytes)],
        ];
        foreach (var frame in frames)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.IsType<Refused>(_master.Open(frame));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * bytes);
        }
    }

    // Opening never throws, and whatever comes out can be answered.
    private void Answer(byte[] frame)
    {
        var reply = _master.Open(frame) switch
        {
            Refused refused => refused.Reply,
            ClearRequest { Command: "_auth" } clear => SignInOffer.Read(clear).Refusal ?? clear.SignedAuthReply(SignInReply.Unaccepted(SignInOffer.Read(clear), false), _master.Pair),
            ClearRequest clear => clear.PlainReply(clear.Load),
            SealedRequest request => request.SealReply(Value.Null),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
        Assert.NotEmpty(reply);
        Msgpack.Unpack(reply, MsgpackDialect.Wire);
    }

    private static byte[][] RecordedFrames()
    {
        var frames = new List<byte[]>();
        foreach (var file in new[] { "auth-outcomes", "aes-requests", "clear-funcs", "v3-session", "minion-session" })
        {
            using var recorded = GoldenData.Read($"wire/{file}.json");
            foreach (var one in recorded.RootElement.GetProperty("cases").EnumerateArray())
                foreach (var field in new[] { "request_b64", "frame_b64" })
                    if (one.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String) frames.Add(text.GetBytesFromBase64());
        }
        return [.. frames];
    }

    private byte[] Version3(string envelopeId, MapValue? load, string? sealer = null, Crypticle? key = null)
    {
        key ??= _master.Session(MinionId.Parse(sealer ?? envelopeId))!;
        return Pack(MapValue.Of(("enc", "aes"), ("load", key.Seal(load is null ? 5 : load)), ("version", 3), ("id", envelopeId)));
    }

    private byte[] Version2(MapValue load) => Pack(MapValue.Of(("enc", "aes"), ("load", _master.Epoch.Seal(load)), ("version", 2)));

    private static byte[] Pack(Value value) => Msgpack.Pack(value, MsgpackDialect.Wire);
}
