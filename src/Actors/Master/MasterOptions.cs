using SaltActors.Core.Values;
using SaltActors.Transport.Crypto;

namespace SaltActors.Actors.Master;

/// <summary>The part of the master's configuration that its actors use, under Salt's names and with Salt's defaults.</summary>
public sealed record MasterOptions
{
    /// <summary>The whole configuration, for what passes it on.</summary>
    public MapValue All { get; init; } = MapValue.Empty;
    public string Interface { get; init; } = "0.0.0.0";
    public int PublishPort { get; init; } = 4505;
    public int RetPort { get; init; } = 4506;
    public string User { get; init; } = "root";
    public string PkiDir { get; init; } = "/etc/salt/pki/master";
    public string CacheDir { get; init; } = "/var/cache/salt/master";
    public string SockDir { get; init; } = "/var/run/salt/master";
    public int WorkerThreads { get; init; } = 5;
    public int KeySize { get; init; } = 2048;
    public string HashType { get; init; } = "sha256";
    public bool AutoAccept { get; init; }
    public bool OpenMode { get; init; }
    public string AutosignFile { get; init; } = "";
    public string AutorejectFile { get; init; } = "";
    public string AutosignGrainsDir { get; init; } = "";
    public TimeSpan AutosignTimeout { get; init; } = TimeSpan.FromMinutes(120);
    public bool PermissivePkiAccess { get; init; }
    public bool AuthEvents { get; init; } = true;
    public bool SignPubMessages { get; init; } = true;
    public SignatureScheme PublishSigningAlgorithm { get; init; }
    public bool MasterSignPubkey { get; init; }
    public string MasterSignKeyName { get; init; } = "master_sign";
    public int MinimumAuthVersion { get; init; } = 3;
    public TimeSpan RequestServerTtl { get; init; } = TimeSpan.Zero;
    /// <summary>How old the AES key may become before it is changed.</summary>
    public TimeSpan PublishSession { get; init; } = TimeSpan.FromSeconds(86400);
    public bool PingOnRotate { get; init; }
    public bool RotateAesKey { get; init; } = true;
    public bool PreserveMinionCache { get; init; }
    /// <summary>A minion may have its own key deleted.</summary>
    public bool AllowMinionKeyRevoke { get; init; } = true;
    /// <summary>How many minions may hold a connection; zero for as many as like to.</summary>
    public int MaxMinions { get; init; }
    public bool ZmqFiltering { get; init; }
    public bool OrderMasters { get; init; }
    public TimeSpan LoopInterval { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>How long a job is kept; zero keeps all.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromSeconds(86400);
    public bool PresenceEvents { get; init; }
    public bool MinionDataCache { get; init; } = true;
    public MapValue Nodegroups { get; init; } = MapValue.Empty;
    public MapValue Peer { get; init; } = MapValue.Empty;
    public MapValue PeerRun { get; init; } = MapValue.Empty;
    public bool FileRecv { get; init; }
    public long FileRecvMaxBytes { get; init; } = 100L << 20;
    public MapValue MineGet { get; init; } = MapValue.Empty;
    public TimeSpan GatherJobTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public int ZmqBacklog { get; init; } = 1000;
    public int PubHwm { get; init; } = 1000;
    public int MaxEventSize { get; init; } = 1048576;
    public string UniqueJidSuffix { get; init; } = "";
    /// <summary>The returner to which minions return besides, without being asked to; empty for none.</summary>
    public string ExtJobCache { get; init; } = "";

    /// <exception cref="FormatException">An option has a value of the wrong kind; the message names it.</exception>
    public static MasterOptions From(MapValue options)
    {
        var read = new OptionReader(options);
        var standard = new MasterOptions();
        return new MasterOptions
        {
            All = options,
            Interface = read.Text("interface", standard.Interface),
            PublishPort = read.Int("publish_port", standard.PublishPort),
            RetPort = read.Int("ret_port", standard.RetPort),
            User = read.Text("user", standard.User),
            PkiDir = read.Text("pki_dir", standard.PkiDir),
            CacheDir = read.Text("cachedir", standard.CacheDir),
            SockDir = read.Text("sock_dir", standard.SockDir),
            WorkerThreads = Math.Max(1, read.Int("worker_threads", standard.WorkerThreads)),
            KeySize = Math.Max(2048, read.Int("keysize", standard.KeySize)),
            HashType = read.Text("hash_type", standard.HashType),
            AutoAccept = read.Flag("auto_accept", standard.AutoAccept),
            OpenMode = read.Flag("open_mode", standard.OpenMode),
            AutosignFile = read.Text("autosign_file", standard.AutosignFile),
            AutorejectFile = read.Text("autoreject_file", standard.AutorejectFile),
            AutosignGrainsDir = read.Text("autosign_grains_dir", standard.AutosignGrainsDir),
            AutosignTimeout = TimeSpan.FromMinutes(read.Number("autosign_timeout", standard.AutosignTimeout.TotalMinutes)),
            PermissivePkiAccess = read.Flag("permissive_pki_access", standard.PermissivePkiAccess),
            AuthEvents = read.Flag("auth_events", standard.AuthEvents),
            SignPubMessages = read.Flag("sign_pub_messages", standard.SignPubMessages),
            PublishSigningAlgorithm = Scheme(read.Text("publish_signing_algorithm", Schemes.DefaultSignature)),
            MasterSignPubkey = read.Flag("master_sign_pubkey", standard.MasterSignPubkey),
            MasterSignKeyName = read.Text("master_sign_key_name", standard.MasterSignKeyName),
            MinimumAuthVersion = read.Int("minimum_auth_version", standard.MinimumAuthVersion),
            RequestServerTtl = TimeSpan.FromSeconds(read.Number("request_server_ttl", 0)),
            PublishSession = TimeSpan.FromSeconds(read.Number("publish_session", standard.PublishSession.TotalSeconds)),
            RotateAesKey = read.Flag("rotate_aes_key", standard.RotateAesKey),
            PreserveMinionCache = read.Flag("preserve_minion_cache", standard.PreserveMinionCache),
            AllowMinionKeyRevoke = read.Flag("allow_minion_key_revoke", standard.AllowMinionKeyRevoke),
            MaxMinions = Math.Max(0, read.Int("max_minions", standard.MaxMinions)),
            PingOnRotate = read.Flag("ping_on_rotate", standard.PingOnRotate),
            ZmqFiltering = read.Flag("zmq_filtering", standard.ZmqFiltering),
            OrderMasters = read.Flag("order_masters", standard.OrderMasters),
            LoopInterval = TimeSpan.FromSeconds(Math.Max(1, read.Number("loop_interval", standard.LoopInterval.TotalSeconds))),
            KeepJobs = KeepJobsOf(read),
            PresenceEvents = read.Flag("presence_events", standard.PresenceEvents),
            MinionDataCache = read.Flag("minion_data_cache", standard.MinionDataCache),
            Nodegroups = options.MapOf("nodegroups"),
            Peer = options.MapOf("peer"),
            PeerRun = options.MapOf("peer_run"),
            FileRecv = read.Flag("file_recv", standard.FileRecv),
            FileRecvMaxBytes = (long)(read.Number("file_recv_max_size", 100) * (1 << 20)),
            MineGet = options.MapOf("mine_get"),
            GatherJobTimeout = TimeSpan.FromSeconds(read.Number("gather_job_timeout", standard.GatherJobTimeout.TotalSeconds)),
            ZmqBacklog = Math.Max(4096, read.Int("zmq_backlog", standard.ZmqBacklog)),
            PubHwm = read.Int("pub_hwm", standard.PubHwm),
            MaxEventSize = read.Int("max_event_size", standard.MaxEventSize),
            ExtJobCache = read.Text("ext_job_cache", standard.ExtJobCache),
            UniqueJidSuffix = read.Flag("unique_jid", false) ? $"_{Environment.ProcessId}" : "",
        };
    }

    private static SignatureScheme Scheme(string name) => Schemes.TryParse(name, out SignatureScheme scheme) ? scheme
        : throw new FormatException($"the option 'publish_signing_algorithm' is '{name}', where PKCS1v15-SHA1 or PKCS1v15-SHA224 was expected");

    // keep_jobs (hours) is the older key; it counts only where the newer one is not set.
    private static TimeSpan KeepJobsOf(OptionReader read) =>
        read.IsSet("keep_jobs_seconds") || !read.IsSet("keep_jobs")
            ? TimeSpan.FromSeconds(read.Number("keep_jobs_seconds", 86400))
            : TimeSpan.FromHours(read.Number("keep_jobs", 24));

    private sealed class OptionReader(MapValue options)
    {
        public bool IsSet(string key) => options.Get(key) is { IsNull: false };
        public string Text(string key, string standard) => options.Get(key) is { IsNull: false } v ? v.ToString() : standard;
        public bool Flag(string key, bool standard) => options.Get(key) is { IsNull: false } v ? v.IsTruthy : standard;
        public double Number(string key, double standard) => options.Get(key) switch
        {
            null or NullValue => standard,
            { } v => v.AsNumber() ?? (double.TryParse(v.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var n) ? n
                : throw new FormatException($"the option '{key}' must be a number, found {v.KindName} {PythonText.Repr(v)}")),
        };
        public int Int(string key, int standard) => checked((int)Number(key, standard));
    }
}
