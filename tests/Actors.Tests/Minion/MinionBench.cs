using Akka.Configuration;
using SaltActors.Actors.Daemon.Logging;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Actors.Minion;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Modules;
using SaltActors.Rendering.Arguments;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.InMemory;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Tests.Minion;

/// <summary>Minions on a folder of one test, with all declared functions and a few of its own, and a master to talk to.</summary>
internal sealed class MinionBench : IAsyncDisposable
{
    private static readonly RsaKeyPair MinionPair = RsaKeyPair.Generate();
    private readonly TemporaryFolder _folder = new();
    private readonly List<MinionDaemon> _minions = [];
    private MasterDouble? _master;

    public MinionBench()
    {
        Directory.CreateDirectory(PkiDir);
        PrivateFiles.Write(Path.Combine(PkiDir, "minion.pem"), MinionPair.PrivatePem, isReadOnly: true);
    }

    public InMemoryTransport Transport { get; } = new();
    public MasterDouble Master => _master ??= new MasterDouble(Transport);
    public string CacheDir => _folder.Under("cache");
    public string PkiDir => _folder.Under("pki");
    public string LogPath => _folder.Under("log");
    public MapValue Grains { get; set; } = MapValue.Of(("os", "Debian"), ("roles", ListValue.Create(["web"])));
    public ReturnerTable Returners { get; set; } = ReturnerTable.Empty;
    public int GrainsCollected { get; private set; }

    /// <summary>Done when the minion says for the first time that nothing is to be done.</summary>
    public TaskCompletionSource Rests { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the name service knows.</summary>
    public Func<string, CancellationToken, Task<bool>> Resolves { get; set; } = (_, _) => Task.FromResult(true);

    /// <summary>Done when the function <c>spec.mark</c> was called.</summary>
    public TaskCompletionSource Marked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the function <c>spec.hold</c>, which listens to nothing else.</summary>
    public TaskCompletionSource Hold { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<MinionDaemon> Start(params (string, Value)[] options)
    {
        _ = Master;
        var minion = await MinionDaemon.StartAsync(new MinionStart
        {
            Options = MapValue.Of(
                ("id", "web1"), ("pki_dir", PkiDir), ("cachedir", CacheDir), ("sock_dir", _folder.Under("run")),
                ("acceptance_wait_time", 0.05), ("auth_timeout", 1), ("auth_tries", 2), ("recon_default", 20), ("recon_max", 50)).Over(MapValue.Of(options)),
            Hocon = SaltLogger.Settings("quiet", LogPath, "debug").SafeWithFallback(HoconLayers.Load("test", "minion")),
            Functions = new FunctionTable([.. DeclaredFunctions.All, .. Own()]),
            Transport = Transport,
            Grains = (_, _) =>
            {
                GrainsCollected++;
                return Task.FromResult(Grains);
            },
            ParseArguments = ArgumentText.ParseReceived,
            Returners = Returners,
            AtRest = () => Rests.TrySetResult(),
            Resolves = Resolves,
        });
        _minions.Add(minion);
        return minion;
    }

    /// <summary>A minion that is ready for jobs.</summary>
    public async Task<MinionDaemon> StartReady(params (string, Value)[] options)
    {
        var minion = await Start(options);
        await Master.UntilReady();
        return minion;
    }

    /// <summary>Another master takes the place of the first.</summary>
    public async Task<MasterDouble> ReplaceMaster(RsaKeyPair? pair = null)
    {
        await Master.DisposeAsync();
        return _master = new MasterDouble(Transport, pair);
    }

    /// <summary>The permissions of a file, where the system has such.</summary>
    public static UnixFileMode? ModeOf(string path) => OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);

    public async Task UntilLogged(string text)
    {
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var left = 1000; left > 0 && await every.WaitForNextTickAsync(); left--)
            if (Log().Contains(text, StringComparison.Ordinal)) return;
        Assert.Fail($"'{text}' was not logged:\n{Log()}");
    }

    public string Log()
    {
        if (!File.Exists(LogPath)) return "";
        using var reader = new StreamReader(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private FunctionSpec[] Own() =>
    [
        new(FunctionKind.Execution, "spec.hold", "", [], null, async (_, _) =>
        {
            await Hold.Task;
            return "held";
        }),
        new(FunctionKind.Execution, "spec.fire", "", [], null, async (context, _) =>
            await context.Services.Events!.FireMasterAsync(new SaltEvent("my/tag", MapValue.Of(("n", 1))), context.Stopped)),
        new(FunctionKind.Execution, "spec.fire_by_bus", "", [], null, async (context, _) => await context.Services.Events!.FireAsync(
            new SaltEvent("fire_master", MapValue.Of(("tag", "my/tag"), ("data", MapValue.Of(("n", 1))))), context.Stopped)),
        new(FunctionKind.Execution, "spec.mark", "", [], null, (_, _) =>
        {
            Marked.TrySetResult();
            return ValueTask.FromResult<Value>("marked");
        }),
        new(FunctionKind.Execution, "spec.pillar", "", [], null, (context, _) => ValueTask.FromResult<Value>(context.Pillar)),
    ];

    public async Task StopAll()
    {
        foreach (var minion in _minions) await minion.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Hold.TrySetResult();
        await StopAll();
        await Master.DisposeAsync();
        _folder.Dispose();
    }
}
