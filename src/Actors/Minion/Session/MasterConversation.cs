using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Minion.Session;

/// <summary>The master's key is another than <c>master_finger</c> says: nothing of it is believed or kept.</summary>
public sealed record WrongFinger(RsaPublicKey Offered) : SignInOutcome;

/// <summary>The master's name means nothing to the name service.</summary>
public sealed record UnknownHost(string Host) : SignInOutcome;

/// <summary>
/// Talks with one master: signs in, seals questions, opens answers. Where the master no longer knows our keys it signs in again and asks once more.
/// Safe from every thread; sign-ins do not overlap.
/// </summary>
/// <remarks>Pillars, which may take the master long, and commands of functions go their own way and hold up no return: Salt's minions have a channel for each, too.</remarks>
public sealed class MasterConversation(ITransport transport, MinionOptions options, ClientIdentity identity, MinionKeys keys, TimeProvider clock) : IAsyncDisposable
{
    // A version 3 request also signs in at masters that know only 2.
    private const int NewestVersion = 3;

    private delegate SessionReading Opening(MasterSession session, SealedQuestion question, ReadOnlyMemory<byte> reply);

    /// <summary>The connections to one master.</summary>
    private sealed class Lines(ITransport transport, MinionOptions options) : IAsyncDisposable
    {
        private readonly Lazy<IRequester> _pillars = new(() => transport.Connect(options.RequestAddress, PortLimits.Default));
        private readonly Lazy<IRequester> _commands = new(() => transport.Connect(options.RequestAddress, PortLimits.Default));
        internal MinionOptions Options => options;
        internal IRequester Requests { get; } = transport.Connect(options.RequestAddress, PortLimits.Default);
        internal IRequester Pillars => _pillars.Value;
        internal IRequester Commands => _commands.Value;
        internal bool IsClosed { get; private set; }

        public async ValueTask DisposeAsync()
        {
            IsClosed = true;
            await Requests.DisposeAsync().ConfigureAwait(false);
            if (_pillars.IsValueCreated) await _pillars.Value.DisposeAsync().ConfigureAwait(false);
            if (_commands.IsValueCreated) await _commands.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private volatile Lines _lines = new(transport, options);
    private readonly SemaphoreSlim _signingIn = new(1, 1);
    private volatile MasterSession? _session;

    /// <summary>The keys of the last sign-in, or null before the first.</summary>
    public MasterSession? Session => _session;

    /// <summary>Turns to another master: what was asked of the one before is not answered, and a sign-in is due.</summary>
    public async Task MoveToAsync(MasterEndpoint master)
    {
        var old = _lines;
        _session = null;
        _lines = new Lines(transport, options.At(master));
        await old.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Signs in, unless somebody else just has.</summary>
    /// <param name="stale">The session that is known to be old; null where there is none.</param>
    /// <exception cref="MinionKeysBroken">The known keys of masters cannot be read.</exception>
    public async Task<SignInOutcome> SignInAsync(MasterSession? stale, CancellationToken stop)
    {
        await _signingIn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (_session is { } fresh && !ReferenceEquals(fresh, stale)) return new SignInOutcome.Accepted(fresh, fresh.Master, false, null);
            var lines = _lines;
            var signIn = new SignIn(identity, keys.Trust(), NewestVersion, options.AutosignGrains);
            var outcome = signIn.Read(await RequestAsync(lines, lines.Requests, signIn.Frame, options.AuthTimeout, options.AuthTries, stop).ConfigureAwait(false));
            if (outcome is not SignInOutcome.Accepted accepted) return outcome;
            if (options.MasterFinger.Length > 0 && accepted.Master.Fingerprint(options.HashType) != options.MasterFinger) return new WrongFinger(accepted.Master);
            if (accepted.Session.Version < options.MinimumMasterProtocol)
                return new SignInOutcome.Failed($"the master speaks protocol {accepted.Session.Version}, and minimum_master_protocol is {options.MinimumMasterProtocol}: update the master, or lower the option", IsFatal: false);
            if (accepted.IsNewMaster) keys.KeepMaster(accepted.Master);
            if (stale is not null) accepted.Session.Continue(stale);
            if (lines.IsClosed) return new SignInOutcome.Failed("the minion has turned to another master meanwhile", IsFatal: false);
            _session = accepted.Session;
            return accepted;
        }
        catch (TimeoutException late)
        {
            return new SignInOutcome.Failed($"the master does not answer: {late.Message}. Is it running, and does a firewall let port {_lines.Options.MasterPort} through?", IsFatal: false);
        }
        finally
        {
            _signingIn.Release();
        }
    }

    /// <summary>Asks the master something; its answer opened, or why there is none.</summary>
    /// <exception cref="TimeoutException">The master does not answer.</exception>
    public Task<SessionReading> AskAsync(MapValue load, TimeSpan timeout, int tries, CancellationToken stop) =>
        AskAsync(static lines => lines.Requests, load, timeout, tries, static (session, question, reply) => session.OpenReply(question, reply), stop);

    /// <summary>Asks for this minion's pillar. The id of the question is not sent: the master gives nobody another's.</summary>
    /// <exception cref="TimeoutException">The master does not answer.</exception>
    /// <exception cref="MasterAnswerRefused">The master gives none, or what came cannot be believed.</exception>
    public async Task<MapValue> AskPillarAsync(PillarQuestion question, CancellationToken stop)
    {
        var load = MapValue.Of(("id", options.Id.Text), ("grains", question.Grains), ("saltenv", question.SaltEnv), ("pillarenv", question.PillarEnv),
            ("pillar_override", question.Override.Count > 0 ? question.Override : Value.Null), ("extra_minion_data", MapValue.Empty), ("ver", "2"), ("cmd", "_pillar"));
        var reading = await AskAsync(static lines => lines.Pillars, load, options.RequestTimeout, options.RequestTries, static (session, question, reply) => session.OpenPillar(question, reply), stop).ConfigureAwait(false);
        return reading.Result != SessionResult.Opened ? throw new MasterAnswerRefused($"the pillar was not given: {reading.Reason}")
            : reading.Value as MapValue ?? throw new MasterAnswerRefused($"the pillar is a {reading.Value.KindName}, where a map was expected");
    }

    /// <summary>Fires an event on the master's bus. False where the master did not take it.</summary>
    /// <param name="grains">Sent along with start events (<c>start_event_grains</c>); null for none.</param>
    public async Task<bool> FireAsync(string tag, Value data, CancellationToken stop, MapValue? grains = null)
    {
        var load = MapValue.Of(("id", options.Id.Text), ("cmd", "_minion_event"), ("pretag", Value.Null), ("data", data), ("tag", tag));
        // Version 3 puts the token into every load; version 2 only where the command asks for it.
        if (_session is { Version: < 3 }) load = load.With("tok", identity.Token);
        if (grains is not null) load = load.With("grains", grains);
        try
        {
            return (await AskAsync(load, options.RequestTimeout, options.RequestTries, stop).ConfigureAwait(false)).Result == SessionResult.Opened;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Asks for what a function wants of the master, once: it may have other minions work, and nobody wants that twice.</summary>
    /// <param name="load">The command's fields; <c>id</c>, and what proves it, are added.</param>
    /// <returns>The answer; null where there is none that can be believed.</returns>
    public async Task<Value?> CommandAsync(MapValue load, TimeSpan timeout, CancellationToken stop)
    {
        load = load.With("id", options.Id.Text);
        if (_session is { Version: < 3 }) load = load.With("tok", identity.Token);
        try
        {
            var reading = await AskAsync(static lines => lines.Commands, load, timeout, tries: 1, static (session, question, reply) => session.OpenReply(question, reply), stop).ConfigureAwait(false);
            return reading.Result == SessionResult.Opened ? reading.Value : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async Task<SessionReading> AskAsync(Func<Lines, IRequester> requester, MapValue load, TimeSpan timeout, int tries, Opening open, CancellationToken stop)
    {
        for (var round = 0; ; round++)
        {
            var lines = _lines;
            if (_session is not { } session) return SessionReading.OldKeys;
            var question = session.Seal(load, clock);
            var reading = open(session, question, await RequestAsync(lines, requester(lines), question.Frame, timeout, tries, stop).ConfigureAwait(false));
            if (reading.Result != SessionResult.NeedsSignIn || round > 0) return reading;
            if (await SignInAsync(session, stop).ConfigureAwait(false) is not SignInOutcome.Accepted) return reading;
        }
    }

    // The same bytes again: the master may see a request twice, and knows.
    private static async Task<ReadOnlyMemory<byte>> RequestAsync(Lines lines, IRequester requester, ReadOnlyMemory<byte> frame, TimeSpan timeout, int tries, CancellationToken stop)
    {
        for (var left = tries; ; left--)
            try
            {
                return await requester.RequestAsync(frame, timeout, stop).ConfigureAwait(false);
            }
            catch (TimeoutException) when (left > 1)
            {
                // Lost on the way, or the master is busy: once more.
            }
            catch (Exception closed) when (lines.IsClosed && closed is not TimeoutException && !stop.IsCancellationRequested)
            {
                throw new TimeoutException("the minion has turned to another master", closed);
            }
    }

    public async ValueTask DisposeAsync()
    {
        await _lines.DisposeAsync().ConfigureAwait(false);
        _signingIn.Dispose();
    }
}

/// <summary>The master gave an answer that is none.</summary>
public sealed class MasterAnswerRefused(string message) : Exception(message);
