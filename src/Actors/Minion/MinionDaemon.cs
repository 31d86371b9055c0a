using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using SaltActors.Actors.Daemon.Logging;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Actors.Minion.Returns;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Functions;
using SaltActors.Core.Returners;
using SaltActors.Core.Schedules;
using SaltActors.Core.Values;
using SaltActors.States.Files;
using SaltActors.Transport;
using SaltActors.Transport.Ipc;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Minion;

/// <summary>What a program gives to have a minion run.</summary>
public sealed record MinionStart
{
    /// <summary>Salt's configuration with all defaults filled in, the id included.</summary>
    public required MapValue Options { get; init; }
    public required Config Hocon { get; init; }
    public required FunctionTable Functions { get; init; }
    public required ITransport Transport { get; init; }
    public required GrainsSource Grains { get; init; }
    /// <summary>Splits a load's arguments; text of the form <c>name=value</c> becomes a keyword.</summary>
    public required Func<ListValue, CallArguments> ParseArguments { get; init; }
    /// <summary>Doors that the program brings, as the static grains file.</summary>
    public CallServices Services { get; init; } = CallServices.None;
    public ReturnerTable Returners { get; init; } = ReturnerTable.Empty;
    /// <summary>Called where nothing is to be done for a while: the minion has settled, or its last job ended some time ago. Must return at once.</summary>
    public Action AtRest { get; init; } = () => { };
    /// <summary>Whether the name service knows a host.</summary>
    public Func<string, CancellationToken, Task<bool>> Resolves { get; init; } = (_, _) => Task.FromResult(true);
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>A running minion. Disposing it stops it cleanly: jobs are ended, and what cannot be told to the master now is told at the next start.</summary>
public sealed class MinionDaemon : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly IActorRef _tree;
    private readonly IEventPort _events;
    private readonly ImmutableArray<MasterConversation> _conversations;
    private readonly MinionSettings _settings;
    private readonly TaskCompletionSource<int> _stopped;
    private int _isDisposed;

    private MinionDaemon(ActorSystem system, IActorRef tree, IEventPort events, ImmutableArray<MasterConversation> conversations, MinionSettings settings, TaskCompletionSource<int> stopped) =>
        (_system, _tree, _events, _conversations, _settings, _stopped) = (system, tree, events, conversations, settings, stopped);

    /// <summary>Ends by itself only where there is no use in going on; its value is the program's exit code. 0 after <see cref="DisposeAsync"/>.</summary>
    public Task<int> Stopped => _stopped.Task;

    /// <summary>Starts the minion. It stands when the task ends, but has not signed in yet: that may take as long as the master wants.</summary>
    /// <exception cref="FormatException">An option cannot be used.</exception>
    /// <exception cref="MinionKeysBroken">The minion's keys cannot be read or made.</exception>
    /// <exception cref="PortUnavailable">Another minion runs with the same sockets.</exception>
    public static async Task<MinionDaemon> StartAsync(MinionStart start)
    {
        var options = MinionOptions.From(start.Options);
        var settings = MinionSettings.From(start.Hocon);
        var keys = new MinionKeys(options);
        // Making a key takes up to seconds: the rest is set up meanwhile.
        var identity = Task.Run(keys.LoadOrMake);
        var events = OpenEvents(options, settings);
        ActorSystem? system = null;
        try
        {
            system = ActorSystem.Create("salt-minion", start.Hocon);
            var own = await identity.ConfigureAwait(false);
            ImmutableArray<MinionOptions> each = options.Mode == MasterMode.All ? [.. options.Masters.Select(options.At)] : [options];
            ImmutableArray<MasterConversation> conversations = [.. each.Select(o => new MasterConversation(start.Transport, o, own, keys, start.Clock))];
            foreach (var warning in UnusedOptions.In(options.All)) system.Log.Warning(warning);
            var stopped = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            var tree = StartTree(start, each, events, keys, conversations, system, stopped);
            return new MinionDaemon(system, tree, events, conversations, settings, stopped);
        }
        catch
        {
            if (system is not null) await system.Terminate().ConfigureAwait(false);
            await events.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static IActorRef StartTree(MinionStart start, ImmutableArray<MinionOptions> each, IEventPort events, MinionKeys keys, ImmutableArray<MasterConversation> conversations,
        ActorSystem system, TaskCompletionSource<int> stopped)
    {
        var options = each[0];
        var doors = new MinionDoors(conversations);
        var cache = options.CacheJobs ? new JobCache(options.CacheDir) : null;
        var services = start.Services with
        {
            RunningJobs = doors,
            Events = doors,
            Daemon = doors,
            Master = doors,
            Log = new MessageLog(system.Log),
            CachedJobs = cache,
            Schedule = doors,
            Files = start.Services.Files ?? new MasterFiles(doors, options.CacheDir),
            Pillars = start.Services.Pillars ?? doors,
        };
        var parts = new MinionParts
        {
            Options = options,
            Transport = start.Transport,
            EventPort = events,
            Keys = keys,
            Conversation = conversations[0],
            Functions = ModuleChoice.Of(start.Functions, options.All),
            Grains = start.Grains,
            ParseArguments = start.ParseArguments,
            Services = services,
            Proc = new ProcFolder(options.CacheDir),
            Spool = new ReturnSpool(options.CacheDir),
            Cache = cache,
            Returners = ModuleChoice.Of(start.Returners, options.All),
            AtRest = start.AtRest,
            Resolves = start.Resolves,
            KeepSchedule = ScheduleFilePath.For(options.All) is { } path ? schedule => ScheduleFile.Write(path, schedule) : _ => { },
            Clock = start.Clock,
        };
        // A job's questions go to the master that asked for it.
        var others = each.Skip(1).Select((o, n) =>
        {
            var own = MinionDoors.At(conversations[n + 1]);
            return parts with
            {
                Options = o,
                Conversation = conversations[n + 1],
                IsFirst = false,
                Spool = new ReturnSpool(o.CacheDir, $"-{o.Master.Replace(':', '_')}_{o.MasterPort}"),
                Services = services with { Master = own, Files = start.Services.Files ?? new MasterFiles(own, o.CacheDir), Pillars = start.Services.Pillars ?? own },
            };
        });
        var tree = system.ActorOf(MinionTree.Props(parts with { OtherMasters = [.. others] }, code => stopped.TrySetResult(code)), "minion");
        doors.Open(tree);
        return tree;
    }

    private static UnixEventPort OpenEvents(MinionOptions options, MinionSettings settings)
    {
        try
        {
            Directory.CreateDirectory(options.SockDir);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PortUnavailable($"the folder {options.SockDir} (sock_dir) cannot be made: {cause.Message}", cause);
        }
        return UnixEventPort.Open(new EventPortSettings
        {
            PublishPath = Path.Combine(options.SockDir, WireNames.MinionEventPublish(options.Id.Text, options.HashType)),
            PullPath = Path.Combine(options.SockDir, WireNames.MinionEventPull(options.Id.Text, options.HashType)),
            QueuedPerReader = settings.QueuedPerReader,
            MaxEventBytes = options.MaxEventSize,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        if (await Asked<JobsProtocol.AllStopped>(new JobsProtocol.StopAll(), "jobs do not end; they are reported as interrupted at the next start").ConfigureAwait(false))
            await Asked<ReturnsProtocol.NothingToSend>(new ReturnsProtocol.TellWhenSent(), "the master does not take all returns; they are sent at the next start").ConfigureAwait(false);
        await _system.Terminate().ConfigureAwait(false);
        foreach (var conversation in _conversations) await conversation.DisposeAsync().ConfigureAwait(false);
        await _events.DisposeAsync().ConfigureAwait(false);
        _stopped.TrySetResult(0);
    }

    private async Task<bool> Asked<TAnswer>(object question, string otherwise)
    {
        try
        {
            await _tree.Ask<TAnswer>(question, _settings.StopWithin).ConfigureAwait(false);
            return true;
        }
        catch (AskTimeoutException)
        {
            _system.Log.Warning("{0} ({1:0.#} s were given)", otherwise, _settings.StopWithin.TotalSeconds);
            return false;
        }
    }
}
