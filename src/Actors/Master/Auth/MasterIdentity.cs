using System.Collections.Concurrent;
using System.Globalization;
using SaltActors.Core.Identity;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master.Auth;

/// <summary>
/// The secrets that make this the master: its key pair, the AES epochs that publishes are sealed with, and a session key for each
/// accepted minion. Reading is safe from every thread; <see cref="Rotate"/> belongs to the actor <see cref="Auth"/>.
/// </summary>
/// <remarks>
/// Unlike Salt's, the epoch survives a restart (<c>cachedir/.aes_epoch</c>): thousands of minions go on without signing in again.
/// Publish serials only ever grow under one epoch, also across restarts: they are reserved on disk in blocks.
/// Session keys lie where Salt keeps them, <c>cachedir/sessions/&lt;id&gt;</c>, and never exist for an id that is not accepted.
/// </remarks>
public sealed class MasterIdentity : IServerKeys
{
    private const int SerialBlock = 10_000;

    private sealed record Epoch(Crypticle Key, DateTimeOffset Made, byte[] Proof);
    private sealed record EpochState(Epoch Current, Epoch? Previous, DateTimeOffset PreviousUntil);
    private sealed record Session(Crypticle Key, DateTime Made, RsaPublicKey Owner);

    private readonly KeyStore _keys;
    private readonly MasterOptions _options;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<MinionId, Session> _sessions = new();
    private readonly Lock _serialGate = new();
    private volatile EpochState _epochs;
    private IReadOnlyList<Crypticle> _current;
    private long _serial, _reservedTo;

    /// <exception cref="KeyStoreBroken">The master's own files cannot be read or made.</exception>
    public MasterIdentity(KeyStore keys, MasterOptions options, TimeProvider clock)
    {
        (_keys, _options, _clock) = (keys, options, clock);
        try
        {
            Master = LoadOrMakeKeyPair(options);
            if (options.MasterSignPubkey) Signing = LoadOrMake(options, options.MasterSignKeyName);
            Directory.CreateDirectory(options.CacheDir);
            PrivateFiles.CreateFolder(SessionFolder);
            _epochs = new EpochState(LoadEpoch() ?? NewEpoch(clock.GetUtcNow()), null, default);
            ReserveSerials();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new KeyStoreBroken($"the master's own keys cannot be read or made: {cause.Message}", cause);
        }
        _current = [_epochs.Current.Key];
    }

    public RsaKeyPair Master { get; }
    /// <summary>The pair that vouches for the master's key (<c>master_sign_pubkey</c>), or null.</summary>
    public RsaKeyPair? Signing { get; }

    /// <summary>The epoch that publishes are sealed with.</summary>
    public Crypticle Current => _epochs.Current.Key;
    /// <summary>The master's word that <see cref="Current"/> is its key; made once an epoch, because it costs a private operation.</summary>
    public byte[] Proof => _epochs.Current.Proof;
    public TimeSpan EpochAge => _clock.GetUtcNow() - _epochs.Current.Made;

    public IReadOnlyList<Crypticle> Epochs
    {
        get
        {
            var epochs = _epochs;
            if (epochs.Previous is not null && _clock.GetUtcNow() >= epochs.PreviousUntil)
            {
                _epochs = epochs with { Previous = null };
                _current = [epochs.Current.Key];
            }
            return _current;
        }
    }

    public RsaPublicKey? Accepted(MinionId id) => _keys.Accepted(id);

    /// <summary>The serial of the next publish.</summary>
    public long NextSerial()
    {
        lock (_serialGate)
        {
            _serial++;
            if (_serial >= _reservedTo) ReserveSerials();
            return _serial;
        }
    }

    /// <summary>Begins a new epoch; requests under the one before are understood for the grace time, where their sender proves who it is.</summary>
    public void Rotate(TimeSpan grace)
    {
        lock (_serialGate)
        {
            var now = _clock.GetUtcNow();
            _epochs = new EpochState(NewEpoch(now), _epochs.Current, now + grace);
            _current = [_epochs.Current.Key, _epochs.Previous!.Key];
            _serial = 0;
            ReserveSerials();
        }
    }

    Crypticle? IServerKeys.Session(MinionId id) => SessionOf(id);

    /// <summary>The session key of an accepted minion, made on first use; null for everybody else.</summary>
    public Crypticle? SessionOf(MinionId id)
    {
        if (_keys.Accepted(id) is not { } owner)
        {
            if (_sessions.TryRemove(id, out _)) File.Delete(SessionPath(id));
            return null;
        }
        var now = _clock.GetUtcNow().UtcDateTime;
        if (_sessions.TryGetValue(id, out var session) && session.Owner == owner && now - session.Made < _options.PublishSession) return session.Key;
        lock (_sessions)
        {
            if (_sessions.TryGetValue(id, out session) && session.Owner == owner && now - session.Made < _options.PublishSession) return session.Key;
            session = LoadSession(id, owner, now) ?? MakeSession(id, owner, now);
            return (_sessions[id] = session).Key;
        }
    }

    private string SessionFolder => Path.Combine(_options.CacheDir, "sessions");
    private string SessionPath(MinionId id) => Path.Combine(SessionFolder, id.Text);
    private string EpochPath => Path.Combine(_options.CacheDir, ".aes_epoch");

    // A session older than the key it belongs to was another machine's under the same name.
    private Session? LoadSession(MinionId id, RsaPublicKey owner, DateTime now)
    {
        var file = new FileInfo(SessionPath(id));
        if (!file.Exists || now - file.LastWriteTimeUtc >= _options.PublishSession || _sessions.ContainsKey(id)) return null;
        if (File.GetLastWriteTimeUtc(_keys.PathOf(KeyState.Accepted, id)) > file.LastWriteTimeUtc) return null;
        return Crypticle.TryParse(File.ReadAllText(file.FullName).Trim(), out var key) ? new Session(key, file.LastWriteTimeUtc, owner) : null;
    }

    private Session MakeSession(MinionId id, RsaPublicKey owner, DateTime now)
    {
        var key = new Crypticle(Crypticle.NewKeyString());
        PrivateFiles.Write(SessionPath(id), key.KeyString);
        return new Session(key, now, owner);
    }

    private Epoch NewEpoch(DateTimeOffset now) => EpochOf(new Crypticle(Crypticle.NewKeyString()), now);
    private Epoch EpochOf(Crypticle key, DateTimeOffset made) => new(key, made, SignInReply.ProofOf(Master, key));

    private Epoch? LoadEpoch()
    {
        if (!File.Exists(EpochPath)) return null;
        var lines = File.ReadAllLines(EpochPath);
        if (lines.Length < 3 || !Crypticle.TryParse(lines[0], out var key)) return null;
        if (!long.TryParse(lines[1], CultureInfo.InvariantCulture, out var made) || !long.TryParse(lines[2], CultureInfo.InvariantCulture, out var serial)) return null;
        _serial = serial;
        var epoch = EpochOf(key, DateTimeOffset.FromUnixTimeMilliseconds(made));
        return _clock.GetUtcNow() - epoch.Made < _options.PublishSession ? epoch : null;
    }

    // What is reserved on disk is never used twice, also after a crash; a gap does no harm.
    private void ReserveSerials()
    {
        _reservedTo = _serial + SerialBlock;
        var current = _epochs.Current;
        PrivateFiles.Write(EpochPath, string.Create(CultureInfo.InvariantCulture, $"{current.Key.KeyString}\n{current.Made.ToUnixTimeMilliseconds()}\n{_reservedTo}\n"));
    }

    private static RsaKeyPair LoadOrMakeKeyPair(MasterOptions options) => LoadOrMake(options, "master");

    private static RsaKeyPair LoadOrMake(MasterOptions options, string name)
    {
        var path = Path.Combine(options.PkiDir, name + ".pem");
        if (File.Exists(path)) return RsaKeyPair.Load(File.ReadAllText(path), options.All.TextOf("key_pass"));
        var pair = RsaKeyPair.Generate(options.KeySize);
        PrivateFiles.Write(path, pair.PrivatePem, isReadOnly: true);
        File.WriteAllText(Path.Combine(options.PkiDir, name + ".pub"), pair.PublicPem);
        return pair;
    }
}
