using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using SaltActors.Actors.Daemon.Supervision;
using SaltActors.Actors.Master.Access;
using SaltActors.Actors.Master.Auth;
using SaltActors.Actors.Master.Cluster;
using SaltActors.Actors.Master.Fleet;
using SaltActors.Actors.Master.Jobs;
using SaltActors.Actors.Master.Jobs.Archive;
using SaltActors.Actors.Master.Jobs.Returners;
using SaltActors.Actors.Master.Keys;
using SaltActors.Actors.Master.Metrics;
using SaltActors.Actors.Master.Pillars;
using SaltActors.Actors.Master.Requests;
using SaltActors.Actors.Master.Requests.Commands;
using SaltActors.Actors.Master.Runners;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Returners;
using SaltActors.States.Files;
using SaltActors.States.Pillars;
using SaltActors.Transport;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master;

/// <summary>What the master's actors are made from: ports that are open already, stores, and settings read once.</summary>
public sealed record MasterParts
{
    public required MasterOptions Options { get; init; }
    public required Config Hocon { get; init; }
    public required IRequestPort RequestPort { get; init; }
    public required IPublishPort PublishPort { get; init; }
    /// <summary>The publish port's number as it was bound: minions are told it when they sign in.</summary>
    public required int BoundPublishPort { get; init; }
    public required IEventPort EventPort { get; init; }
    public required KeyStore Keys { get; init; }
    public required MasterIdentity Identity { get; init; }
    public required AccessControl Access { get; init; }
    public required FunctionTable Functions { get; init; }
    /// <summary>How runners call minions; given by the program, because a client stands outside the actors.</summary>
    public required Func<Func<Task<ImmutableArray<MinionId>>>, IMinionCalls> Minions { get; init; }
    public required Func<IActorRef?> Root { get; init; }
    public required Func<string> NodeName { get; init; }
    /// <summary>Returners by name; what the configuration names must be among them.</summary>
    public ReturnerTable Returners { get; set; } = ReturnerTable.Empty;
    public required IMessageLog Log { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The addresses that hold a connection to the publish port now.</summary>
    public required Func<ImmutableHashSet<System.Net.IPAddress>> Peers { get; init; }

    public RunningCalls Running { get; } = new();
    public RestartCounts Restarts { get; } = new();
    public JidClock Jids => field ??= new JidClock(Clock, Options.UniqueJidSuffix);
    public MinionDataCache MinionData => field ??= new MinionDataCache(Options.CacheDir);
    /// <summary>Made by <see cref="Prepare"/>.</summary>
    public FileServer Files { get; private set; } = null!;
    public PeerJobs PeerJobs => field ??= new PeerJobs(Options.CacheDir, Clock);
    public MineFiles Mine => field ??= new MineFiles(Options.CacheDir);
    public FleetView Fleet => field ??= new FleetView(Keys, Options.MinionDataCache ? MinionData : null);
    public RefusalLog RefusalLog => field ??= new RefusalLog(Clock);
    public ServerEnvelope Envelope => field ??= new ServerEnvelope(Identity, new EnvelopeSettings
    {
        MinimumAuthVersion = Options.MinimumAuthVersion,
        RequestTtl = Options.RequestServerTtl,
        Clock = Clock,
    });

    public AuthSettings AuthSettings => AuthSettings.From(Hocon);
    public JobStoreSettings JobSettings => JobStoreSettings.From(Hocon);
    public ArchiveSettings ArchiveSettings => ArchiveSettings.From(Hocon);
    public RequestSettings RequestSettings => RequestSettings.From(Hocon);

    /// <summary>The job store, open. Opened once by <see cref="Prepare"/>, before the tree begins, so that a broken one is the program's error.</summary>
    public IJobArchive Archive { get; private set; } = null!;

    /// <summary>What the configuration says about returners; read by <see cref="Prepare"/>.</summary>
    public JobCacheOptions JobCache { get; private set; } = JobCacheOptions.Local;

    public ReturnerSettings ReturnerSettings => ReturnerSettings.From(Hocon);

    /// <summary>What the master's returners read: its own configuration.</summary>
    public ReturnerContext ReturnerContext => field ??= new ReturnerContext { Options = Options.All, Clock = Clock };

    /// <exception cref="ArchiveFailed">The job store cannot be opened.</exception>
    /// <exception cref="FormatException">The configuration names a returner that does not exist here.</exception>
    public void Prepare(Action<string> warn)
    {
        Files = FileServer.From(Options.All, warn);
        Workshop = new PillarWorkshop(Options.All, new CallContext
        {
            Functions = Functions,
            Options = Options.All,
            Clock = Clock,
            Services = new CallServices { Files = new LocalFiles(Files, Options.All), Log = Log },
        });
        if (Options.All.Get("master_tops") is { IsTruthy: true }) warn("master_tops is not there in this version: what it chooses is not applied");
        Returners = Returners.With(new LocalCacheReturner(new LocalCacheFolder(Options.CacheDir, Options.HashType)));
        JobCache = JobCacheOptions.From(Options.All, Returners);
        if (!JobCache.IsKept)
        {
            Archive = new NoJobArchive();
            return;
        }
        var archive = new SqliteJobArchive(Path.Combine(Options.CacheDir, "jobs.sqlite"), Clock, JobCache.Targets);
        Outgoing = archive;
        Archive = ArchiveSettings.LocalCacheFiles ? new LocalCacheFiles(archive, Options.CacheDir, Options.HashType, warn) : archive;
        if (JobCache.Reader is { } reader && Returners.Find(reader) is { } returner && returner.Abilities.HasFlag(ReturnerAbilities.GetJid | ReturnerAbilities.GetLoad | ReturnerAbilities.GetJids))
            External = new ExternalJobs(returner, ReturnerContext, warn);
    }

    private IOutgoing? Outgoing { get; set; }
    private ExternalJobs? External { get; set; }

    /// <summary>The returners around the job store.</summary>
    public ArchiveReturners ArchiveReturners => Outgoing is null ? ArchiveReturners.None : new(
        [.. JobCache.Targets.Select(t => (t.Returner, ReturnerQueue.Props(new ReturnerDelivery(Returners.Find(t.Returner)!, ReturnerContext, Outgoing, ReturnerSettings.Batch), ReturnerSettings)))],
        External);

    /// <summary>Compiles the pillars of all minions, and remembers what they were made from.</summary>
    public PillarWorkshop Workshop { get; private set; } = null!;
    public PillarSettings PillarSettings => PillarSettings.From(Hocon);

    public KeyCareSettings KeyCare => new(Options.PkiDir, Options.CacheDir, Options.RotateAesKey, Options.PreserveMinionCache, Options.All.TextOf("key_pass"));

    public MasterHealth Health => field ??= new MasterHealth(this);
    public MasterMeter Meter => field ??= new MasterMeter(this, Health);

    public CallServices RunnerServices(RunnerActors actors, IPillarSource pillars)
    {
        var patience = RequestSettings.AnswerWithin;
        var doors = new RunnerDoors(actors.Jobs, actors.Keys, actors.Presence, patience);
        return new CallServices
        {
            Jobs = doors,
            Keys = doors,
            MasterKeys = new KeyDoor(actors.Keys, Keys, KeyCare, patience),
            MasterCache = new MasterCacheDoor(actors.Fleet, Options.MinionDataCache ? MinionData : null, Mine, new CacheBanks(Options.CacheDir), patience),
            MasterState = new MasterStateDoor(actors.Presence, Running, Health, patience),
            Tokens = new TokenDoor(Access),
            Events = new BusDoor(actors.Events),
            Targets = new TargetQueries(Fleet, Options.Nodegroups),
            Minions = Minions(doors.ConnectedAsync),
            Cluster = new ActorTree(Root, Restarts, NodeName),
            Files = new LocalFiles(Files, Options.All),
            Pillars = pillars,
            Log = Log,
        };
    }
}
