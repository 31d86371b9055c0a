using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion;

/// <summary>The part of the minion's configuration that its actors use, under Salt's names and with Salt's defaults.</summary>
public sealed record MinionOptions
{
    /// <summary>The whole configuration, for functions that read it.</summary>
    public MapValue All { get; init; } = MapValue.Empty;
    public required MinionId Id { get; init; }
    public string Master { get; init; } = "salt";
    public int MasterPort { get; init; } = 4506;
    /// <summary>The publish port where the user sets one; null takes the master's word.</summary>
    public int? PublishPort { get; init; }
    public string PkiDir { get; init; } = "/etc/salt/pki/minion";
    public string CacheDir { get; init; } = "/var/cache/salt/minion";
    public string SockDir { get; init; } = "/var/run/salt/minion";
    public int KeySize { get; init; } = 2048;
    public string HashType { get; init; } = "sha256";
    public string MasterFinger { get; init; } = "";
    public bool VerifyMasterPubkeySign { get; init; }
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
    /// <summary>Jobs that may run at once; below zero as many as come.</summary>
    public int ProcessCountMax { get; init; } = -1;
    public int MaxEventSize { get; init; } = 1048576;
    public string? PillarEnv { get; init; }
    public string? SaltEnv { get; init; }

    /// <exception cref="FormatException">An option has a value of the wrong kind; the message names it and what was expected.</exception>
    public static MinionOptions From(MapValue options)
    {
        var read = new OptionReader(options);
        var (host, port) = MasterOf(options);
        return new MinionOptions
        {
            All = options,
            Id = MinionId.Parse(read.Text("id", "")),
            Master = host,
            MasterPort = port ?? read.Int("master_port", 4506),
            // Salt compares with the number of the other port; whoever sets that one means "take the master's".
            PublishPort = options.Get("publish_port")?.AsInteger() is { } own && own != 4506 ? (int)own : null,
            PkiDir = read.Text("pki_dir", "/etc/salt/pki/minion"),
            CacheDir = read.Text("cachedir", "/var/cache/salt/minion"),
            SockDir = read.Text("sock_dir", "/var/run/salt/minion"),
            KeySize = Math.Max(2048, read.Int("keysize", 2048)),
            HashType = read.Text("hash_type", "sha256"),
            MasterFinger = read.Text("master_finger", ""),
            VerifyMasterPubkeySign = read.Flag("verify_master_pubkey_sign", false),
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
            ReconnectAfter = read.Seconds("recon_default", 1000) / 1000,
            ReconnectAtMost = read.Seconds("recon_max", 10000) / 1000,
            IsReconnectRandom = read.Flag("recon_randomize", true),
            ReturnRetryTimer = read.Seconds("return_retry_timer", 5),
            ReturnRetryTimerMax = read.Seconds("return_retry_timer_max", 10),
            LegacyStartEvents = read.Flag("enable_legacy_startup_events", true),
            StartEventGrains = options.ListOf("start_event_grains"),
            ZmqFiltering = read.Flag("zmq_filtering", false),
            MultifuncOrdered = read.Flag("multifunc_ordered", false),
            JidQueue = Math.Max(1, read.Int("minion_jid_queue_hwm", 100)),
            ProcessCountMax = read.Int("process_count_max", -1),
            MaxEventSize = read.Int("max_event_size", 1048576),
            PillarEnv = options.TextOf("pillarenv"),
            SaltEnv = options.TextOf("saltenv"),
        };
    }

    /// <summary>Where the master takes requests.</summary>
    public string RequestAddress => $"tcp://{Bracketed}:{MasterPort}";
    public string PublishAddress(int announced) => $"tcp://{Bracketed}:{PublishPort ?? announced}";

    private string Bracketed => Master.Contains(':') && Master[0] != '[' ? $"[{Master}]" : Master;

    private static (string Host, int? Port) MasterOf(MapValue options)
    {
        switch (options.Get("master"))
        {
            case null or NullValue: return ("salt", null);
            case ListValue { Count: 1 } one: return Split(one[0].ToString());
            case ListValue: throw new FormatException("the option 'master' names several masters; several masters at once and failover are not available in this version: name one");
            case var text when options.TextOf("master_type") is { } type and not "str": throw new FormatException($"the option 'master_type' is '{type}', which is not available in this version; leave it out (master: {text})");
            case var text: return Split(text.ToString());
        }
    }

    // host:port, [v6]:port, or a bare address of either kind.
    private static (string, int?) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        var isBareV6 = text.Count(c => c == ':') > 1 && text[0] != '[';
        if (colon < 0 || isBareV6 || text.EndsWith(']')) return (text.Trim('[', ']'), null);
        return int.TryParse(text[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? (text[..colon].Trim('[', ']'), port)
            : throw new FormatException($"the option 'master' is '{text}', where a port from 1 to 65535 was expected after the colon");
    }

    private sealed class OptionReader(MapValue options)
    {
        public string Text(string key, string standard) => options.Get(key) is { IsNull: false } v ? v.ToString() : standard;
        public bool Flag(string key, bool standard) => options.Get(key) is { IsNull: false } v ? v.IsTruthy : standard;
        public TimeSpan Seconds(string key, double standard) => TimeSpan.FromSeconds(Number(key, standard));
        public int Int(string key, int standard) => checked((int)Number(key, standard));

        private double Number(string key, double standard) => options.Get(key) switch
        {
            null or NullValue => standard,
            { } v => v.AsNumber() ?? (double.TryParse(v.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var n) ? n
                : throw new FormatException($"the option '{key}' must be a number, found {v.KindName} {PythonText.Repr(v)}")),
        };
    }
}
