using System.Collections.Immutable;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Core.Functions;

/// <summary>What one call may know and reach: the only way from a function to the outside.</summary>
public sealed class CallContext
{
    public required FunctionTable Functions { get; init; }
    /// <summary>The configuration of the daemon or command that runs the call.</summary>
    public required MapValue Options { get; init; }
    /// <summary>The grains; collected on first use where <see cref="GrainsLater"/> says how.</summary>
    public MapValue Grains
    {
        get => GrainsLater is { } later ? later.Value : field;
        init;
    } = MapValue.Empty;
    /// <summary>For a call that may never look at the grains, so that it need not wait for them.</summary>
    public Lazy<MapValue>? GrainsLater { get; init; }
    /// <summary>The pillar; compiled on first use where <see cref="PillarLater"/> says how.</summary>
    public MapValue Pillar
    {
        get => PillarLater is { } later ? later.Value : field;
        init;
    } = MapValue.Empty;
    /// <summary>For a call that may never look at the pillar, so that it need not wait for it.</summary>
    public Lazy<MapValue>? PillarLater { get; init; }
    /// <summary>
    /// The load that caused the call: the publish fields of a job; <c>fun</c>, <c>jid</c>, <c>pid</c> and <c>tgt</c> (<c>salt-call</c>)
    /// of a call from this machine. Empty where no person or API asked for it: then <c>cmd.run</c> does not go through a shell.
    /// </summary>
    public MapValue Publish { get; init; } = MapValue.Empty;
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>Ends when the job is told to stop, or the daemon goes down.</summary>
    public CancellationToken Stopped { get; init; }
    public CallServices Services { get; init; } = CallServices.None;
    /// <summary>What functions of one call, or of one run of states, remember for each other.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, Value> Memory { get; init; } = new(StringComparer.Ordinal);
    /// <summary>The code that the job will carry; a function sets it where a result alone does not tell failure.</summary>
    public int Retcode { get; set; }

    public string MinionId => Options.TextOf("id") ?? "";
    public string? Jid => Publish.TextOf("jid");
    /// <summary>Test mode: what would change is told, and nothing is changed.</summary>
    public bool IsTest => Options.Get("test") is { IsTruthy: true };

    /// <summary>The same surroundings for calls that no person asked for: of a template, of a state. They have a code of their own.</summary>
    public CallContext ForInnerCalls(MapValue? pillar = null) => new()
    {
        Functions = Functions,
        Options = Options,
        Grains = GrainsLater is null ? Grains : MapValue.Empty,
        GrainsLater = GrainsLater,
        Pillar = pillar ?? (PillarLater is null ? Pillar : MapValue.Empty),
        PillarLater = pillar is null ? PillarLater : null,
        Clock = Clock,
        Stopped = Stopped,
        Services = Services,
        Memory = Memory,
    };

    /// <summary>Calls another execution function by name, with values in places.</summary>
    public ValueTask<Value> Call(string name, params ReadOnlySpan<Value> arguments) => Call(name, CallArguments.Of(arguments));

    /// <exception cref="CommandFailed">There is no such function.</exception>
    public ValueTask<Value> Call(string name, CallArguments arguments)
    {
        var function = Functions.Find(FunctionKind.Execution, name) ?? throw new CommandFailed($"'{name}' is not available.");
        return function.Body(this, BoundArguments.Bind(function, arguments));
    }
}

/// <summary>The doors behind a <see cref="CallContext"/>. One that is null does not exist where the call runs.</summary>
public sealed record CallServices
{
    public static readonly CallServices None = new();
    public IRunningJobs? RunningJobs { get; init; }
    public ICachedJobs? CachedJobs { get; init; }
    /// <summary>Programs that functions have started and that still run; the one who stops a job ends them through this.</summary>
    public ChildProcesses Children { get; init; } = new();
    public IEventSender? Events { get; init; }
    public IFileSource? Files { get; init; }
    public IPillarSource? Pillars { get; init; }
    public IGrainsFile? GrainsFile { get; init; }
    public IJobQueries? Jobs { get; init; }
    public IMinionCalls? Minions { get; init; }
    public IKeyQueries? Keys { get; init; }
    public IMasterKeys? MasterKeys { get; init; }
    public IMasterCache? MasterCache { get; init; }
    public IMasterState? MasterState { get; init; }
    public ITokens? Tokens { get; init; }
    public ITargetQueries? Targets { get; init; }
    public IClusterQueries? Cluster { get; init; }
    public IDaemonControl? Daemon { get; init; }
    public IMasterCommands? Master { get; init; }
    public Schedules.IScheduleControl? Schedule { get; init; }
    public IMessageLog? Log { get; init; }

    /// <exception cref="FunctionUnavailable">The door is missing here.</exception>
    public static T Need<T>(T? door, string reason) where T : class => door ?? throw new FunctionUnavailable(reason);
}

/// <summary>The jobs that run on this minion right now.</summary>
public interface IRunningJobs
{
    /// <summary>One map a job: the publish fields and <c>pid</c>.</summary>
    Task<ImmutableArray<MapValue>> ListAsync(CancellationToken stop);
    /// <summary>Asks a job to end (<paramref name="signal"/> 15) or ends it at once (9), its child processes included. False where there is no such job.</summary>
    Task<bool> SignalAsync(string jid, int signal, CancellationToken stop);
}

/// <summary>Returns that the minion keeps for itself (<c>cache_jobs: True</c>).</summary>
public interface ICachedJobs
{
    /// <summary>The return as it was sent, or null where none is kept.</summary>
    Task<MapValue?> FindAsync(string jid, CancellationToken stop);
}

/// <summary>Sends events: to the bus of this daemon, and on to the master.</summary>
public interface IEventSender
{
    Task<bool> FireAsync(SaltEvent @event, CancellationToken stop);
    Task<bool> FireMasterAsync(SaltEvent @event, CancellationToken stop);
}

/// <summary>The minion's own grains file beside its configuration, for functions that set grains.</summary>
public interface IGrainsFile
{
    /// <summary>What the file says; empty where there is none, or where it does not hold a map.</summary>
    /// <exception cref="CommandFailed">The file is not YAML, or may not be read.</exception>
    MapValue Read();
    /// <summary>Puts these grains in the place of the file, in one step.</summary>
    /// <exception cref="CommandFailed">The file may not be written.</exception>
    void Write(MapValue grains);
}

/// <summary>The file server, wherever it is: at the master, or these folders of the machine itself (<c>file_client: local</c>).</summary>
/// <remarks>Names are relative to the roots of their environment, as <c>web/nginx.conf</c>.</remarks>
public interface IFileSource
{
    /// <summary>A local copy's path, or null where no such file exists.</summary>
    /// <param name="url"><c>salt://web/nginx.conf</c>; <c>?saltenv=dev</c> behind it names another environment.</param>
    Task<string?> CacheAsync(string url, string saltenv, CancellationToken stop);

    Task<ImmutableArray<string>> EnvironmentsAsync(CancellationToken stop);

    /// <summary>Names that begin with the prefix, sorted.</summary>
    Task<ImmutableArray<string>> ListAsync(FileListing what, string saltenv, string prefix, CancellationToken stop);

    /// <summary>Symbolic links: name → where it points.</summary>
    Task<MapValue> LinksAsync(string saltenv, string prefix, CancellationToken stop);

    /// <summary><c>{hash_type, hsum}</c>, or null where no such file exists.</summary>
    Task<MapValue?> HashAsync(string path, string saltenv, CancellationToken stop);

    /// <summary>The ten numbers of Python's <c>os.stat</c>, or null where no such file exists.</summary>
    Task<ListValue?> StatusAsync(string path, string saltenv, CancellationToken stop);

    /// <summary>The options that the file server's own configuration gives to state runs, as <c>env_order</c>, <c>jinja_env</c> and <c>nodegroups</c>.</summary>
    Task<MapValue> OptionsAsync(CancellationToken stop);
}

/// <summary>What is listed of the file server.</summary>
public enum FileListing { Files, Folders, EmptyFolders }

/// <summary>Whose pillar is asked for, and with what.</summary>
/// <param name="SaltEnv">The environment of the states; null for none in particular.</param>
/// <param name="PillarEnv">Only this environment of the pillar; null for all.</param>
/// <param name="Override">What is laid over the result, the <c>pillar=</c> of a call.</param>
public sealed record PillarQuestion(MinionId Id, MapValue Grains, string? SaltEnv, string? PillarEnv, MapValue Override);

/// <summary>Compiles pillars: at the master, or from folders of the machine itself.</summary>
public interface IPillarSource
{
    /// <summary>The pillar. What could not be rendered stands in its <c>_errors</c>, a list of texts.</summary>
    /// <exception cref="CommandFailed">There is no answer to be had; the message says why.</exception>
    Task<MapValue> CompileAsync(PillarQuestion question, CancellationToken stop);
}

/// <summary>A published job with what came back, as the job runner needs it.</summary>
public sealed record JobRecord(Jid Jid, MapValue Load, ImmutableArray<MinionId> Expected, ImmutableArray<MinionReturn> Returns, DateTimeOffset? Ended);

/// <summary>The master's job store, for runners.</summary>
public interface IJobQueries
{
    Task<JobRecord?> FindAsync(Jid jid, CancellationToken stop);
    /// <summary>Every job that is kept, the oldest first, without its returns.</summary>
    Task<ImmutableArray<JobRecord>> ListAsync(CancellationToken stop);
}

/// <summary>Runs functions on minions, from the master: what <c>salt</c> does, for runners.</summary>
public interface IMinionCalls
{
    /// <summary>Publishes and collects until all expected minions answered or are known not to.</summary>
    Task<MinionAnswers> CallAsync(JobRequest request, TimeSpan timeout, TimeSpan gatherTimeout, CancellationToken stop);
    /// <summary>The ids that the presence table holds to be connected.</summary>
    Task<ImmutableArray<MinionId>> ConnectedAsync(CancellationToken stop);
}

/// <summary>What came of a call to many minions.</summary>
/// <param name="Silent">Minion to the reason why nothing came, as a person would say it.</param>
public sealed record MinionAnswers(Jid? Jid, ImmutableArray<MinionReturn> Returns, ImmutableDictionary<MinionId, string> Silent);

/// <summary>The master's key store, for runners and wheel functions.</summary>
public interface IKeyQueries
{
    /// <summary>Ids by state: <c>minions</c>, <c>minions_denied</c>, <c>minions_pre</c>, <c>minions_rejected</c>; sorted.</summary>
    Task<MapValue> ListAsync(CancellationToken stop);
}

/// <summary>The minions that a target means, as the master knows them, for runners.</summary>
public interface ITargetQueries
{
    /// <summary>Whom a job with this target would wait for: sorted, a list in its own order. Empty where the target means nobody or nothing.</summary>
    ImmutableArray<MinionId> Match(Value target, string targetType, string delimiter);
}

/// <summary>The master's own tree, for <c>salt-run cluster.tree</c>.</summary>
public interface IClusterQueries
{
    /// <summary>Actors as a tree of maps: <c>name</c>, <c>type</c>, <c>mailbox</c> (messages waiting), <c>restarts</c>, <c>children</c>.</summary>
    Task<MapValue> TreeAsync(CancellationToken stop);
}

/// <summary>The daemon's own state that functions may have refreshed.</summary>
public interface IDaemonControl
{
    /// <summary>Collects the grains anew.</summary>
    Task RefreshGrainsAsync(CancellationToken stop);
}

/// <summary>Commands of the wire to the master that this minion belongs to, as <c>_mine_get</c>.</summary>
public interface IMasterCommands
{
    /// <summary>Sends one command and waits for its answer. The door adds <c>id</c>, and what proves who asks.</summary>
    /// <param name="load">The command's fields, <c>cmd</c> among them.</param>
    /// <returns>What the master answers; null (C#'s) where it does not answer, or not in a way that can be believed.</returns>
    Task<Value?> AskAsync(MapValue load, TimeSpan timeout, CancellationToken stop);
}

/// <summary>How much a message in the log matters.</summary>
public enum LogSeverity { Debug, Info, Warning, Error, Critical }

/// <summary>The log of the daemon or command that runs the call.</summary>
public interface IMessageLog
{
    void Write(LogSeverity severity, string message);
}
