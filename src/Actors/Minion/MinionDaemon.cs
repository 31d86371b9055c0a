using Akka.Actor;
using Akka.Configuration;
using SaltActors.Actors.Daemon.Settings;
using SaltActors.Actors.Minion.Jobs;
using SaltActors.Actors.Minion.Returns;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
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
    public required Func<ListValue, CallArguments> ParseArguments { get; init; }
    /// <summary>Doors that the program brings, as the static grains file.</summary>
    public CallServices Services { get; init; } = CallServices.None;
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>A running minion.</summary>
public sealed class MinionDaemon : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly IEventPort _events;
    private readonly MasterConversation _conversation;
    private readonly TaskCompletionSource<int> _stopped;

    private MinionDaemon(ActorSystem system, IEventPort events, MasterConversation conversation, TaskCompletionSource<int> stopped) =>
        (_system, _events, _conversation, _stopped) = (system, events, conversation, stopped);

    /// <summary>Ends by itself only where there is no use in going on; its value is the program's exit code.</summary>
    public Task<int> Stopped => _stopped.Task;

    /// <exception cref="FormatException">An option cannot be used.</exception>
    /// <exception cref="MinionKeysBroken">The minion's keys cannot be read or made.</exception>
    /// <exception cref="PortUnavailable">Another minion runs with the same sockets.</exception>
    public static Task<MinionDaemon> StartAsync(MinionStart start)
    {
        var options = MinionOptions.From(start.Options);
        var keys = new MinionKeys(options);
        var conversation = new MasterConversation(start.Transport, options, keys.LoadOrMake(), keys, start.Clock);
        Directory.CreateDirectory(options.SockDir);
        var events = UnixEventPort.Open(new EventPortSettings
        {
            PublishPath = Path.Combine(options.SockDir, WireNames.MinionEventPublish(options.Id.Text, options.HashType)),
            PullPath = Path.Combine(options.SockDir, WireNames.MinionEventPull(options.Id.Text, options.HashType)),
            QueuedPerReader = new HoconSection(start.Hocon, "salt.events").Number("queued-per-reader"),
            MaxEventBytes = options.MaxEventSize,
        });
        var doors = new MinionDoors(options, conversation);
        var stopped = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var system = ActorSystem.Create("salt-minion", start.Hocon);
        var tree = system.ActorOf(MinionTree.Props(new MinionParts
        {
            Options = options,
            Transport = start.Transport,
            EventPort = events,
            Keys = keys,
            Conversation = conversation,
            Functions = start.Functions,
            Grains = start.Grains,
            ParseArguments = start.ParseArguments,
            Services = start.Services with { RunningJobs = doors, Events = doors, Daemon = doors },
            Proc = new ProcFolder(options.CacheDir),
            Spool = new ReturnSpool(options.CacheDir),
            Clock = start.Clock,
        }, doors.Open, code => stopped.TrySetResult(code)), "minion");
        doors.Open(tree);
        return Task.FromResult(new MinionDaemon(system, events, conversation, stopped));
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate().ConfigureAwait(false);
        await _conversation.DisposeAsync().ConfigureAwait(false);
        await _events.DisposeAsync().ConfigureAwait(false);
        _stopped.TrySetResult(0);
    }
}
