using System.Threading.Channels;
using SaltActors.Client.Link;
using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Client.Runners;

/// <summary>What came of a runner: the map that the master told the bus under <c>salt/run/&lt;jid&gt;/ret</c>.</summary>
public sealed record RunnerResult(Jid Jid, Value Return, bool Success, string? Outputter, int Retcode);

/// <summary>Runs a function on the master and waits for its result.</summary>
public static class RunnerCall
{
    /// <summary>The load of a runner call, as our masters and genuine ones take it.</summary>
    /// <param name="wished">The jid that it shall have; null leaves it to the master.</param>
    public static MapValue Load(string function, CallArguments arguments, Jid? wished = null)
    {
        var load = MapValue.Of(
            ("cmd", "runner"), ("fun", function),
            ("kwarg", MapValue.Of(("arg", new ListValue(arguments.Positional)), ("kwarg", arguments.Keywords))));
        return wished is { } jid ? load.With("jid", jid.Text) : load;
    }

    /// <summary>Starts a runner.</summary>
    /// <exception cref="MasterRefused">The master says no.</exception>
    /// <exception cref="MasterUnreachable">There is no master, or its answer is none.</exception>
    public static async Task<Jid> StartAsync(IMasterLink link, string function, CallArguments arguments, TimeSpan timeout, CancellationToken stop, Jid? wished = null)
    {
        var reply = await link.AskAsync(Load(function, arguments, wished), timeout, stop).ConfigureAwait(false);
        if (reply is MapValue map && Jid.TryParse(map.TextOf("jid"), out var jid)) return jid;
        MasterRefused.ThrowIfRefused(reply);
        throw new MasterUnreachable($"the master gave an answer that is none: {PythonText.Repr(reply)}");
    }

    /// <summary>Starts a runner and waits until its result is told.</summary>
    /// <exception cref="MasterUnreachable">There is no master, it refuses, or it goes away.</exception>
    public static async Task<RunnerResult> RunAsync(IMasterLink link, string function, CallArguments arguments, TimeSpan timeout, CancellationToken stop, Jid? wished = null)
    {
        var jid = await StartAsync(link, function, arguments, timeout, stop, wished).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var happened = await link.Events.ReadAsync(stop).ConfigureAwait(false);
                if (happened.Tag == EventTags.RunReturn(jid)) return Read(jid, happened.Data);
            }
        }
        catch (ChannelClosedException cause)
        {
            throw new MasterUnreachable("The master went away before the runner ended.", cause);
        }
    }

    private static RunnerResult Read(Jid jid, MapValue data) => new(
        jid, data.Get("return") ?? Value.Null, data.Get("success") is not { IsTruthy: false }, data.TextOf("out"), (int)(data.Get("retcode")?.AsInteger() ?? 0));
}
