using SaltActors.Client.Link;
using SaltActors.Core.Values;

namespace SaltActors.Client.Runners;

/// <summary>Runs a function that looks after the master, and has its result in the answer.</summary>
public static class WheelCall
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <param name="keywords">The function's arguments, by name; they stand in the load itself.</param>
    /// <exception cref="MasterRefused">The master says no, or the function failed.</exception>
    /// <exception cref="MasterUnreachable">There is no master, or its answer is none.</exception>
    public static async Task<Value> RunAsync(IMasterLink link, string function, MapValue keywords, CancellationToken stop)
    {
        var load = MapValue.Of(("cmd", "wheel"), ("fun", function)).Over(keywords);
        var reply = await link.AskAsync(load, AnswerTime, stop).ConfigureAwait(false);
        MasterRefused.ThrowIfRefused(reply);
        var data = (reply as MapValue)?.MapOf("data") ?? MapValue.Empty;
        if (data.Get("return") is not { } value) throw new MasterUnreachable($"the master gave an answer that is none: {PythonText.Repr(reply)}");
        return data.Get("success") is { IsTruthy: false } ? throw new MasterRefused("CommandExecutionError", value.ToString()) : value;
    }
}
