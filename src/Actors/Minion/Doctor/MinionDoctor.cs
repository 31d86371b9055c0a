using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using SaltActors.Actors.Minion.Session;
using SaltActors.Core.Values;
using SaltActors.Transport;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Minion.Doctor;

/// <summary>Walks from the minion to one master, link by link, and says which one is broken. It changes nothing, and makes no key.</summary>
public sealed class MinionDoctor(MinionOptions options, ITransport transport, TimeProvider clock)
{
    private const int StandardPublishPort = 4505;
    private static readonly string[] Links = ["disk", "name", "port", "keys", "sign-in", "protocol", "clock", "publish port"];

    /// <summary>How long each link may take to answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The links in their order; those behind a broken one are <see cref="Health.Unseen"/>.</summary>
    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken stop)
    {
        yield return DiskCheck.Look(options);
        var (seen, isBroken) = (1, false);
        await foreach (var finding in WalkAsync(stop).ConfigureAwait(false))
        {
            yield return finding;
            seen++;
            isBroken = finding.Health == Health.Broken;
            if (isBroken) break;
        }
        if (isBroken) foreach (var link in Links[seen..]) yield return new Finding(link, Health.Unseen, "not looked at, because of what is broken before");
    }

    private async IAsyncEnumerable<Finding> WalkAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var addresses = await Reach.ResolveAsync(options.Master, stop).ConfigureAwait(false);
        yield return addresses.Length == 0
            ? Broken("name", $"the name service does not know '{options.Master}': write the master's address into the minion's option 'master', or the name into /etc/hosts")
            : Good("name", $"{options.Master} is {string.Join(", ", addresses.Select(a => a.ToString()))}");
        var address = addresses[0];
        yield return await PortAsync("port", address, options.MasterPort, stop).ConfigureAwait(false);

        if (ReadKeys(out var identity, out var trust) is { } trouble)
        {
            yield return trouble;
            yield break;
        }
        yield return Good("keys", $"this is [{options.Id}], its key is {identity!.Keys.Public.Fingerprint(options.HashType)}"
            + (trust!.Known is { } known ? $"; the master's is known as {known.Fingerprint(options.HashType)}" : "; the master's is not known yet"));

        await using var requester = transport.Connect(options.RequestAddress, PortLimits.Default);
        var outcome = await SignInAsync(requester, identity, trust, stop).ConfigureAwait(false);
        yield return SignInFinding(outcome, identity);
        if (outcome is not SignInOutcome.Accepted accepted) yield break;

        yield return ProtocolFinding(accepted.Session.Version);
        yield return await ClockAsync(requester, accepted.Session, stop).ConfigureAwait(false);
        yield return await PortAsync("publish port", address, options.PublishPort ?? accepted.PublishPort ?? StandardPublishPort, stop).ConfigureAwait(false);
    }

    private async Task<Finding> PortAsync(string link, IPAddress address, int port, CancellationToken stop) =>
        await Reach.GreetAsync(address, port, Patience, stop).ConfigureAwait(false) is { } trouble
            ? Broken(link, $"{new IPEndPoint(address, port)}: {trouble}")
            : Good(link, $"{new IPEndPoint(address, port)} speaks ZeroMQ");

    private Finding? ReadKeys(out ClientIdentity? identity, out MasterTrust? trust)
    {
        (identity, trust) = (null, null);
        if (!File.Exists(Path.Combine(options.PkiDir, "minion.pem")))
            return Broken("keys", $"there is no key in {options.PkiDir}: start salt-minion once, it makes one and shows it to the master");
        var keys = new MinionKeys(options);
        try
        {
            (identity, trust) = (keys.LoadOrMake(), keys.Trust());
            return null;
        }
        catch (MinionKeysBroken broken)
        {
            return Broken("keys", broken.Message);
        }
    }

    private async Task<SignInOutcome> SignInAsync(IRequester requester, ClientIdentity identity, MasterTrust trust, CancellationToken stop)
    {
        var signIn = new SignIn(identity, trust, 3, options.AutosignGrains);
        try
        {
            return signIn.Read(await requester.RequestAsync(signIn.Frame, Patience, stop).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            return new SignInOutcome.Failed($"the port is open, but no answer came within {Patience.TotalSeconds:0} s: the master is overloaded or hangs", IsFatal: false);
        }
    }

    private Finding SignInFinding(SignInOutcome outcome, ClientIdentity identity) => outcome switch
    {
        SignInOutcome.Accepted { IsNewMaster: true } => Good("sign-in", "the master accepts this minion, and its own key is new here"),
        SignInOutcome.Accepted => Good("sign-in", "the master accepts this minion"),
        SignInOutcome.Pending => Broken("sign-in", $"the key waits at the master to be accepted: there, compare it with {identity.Keys.Public.Fingerprint(options.HashType)} (salt-key -f {options.Id}), then salt-key -a {options.Id}"),
        SignInOutcome.Refused => Broken("sign-in", $"the master refuses the key: it is rejected there, or another one is accepted as [{options.Id}]; see salt-key -f {options.Id} at the master; salt-key -d {options.Id} lets the minion begin anew"),
        SignInOutcome.Full => Broken("sign-in", "the master has as many minions as it may: raise max_minions there"),
        SignInOutcome.MasterChanged changed => Broken("sign-in", $"the master shows the key {changed.Offered.Fingerprint(options.HashType)}, and another one is known here: if it was set up anew, remove {Path.Combine(options.PkiDir, "minion_master.pub")}; if not, somebody stands in its place"),
        SignInOutcome.Failed failed => Broken("sign-in", failed.Reason),
        _ => Broken("sign-in", $"the master answered something unknown: {outcome}"),
    };

    private Finding ProtocolFinding(int version) => version switch
    {
        _ when version < options.MinimumMasterProtocol => Broken("protocol", $"the master speaks protocol {version}, and minimum_master_protocol is {options.MinimumMasterProtocol}: update the master, or lower the option"),
        < 3 => new Finding("protocol", Health.Weak, $"the master speaks protocol {version}: all its minions share one key; newer masters give each its own"),
        _ => Good("protocol", $"protocol {version}"),
    };

    // A master with request_server_ttl believes no request that says it is older, or from the future: only there clocks must agree.
    private async Task<Finding> ClockAsync(IRequester requester, MasterSession session, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var question = session.Seal(MapValue.Of(("cmd", "_file_envs"), ("id", options.Id.Text)), clock);
        try
        {
            var reading = session.OpenReply(question, await requester.RequestAsync(question.Frame, Patience, stop).ConfigureAwait(false));
            return reading.Result == SessionResult.Opened
                ? Good("clock", "a request was believed right after the sign-in")
                : Broken("clock", $"the master believes the sign-in, but no request ({reading.Reason}): it asks for clocks that agree (request_server_ttl), and this one says {now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC; set it right, or have it set (chrony, systemd-timesyncd)");
        }
        catch (TimeoutException)
        {
            return Broken("clock", $"the master accepts the sign-in, but did not answer a request within {Patience.TotalSeconds:0} s");
        }
    }

    private static Finding Good(string link, string text) => new(link, Health.Good, text);
    private static Finding Broken(string link, string text) => new(link, Health.Broken, text);
}
