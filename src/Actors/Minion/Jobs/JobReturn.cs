using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>A job's return as it is sent: what one function, or each of several, came to.</summary>
public static class JobReturn
{
    // Fields of the publish that travel back.
    private static readonly string[] PassedBack = ["metadata", "master_id", "ret_config", "ret_kwargs"];

    /// <summary>The load of one function's outcome.</summary>
    public static MapValue Of(string id, MapValue publish, ListValue funArgs, CallOutcome outcome)
    {
        var load = Frame(id, publish, outcome.Success, outcome.Return, outcome.Retcode, funArgs);
        return outcome.Outputter is { } outputter ? load.With("out", outputter) : load;
    }

    /// <summary>The load of a compound call: maps by function, or by place with <c>multifunc_ordered</c>.</summary>
    public static MapValue OfSeveral(string id, MapValue publish, ListValue funArgs, IReadOnlyList<(string Function, CallOutcome Outcome)> outcomes, bool isOrdered)
    {
        var (returns, retcodes, successes) = (new MapValue.Builder(), new MapValue.Builder(), new MapValue.Builder());
        for (var i = 0; i < outcomes.Count; i++)
        {
            var key = isOrdered ? i.ToString(System.Globalization.CultureInfo.InvariantCulture) : outcomes[i].Function;
            (returns[key], retcodes[key], successes[key]) = (outcomes[i].Outcome.Return, outcomes[i].Outcome.Retcode, outcomes[i].Outcome.Success);
        }
        return Frame(id, publish, successes.Build(), returns.Build(), retcodes.Build(), funArgs);
    }

    private static MapValue Frame(string id, MapValue publish, Value success, Value value, Value retcode, ListValue funArgs)
    {
        var load = new MapValue.Builder(12)
        {
            ["cmd"] = "_return",
            ["id"] = id,
            ["success"] = success,
            ["return"] = value,
            ["retcode"] = retcode,
            ["jid"] = publish.Get("jid") ?? "",
            ["fun"] = publish.Get("fun") ?? "",
            ["fun_args"] = funArgs,
        };
        if (publish.Get("user") is { } user) load["user"] = user;
        foreach (var field in PassedBack)
            if (publish.Get(field) is { } passed) load[field] = passed;
        return load.Build();
    }
}
