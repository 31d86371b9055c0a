using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Minion.Session;

/// <summary>
/// Talks with one master: signs in, seals questions, opens answers. Where the master no longer knows our keys it signs in again and asks once more.
/// Safe from every thread; sign-ins do not overlap.
/// </summary>
public sealed class MasterConversation(ITransport transport, MinionOptions options, ClientIdentity identity, MinionKeys keys, TimeProvider clock) : IAsyncDisposable
{
    // A version 3 request also signs in at masters that know only 2.
    private const int NewestVersion = 3;
    private readonly IRequester _requester = transport.Connect(options.RequestAddress, PortLimits.Default);
    private readonly SemaphoreSlim _signingIn = new(1, 1);
    private volatile MasterSession? _session;

    /// <summary>The keys of the last sign-in, or null before the first.</summary>
    public MasterSession? Session => _session;

    /// <summary>Signs in, unless somebody else just has.</summary>
    /// <param name="stale">The session that is known to be old; null where there is none.</param>
    public async Task<SignInOutcome> SignInAsync(MasterSession? stale, CancellationToken stop)
    {
        await _signingIn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (_session is { } fresh && !ReferenceEquals(fresh, stale)) return new SignInOutcome.Accepted(fresh, fresh.Master, false, null);
            var trust = keys.Trust();
            var signIn = new SignIn(identity, trust, NewestVersion, options.AutosignGrains);
            var outcome = signIn.Read(await RequestAsync(signIn.Frame, options.AuthTimeout, options.AuthTries, stop).ConfigureAwait(false));
            if (outcome is not SignInOutcome.Accepted accepted) return outcome;
            if (FingerRefused(accepted) is { } refused) return refused;
            if (accepted.IsNewMaster) keys.KeepMaster(accepted.Master);
            if (stale is not null) accepted.Session.Continue(stale);
            _session = accepted.Session;
            return accepted;
        }
        catch (TimeoutException late)
        {
            return new SignInOutcome.Failed($"the master does not answer: {late.Message}. Is it running, and does a firewall let port {options.MasterPort} through?", IsFatal: false);
        }
        finally
        {
            _signingIn.Release();
        }
    }

    /// <summary>Asks the master something; its answer opened, or why there is none.</summary>
    /// <param name="hasOwnToken">True for loads that carry the token themselves under version 2.</param>
    /// <exception cref="TimeoutException">The master does not answer.</exception>
    public Task<SessionReading> AskAsync(MapValue load, TimeSpan timeout, int tries, CancellationToken stop, bool hasOwnToken = false) =>
        AskAsync(load, timeout, tries, hasOwnToken, static (session, question, reply) => session.OpenReply(question, reply), stop);

    /// <summary>Asks for this minion's pillar.</summary>
    /// <exception cref="TimeoutException">The master does not answer.</exception>
    public Task<SessionReading> AskPillarAsync(MapValue load, TimeSpan timeout, int tries, CancellationToken stop) =>
        AskAsync(load, timeout, tries, false, static (session, question, reply) => session.OpenPillar(question, reply), stop);

    private async Task<SessionReading> AskAsync(MapValue load, TimeSpan timeout, int tries, bool hasOwnToken,
        Func<MasterSession, SealedQuestion, ReadOnlyMemory<byte>, SessionReading> open, CancellationToken stop)
    {
        for (var round = 0; ; round++)
        {
            if (_session is not { } session) return SessionReading.OldKeys;
            var question = session.Seal(hasOwnToken && session.Version < 3 ? load.With("tok", session.Token) : load, clock);
            var reading = open(session, question, await RequestAsync(question.Frame, timeout, tries, stop).ConfigureAwait(false));
            if (reading.Result != SessionResult.NeedsSignIn || round > 0) return reading;
            if (await SignInAsync(session, stop).ConfigureAwait(false) is not SignInOutcome.Accepted) return reading;
        }
    }

    // The same bytes again: the master may see a request twice, and knows.
    private async Task<ReadOnlyMemory<byte>> RequestAsync(ReadOnlyMemory<byte> frame, TimeSpan timeout, int tries, CancellationToken stop)
    {
        for (var left = tries; ; left--)
            try
            {
                return await _requester.RequestAsync(frame, timeout, stop).ConfigureAwait(false);
            }
            catch (TimeoutException) when (left > 1)
            {
                // Lost on the way, or the master is busy: once more.
            }
    }

    private SignInOutcome.Failed? FingerRefused(SignInOutcome.Accepted accepted)
    {
        if (options.MasterFinger.Length == 0) return null;
        var finger = accepted.Master.Fingerprint(options.HashType);
        return finger == options.MasterFinger ? null
            : new SignInOutcome.Failed($"the master's key has the fingerprint {finger}, and master_finger says {options.MasterFinger}; see salt-key -F on the master which is right", IsFatal: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _requester.DisposeAsync().ConfigureAwait(false);
        _signingIn.Dispose();
    }
}
