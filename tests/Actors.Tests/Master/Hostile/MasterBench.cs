using System.Collections.Immutable;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Actors.Master;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Modules;
using SaltActors.Transport;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.InMemory;
using SaltActors.Transport.Ipc;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Tests.Master.Hostile;

/// <summary>A whole master in a folder of its own, and the means to speak with it as minions and strangers do.</summary>
internal sealed class MasterBench : IAsyncDisposable
{
    private static readonly Lazy<RsaKeyPair> Keys = new(() => RsaKeyPair.Generate(2048)), Others = new(() => RsaKeyPair.Generate(2048));
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();
    private readonly ITransport _transport;
    private MasterDaemon _master = null!;
    private IRequester _requester = null!;

    private MasterBench(ITransport transport) => _transport = transport;

    public static RsaKeyPair MinionKeys => Keys.Value;
    public static RsaKeyPair StrangerKeys => Others.Value;

    public static Task<MasterBench> Start(ITransport? transport = null, params (string, Value)[] options) => StartWith(transport, start => start, options);

    /// <summary>Starts a master of which something is another one's than in most specs.</summary>
    public static async Task<MasterBench> StartWith(ITransport? transport, Func<MasterStart, MasterStart> change, params (string, Value)[] options)
    {
        var bench = new MasterBench(transport ?? new InMemoryTransport());
        bench._master = await MasterDaemon.StartAsync(change(new MasterStart
        {
            Options = MapValue.Of(
                ("interface", "127.0.0.1"), ("publish_port", 0), ("ret_port", 0), ("pki_dir", bench.Under("pki")), ("cachedir", bench.Under("cache")), ("sock_dir", bench.Under("run")),
                ("minimum_auth_version", 0), ("user", "root")).Over(MapValue.Of(options)),
            Hocon = HoconLayers.Load("test", "master"),
            Functions = new FunctionTable(DeclaredFunctions.All),
            Transport = bench._transport,
            Minions = _ => new NoMinions(),
        }));
        bench._requester = bench._transport.Connect(bench._master.RequestAddress, PortLimits.Default);
        return bench;
    }

    public string RequestAddress => _master.RequestAddress;
    public System.Net.IPEndPoint? MetricsAddress => _master.MetricsAddress;

    public string Under(params ReadOnlySpan<string> parts) => _folder.Under(parts);
    public string MasterKey => File.ReadAllText(Under("cache", ".root_key"));

    /// <summary>Every file below a folder with its content: what must not change.</summary>
    public ImmutableSortedDictionary<string, string> Picture(string folder) => Directory.EnumerateFiles(Under(folder), "*", SearchOption.AllDirectories)
        .ToImmutableSortedDictionary(f => f, f => Convert.ToBase64String(File.ReadAllBytes(f)));

    public void Accept(string id, RsaKeyPair? keys = null) => File.WriteAllText(Under("pki", "minions", id), (keys ?? MinionKeys).PublicPem);

    /// <summary>Signs a minion in whose key is accepted.</summary>
    public async Task<MasterSession> SignIn(string id, int version = 3, RsaKeyPair? keys = null)
    {
        var signIn = new SignIn(Identity(id, keys), new MasterTrust(null), version, MapValue.Empty);
        return Assert.IsType<SignInOutcome.Accepted>(signIn.Read(await Ask(signIn.Frame))).Session;
    }

    public static ClientIdentity Identity(string id, RsaKeyPair? keys = null) => new(MinionId.Parse(id), keys ?? MinionKeys);

    public async Task<byte[]> Ask(byte[] frame) => (await _requester.RequestAsync(frame, Soon, CancellationToken.None)).ToArray();

    public async Task<Value> AskClear(MapValue load, int version = 2) =>
        Msgpack.Unpack(await Ask(Msgpack.Pack(MapValue.Of(("enc", "clear"), ("load", load), ("version", version)), MsgpackDialect.Wire)), MsgpackDialect.Wire);

    /// <summary>Asks as a minion; the answer opened, or as it is where it is not sealed.</summary>
    public async Task<Value> AskSealed(MasterSession session, MapValue load)
    {
        // Version 2 brings its token in the load, where the command wants one.
        if (session.Version == 2 && !load.Has("tok") && load.TextOf("cmd") != "_return") load = load.With("tok", session.Token);
        var question = session.Seal(load, TimeProvider.System);
        return Read(session, question, await Ask(question.Frame));
    }

    /// <summary>Calls a wheel function as root; its whole answer.</summary>
    public async Task<MapValue> Wheel(string function, params (string, Value)[] arguments)
    {
        var load = MapValue.Of(("cmd", "wheel"), ("fun", function), ("user", "root"), ("key", MasterKey)).Over(MapValue.Of(arguments));
        return Assert.IsType<MapValue>(await AskClear(load)).MapOf("data");
    }

    /// <summary>Calls a runner as root; what the bus is told of its end.</summary>
    public async Task<MapValue> Run(string function, MapValue? keywords = null, params Value[] arguments)
    {
        using var limit = new CancellationTokenSource(Soon);
        await using var stream = await UnixEventStream.ConnectAsync(Under("run", "master_event_pub.ipc"), limit.Token);
        await FireUntilHeard(stream, "spec/begin", []);
        var load = MapValue.Of(("cmd", "runner"), ("fun", function), ("arg", ListValue.From(arguments)), ("kwarg", keywords ?? MapValue.Empty), ("user", "root"), ("key", MasterKey));
        var end = Assert.IsType<MapValue>(await AskClear(load)).TextOf("tag") + "/ret";
        await foreach (var one in stream.Events.ReadAllAsync(limit.Token))
            if (one.Tag == end) return one.Data;
        throw new InvalidOperationException($"the bus ended before {end}");
    }

    public static Value Read(MasterSession session, SealedQuestion question, byte[] reply)
    {
        var reading = session.OpenReply(question, reply);
        return reading.Result == SessionResult.Opened ? reading.Value : Msgpack.Unpack(reply, MsgpackDialect.Wire);
    }

    /// <summary>The tags of everything that the bus carries while something is done; ended by an event of our own.</summary>
    /// <param name="until">What has to come before it ends, where that takes its own way behind what is done.</param>
    public async Task<List<SaltEvent>> HeardWhile(Func<Task> doing, Func<SaltEvent, bool>? until = null)
    {
        await using var stream = await UnixEventStream.ConnectAsync(Under("run", "master_event_pub.ipc"), CancellationToken.None);
        // A stream hears from the moment on when it hears itself.
        await FireUntilHeard(stream, "spec/begin", []);
        await doing();
        var heard = new List<SaltEvent>();
        using var limit = new CancellationTokenSource(Soon);
        while (until is not null && (heard.Count == 0 || !until(heard[^1]))) heard.Add(await stream.Events.ReadAsync(limit.Token));
        heard.RemoveAll(e => e.Tag.StartsWith("spec/", StringComparison.Ordinal));
        await FireUntilHeard(stream, "spec/end", heard);
        return heard;
    }

    // What is sent before the bus has taken the stream in is lost to it: it is sent until it comes.
    private async Task FireUntilHeard(UnixEventStream stream, string tag, List<SaltEvent> before)
    {
        using var limit = new CancellationTokenSource(Soon);
        using var heard = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var firing = FireOften(tag, heard.Token);
        await foreach (var one in stream.Events.ReadAllAsync(limit.Token))
            if (one.Tag == tag)
            {
                await heard.CancelAsync();
                await firing;
                return;
            }
            else if (!one.Tag.StartsWith("spec/", StringComparison.Ordinal)) before.Add(one);
        Assert.Fail($"the bus ended before {tag}");
    }

    private async Task FireOften(string tag, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            do await UnixEventSender.SendAsync(Under("run", "master_event_pull.ipc"), new SaltEvent(tag, MapValue.Empty), 1 << 20, stop);
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was heard, or the time is over: the reader says which.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _requester.DisposeAsync();
        await _master.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class NoMinions : IMinionCalls
    {
        public Task<MinionAnswers> CallAsync(JobRequest request, TimeSpan timeout, TimeSpan gatherTimeout, CancellationToken stop) =>
            Task.FromResult(new MinionAnswers(null, [], ImmutableDictionary<MinionId, string>.Empty));
        public Task<ImmutableArray<MinionId>> ConnectedAsync(CancellationToken stop) => Task.FromResult(ImmutableArray<MinionId>.Empty);
    }
}
