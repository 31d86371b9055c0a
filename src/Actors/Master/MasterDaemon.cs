using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using SaltActors.Actors.Daemon.Logging;
using SaltActors.Actors.Master.Access;
using SaltActors.Actors.Master.Auth;
using SaltActors.Actors.Master.Metrics;
using SaltActors.Actors.Master.Presence;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Ipc;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master;

/// <summary>What a program gives to have a master run.</summary>
public sealed record MasterStart
{
    /// <summary>Salt's configuration with all defaults filled in.</summary>
    public required MapValue Options { get; init; }
    public required Config Hocon { get; init; }
    public required FunctionTable Functions { get; init; }
    public required ITransport Transport { get; init; }
    /// <summary>Makes the door through which runners call minions, given who is connected.</summary>
    public required Func<Func<Task<ImmutableArray<MinionId>>>, IMinionCalls> Minions { get; init; }
    public ReturnerTable Returners { get; init; } = ReturnerTable.Empty;
    /// <summary>Backends of <c>external_auth</c> besides those that are always there.</summary>
    public IReadOnlyList<IAuthenticator> Authenticators { get; init; } = [];
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>The addresses that hold a connection to a port now; the kernel's table where nothing else is given.</summary>
    public Func<int, ImmutableHashSet<System.Net.IPAddress>> Peers { get; init; } = PeerTable.Peers;
}

/// <summary>A running master: its ports, its cluster node, its tree.</summary>
public sealed class MasterDaemon : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly IRequestPort _requests;
    private readonly IPublishPort _publish;
    private readonly IEventPort _events;
    private readonly PublishPullMarker _marker;
    private readonly MasterMetrics _metrics;

    private MasterDaemon(ActorSystem system, IRequestPort requests, IPublishPort publish, IEventPort events, PublishPullMarker marker, MasterMetrics metrics) =>
        (_system, _requests, _publish, _events, _marker, _metrics) = (system, requests, publish, events, marker, metrics);

    /// <summary>Where minions send requests, with the real port.</summary>
    public string RequestAddress => _requests.Address;
    public string PublishAddress => _publish.Address;
    /// <summary>Where Prometheus finds the figures; null where they are not served.</summary>
    public System.Net.IPEndPoint? MetricsAddress => _metrics.Address;

    /// <summary>Ends when the master has: by itself only where its keys can no longer be trusted.</summary>
    public Task Stopped => _system.WhenTerminated;

    /// <exception cref="PortUnavailable">A port is taken or forbidden.</exception>
    /// <exception cref="KeyStoreBroken">The master's keys cannot be read or made.</exception>
    /// <exception cref="Jobs.Archive.ArchiveFailed">The job store cannot be opened.</exception>
    /// <exception cref="FormatException">An option has a value of the wrong kind, or names a returner that does not exist.</exception>
    public static async Task<MasterDaemon> StartAsync(MasterStart start)
    {
        var options = MasterOptions.From(start.Options);
        var keys = new KeyStore(options.PkiDir);
        var identity = new MasterIdentity(keys, options, start.Clock);
        var limits = PortLimits.Default with { Backlog = options.ZmqBacklog, QueuedPerPeer = options.PubHwm };

        var publish = start.Transport.BindPublish(Address(options.Interface, options.PublishPort), limits);
        IRequestPort? requests = null;
        IEventPort? events = null;
        try
        {
            requests = start.Transport.BindRequests(Address(options.Interface, options.RetPort), limits);
            events = OpenEventPort(options, start.Hocon);
            var marker = PublishPullMarker.Create(Path.Combine(options.SockDir, "publish_pull.ipc"));
            var system = ActorSystem.Create("salt", start.Hocon);
            var cluster = Akka.Cluster.Cluster.Get(system);
            if (cluster.Settings.SeedNodes.IsEmpty) cluster.Join(cluster.SelfAddress);

            IActorRef? root = null;
            var parts = new MasterParts
            {
                Options = options,
                Hocon = system.Settings.Config,
                RequestPort = requests,
                PublishPort = publish,
                BoundPublishPort = PortOf(publish.Address),
                EventPort = events,
                Peers = () => start.Peers(PortOf(publish.Address)),
                Keys = keys,
                Identity = identity,
                Access = OpenAccess(start, options, text => system.Log.Warning(text)),
                Functions = start.Functions,
                Minions = start.Minions,
                Returners = start.Returners,
                Root = () => root,
                NodeName = () => $"{cluster.SelfAddress} ({cluster.SelfMember.Status}, {cluster.State.Members.Count} member{(cluster.State.Members.Count == 1 ? "" : "s")})",
                Log = new MessageLog(system.Log),
                Clock = start.Clock,
            };
            parts.Prepare(text => system.Log.Warning(text));
            var metrics = MasterMetrics.Open(parts.Meter, MetricsSettings.From(start.Options));
            root = system.ActorOf(MasterTree.Props(parts), "master");
            return new MasterDaemon(system, requests, publish, events, marker, metrics);
        }
        catch
        {
            await publish.DisposeAsync().ConfigureAwait(false);
            if (requests is not null) await requests.DisposeAsync().ConfigureAwait(false);
            if (events is not null) await events.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _metrics.DisposeAsync().ConfigureAwait(false);
        // The actors first: what they hold goes to disk. Then the ports, so that nobody gets a door without a room behind it.
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClrExitReason.Instance).ConfigureAwait(false);
        await _requests.DisposeAsync().ConfigureAwait(false);
        await _publish.DisposeAsync().ConfigureAwait(false);
        await _events.DisposeAsync().ConfigureAwait(false);
        _marker.Dispose();
    }

    private static AccessControl OpenAccess(MasterStart start, MasterOptions options, Action<string> warn)
    {
        var settings = AccessSettings.From(start.Options, options);
        IAuthenticator[] backends = [new AutoAuthenticator(), new FileAuthenticator(), new SharedSecretAuthenticator(settings.SharedSecret), new PamAuthenticator(settings.PamService), new LdapAuthenticator(settings.Ldap), .. start.Authenticators];
        var access = new AccessControl(settings, LocalCredentials.Make(options, settings.Publishers, warn), backends, start.Clock, warn);
        foreach (var problem in access.Problems()) warn(problem);
        return access;
    }

    private static UnixEventPort OpenEventPort(MasterOptions options, Config hocon)
    {
        var queued = new Daemon.Settings.HoconSection(hocon, "salt.events").Number("queued-per-reader");
        Directory.CreateDirectory(options.SockDir);
        return UnixEventPort.Open(new EventPortSettings
        {
            PublishPath = Path.Combine(options.SockDir, "master_event_pub.ipc"),
            PullPath = Path.Combine(options.SockDir, "master_event_pull.ipc"),
            QueuedPerReader = queued,
            MaxEventBytes = options.MaxEventSize,
            IsGroupReader = options.All.Get("publisher_acl") is { IsTruthy: true } || options.All.Get("external_auth") is { IsTruthy: true },
        });
    }

    private static string Address(string host, int port) => $"tcp://{(host.Contains(':') && host[0] != '[' ? $"[{host}]" : host)}:{port}";

    private static int PortOf(string address) => int.Parse(address[(address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}
