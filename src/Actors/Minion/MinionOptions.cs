using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion;

/// <summary>The part of the minion's configuration that its actors use, under Salt's names and with Salt's defaults.</summary>
public sealed record MinionOptions
{
    /// <summary>The whole configuration, for functions that read it.</summary>
    public MapValue All { get; init; } = MapValue.Empty;
    public required MinionId Id { get; init; }
    /// <summary>All masters, the preferred one first.</summary>
    public ImmutableArray<MasterEndpoint> Masters { get; init; } = [new("salt", null)];
    public MasterMode Mode { get; init; }
    /// <summary>The host of the master that is met now.</summary>
    public string Master { get; init; } = "salt";
    public int MasterPort { get; init; } = 4506;
    /// <summary><c>master_port</c>, for masters that are named without one.</summary>
    public int StandardPort { get; init; } = 4506;
    public bool ShufflesMasters { get; init; }
    /// <summary>How often the connection is looked at; zero: never.</summary>
    public TimeSpan AliveInterval { get; init; }
    /// <summary>Go back to the first master as soon as it answers.</summary>
    public bool Failback { get; init; }
    public TimeSpan FailbackInterval { get; init; }
    /// <summary>The wait where a master's name means nothing to the name service.</summary>
    public TimeSpan RetryDns { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Give up after so many of those; null never does.</summary>
    public int? RetryDnsCount { get; init; }
    /// <summary>The longest random wait before a new sign-in after a ping that was not answered.</summary>
    public TimeSpan ReauthDelay { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>A failed ping is only logged.</summary>
    public bool AuthSafemode { get; init; }
    /// <summary>How often the master is pinged; zero: never.</summary>
    public TimeSpan PingInterval { get; init; }
    /// <summary>How often grains are collected anew; zero: only when asked.</summary>
    public TimeSpan GrainsRefresh { get; init; }
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public int RequestTries { get; init; } = 3;
    /// <summary>What is run at the start: <c>highstate</c>, <c>sls</c>, <c>top</c>; empty for nothing.</summary>
    public string StartupStates { get; init; } = "";
    /// <summary>The publish port where the user sets one; null takes the master's word.</summary>
    public int? PublishPort { get; init; }
    public string PkiDir { get; init; } = "/etc/salt/pki/minion";
    public string CacheDir { get; init; } = "/var/cache/salt/minion";
    public string SockDir { get; init; } = "/var/run/salt/minion";
    public int KeySize { get; init; } = 2048;
    public string HashType { get; init; } = "sha256";
    public string MasterFinger { get; init; } = "";
    public bool VerifyMasterPubkeySign { get; init; }
    /// <summary>The name of the key that vouches for masters, without <c>.pub</c>.</summary>
    public string MasterSignKeyName { get; init; } = "master_sign";
    /// <summary>The oldest protocol that a master may speak: 2 (all minions share one key) or 3 (each has its own). An option of ours.</summary>
    public int MinimumMasterProtocol { get; init; } = 2;
    public bool OpenMode { get; init; }
    public MapValue AutosignGrains { get; init; } = MapValue.Empty;
    public string SigningAlgorithm { get; init; } = "PKCS1v15-SHA1";
    public string EncryptionAlgorithm { get; init; } = "OAEP-SHA1";
    public bool SignPubMessages { get; init; }
    public TimeSpan AuthTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public int AuthTries { get; init; } = 7;
    public TimeSpan AcceptanceWait { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan AcceptanceWaitMax { get; init; } = TimeSpan.Zero;
    public bool RejectedRetry { get; init; }
    /// <summary>The longest random wait before the first sign-in.</summary>
    public TimeSpan StartupDelay { get; init; } = TimeSpan.Zero;
    public TimeSpan ReconnectAfter { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan ReconnectAtMost { get; init; } = TimeSpan.FromSeconds(10);
    public bool IsReconnectRandom { get; init; } = true;
    public TimeSpan ReturnRetryTimer { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan ReturnRetryTimerMax { get; init; } = TimeSpan.FromSeconds(10);
    public bool LegacyStartEvents { get; init; } = true;
    public ListValue StartEventGrains { get; init; } = ListValue.Empty;
    public bool ZmqFiltering { get; init; }
    public bool MultifuncOrdered { get; init; }
    public int JidQueue { get; init; } = 100;
    /// <summary>Jobs that may run at once; zero and below: as many as come.</summary>
    public int ProcessCountMax { get; init; } = -1;
    /// <summary>Keep returns for <c>saltutil.find_cached_job</c>.</summary>
    public bool CacheJobs { get; init; }
    /// <summary>How jobs are run where the job does not say: executors, one after the other.</summary>
    public Value ModuleExecutors { get; init; } = DirectCall;
    public int MaxEventSize { get; init; } = 1048576;
    public string? PillarEnv { get; init; }
    public string? SaltEnv { get; init; }

    private static readonly ListValue DirectCall = ["direct_call"];

    /// <exception cref="FormatException">An option has a value of the wrong kind; the message names it and what was expected.</exception>
    public static MinionOptions From(MapValue options)
    {
        var read = new OptionReader(options);
        var id = MinionId.Parse(read.Text("id", ""));
        var (masters, mode) = MasterEndpoint.From(options, id.Text);
        var alive = read.Seconds("master_alive_interval", 0);
        return new MinionOptions
        {
            All = options,
            Id = id,
            Masters = masters,
            Mode = mode,
            StandardPort = read.Int("master_port", 4506),
            Master = masters[0].Host,
            MasterPort = masters[0].Port ?? read.Int("master_port", 4506),
            ShufflesMasters = read.Flag("master_shuffle", false) || read.Flag("random_master", false),
            AliveInterval = alive,
            Failback = read.Flag("master_failback", false),
            FailbackInterval = read.Seconds("master_failback_interval", 0) is { Ticks: > 0 } interval ? interval : alive,
            RetryDns = read.Seconds("retry_dns", 30),
            RetryDnsCount = options.Get("retry_dns_count") is null or NullValue ? null : read.Int("retry_dns_count", 0),
            ReauthDelay = read.Seconds("random_reauth_delay", 10),
            AuthSafemode = read.Flag("auth_safemode", false),
            PingInterval = read.Seconds("ping_interval", 0) * 60,
            GrainsRefresh = read.Seconds("grains_refresh_every", 0) * 60,
            RequestTimeout = read.Seconds("request_channel_timeout", 60),
            RequestTries = Math.Max(1, read.Int("request_channel_tries", 3)),
            StartupStates = read.Text("startup_states", ""),
            // Salt compares with the number of the other port; whoever sets that one means "take the master's".
            PublishPort = options.Get("publish_port")?.AsInteger() is { } own && own != 4506 ? (int)own : null,
            PkiDir = read.Text("pki_dir", "/etc/salt/pki/minion"),
            CacheDir = read.Text("cachedir", "/var/cache/salt/minion"),
            SockDir = read.Text("sock_dir", "/var/run/salt/minion"),
            KeySize = Math.Max(2048, read.Int("keysize", 2048)),
            HashType = read.Text("hash_type", "sha256"),
            MasterFinger = read.Text("master_finger", ""),
            VerifyMasterPubkeySign = read.Flag("verify_master_pubkey_sign", false),
            MasterSignKeyName = read.Text("master_sign_key_name", "master_sign"),
            MinimumMasterProtocol = read.Int("minimum_master_protocol", 2),
            OpenMode = read.Flag("open_mode", false),
            AutosignGrains = options.MapOf("autosign_grains"),
            SigningAlgorithm = read.Text("signing_algorithm", "PKCS1v15-SHA1"),
            EncryptionAlgorithm = read.Text("encryption_algorithm", "OAEP-SHA1"),
            SignPubMessages = read.Flag("sign_pub_messages", false),
            AuthTimeout = read.Seconds("auth_timeout", 5),
            AuthTries = Math.Max(1, read.Int("auth_tries", 7)),
            AcceptanceWait = read.Seconds("acceptance_wait_time", 10),
            AcceptanceWaitMax = read.Seconds("acceptance_wait_time_max", 0),
            RejectedRetry = read.Flag("rejected_retry", false),
            StartupDelay = read.Seconds("random_startup_delay", 0),
            ReconnectAfter = TimeSpan.FromMilliseconds(Math.Max(1, read.Int("recon_default", 1000))),
            ReconnectAtMost = TimeSpan.FromMilliseconds(Math.Max(1, read.Int("recon_max", 10000))),
            IsReconnectRandom = read.Flag("recon_randomize", true),
            ReturnRetryTimer = read.Seconds("return_retry_timer", 5),
            ReturnRetryTimerMax = read.Seconds("return_retry_timer_max", 10),
            LegacyStartEvents = read.Flag("enable_legacy_startup_events", true),
            StartEventGrains = options.ListOf("start_event_grains"),
            ZmqFiltering = read.Flag("zmq_filtering", false),
            MultifuncOrdered = read.Flag("multifunc_ordered", false),
            JidQueue = Math.Max(1, read.Int("minion_jid_queue_hwm", 100)),
            ProcessCountMax = read.Int("process_count_max", -1),
            CacheJobs = read.Flag("cache_jobs", false),
            ModuleExecutors = options.Get("module_executors") is { IsTruthy: true } executors ? executors : DirectCall,
            MaxEventSize = read.Int("max_event_size", 1048576),
            PillarEnv = options.TextOf("pillarenv"),
            SaltEnv = options.TextOf("saltenv"),
        };
    }

    /// <summary>The same for another master.</summary>
    public MinionOptions At(MasterEndpoint master) => this with { Master = master.Host, MasterPort = master.Port ?? StandardPort };

    /// <summary>Where the master takes requests.</summary>
    public string RequestAddress => $"tcp://{Bracketed}:{MasterPort}";
    public string PublishAddress(int announced) => $"tcp://{Bracketed}:{PublishPort ?? announced}";

    private string Bracketed => Master.Contains(':') && Master[0] != '[' ? $"[{Master}]" : Master;

    private sealed class OptionReader(MapValue options)
    {
        private const double LongestSeconds = 366 * 86400;

        public string Text(string key, string standard) => options.Get(key) is { IsNull: false } v ? v.ToString() : standard;
        public bool Flag(string key, bool standard) => options.Get(key) is { IsNull: false } v ? v.IsTruthy : standard;

        public TimeSpan Seconds(string key, double standard) => Number(key, standard) is >= 0 and <= LongestSeconds and var n ? TimeSpan.FromSeconds(n)
            : throw new FormatException($"the option '{key}' is {options.Get(key)}, where a time of 0 seconds to a year was expected");

        public int Int(string key, int standard) => Number(key, standard) is >= int.MinValue and <= int.MaxValue and var n ? (int)n
            : throw new FormatException($"the option '{key}' is {options.Get(key)}, which is more than a whole number of 32 bits can hold");

        private double Number(string key, double standard) => options.Get(key) switch
        {
            null or NullValue => standard,
            { } v => v.AsNumber() ?? (double.TryParse(v.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var n) ? n
                : throw new FormatException($"the option '{key}' must be a number, found {v.KindName} {PythonText.Repr(v)}")),
        };
    }
}
