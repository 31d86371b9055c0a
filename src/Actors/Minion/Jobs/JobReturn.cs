using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>A job's return as it is sent: what one function, or each of several, came to.</summary>
/// <remarks>The fields of Salt 3006's <c>_return</c>: <c>cmd id success return retcode jid fun fun_args [user] [metadata …] [out]</c>.</remarks>
public static class JobReturn
{
    // Fields of the publish that travel back.
    private static readonly string[] PassedBack = ["user", "metadata", "master_id", "schedule", "ret_config", "ret_kwargs"];

    /// <summary>The load of one function's outcome.</summary>
    /// <param name="publish">The publish load, whose <c>arg</c> becomes <c>fun_args</c>.</param>
    public static MapValue Of(MinionId id, MapValue publish, CallOutcome outcome)
    {
        var load = Frame(id, publish, outcome.Success, outcome.Return, outcome.Retcode);
        return outcome.Outputter is { } outputter ? load.With("out", outputter) : load;
    }

    /// <summary>The load of a compound call: maps by function, or lists in the order of the call with <c>multifunc_ordered</c>.</summary>
    public static MapValue OfSeveral(MinionId id, MapValue publish, ImmutableArray<(string Function, CallOutcome Outcome)> outcomes, bool isOrdered) =>
        Frame(id, publish, Each(outcomes, isOrdered, o => o.Success), Each(outcomes, isOrdered, o => o.Return), Each(outcomes, isOrdered, o => o.Retcode));

    private static Value Each(ImmutableArray<(string Function, CallOutcome Outcome)> outcomes, bool isOrdered, Func<CallOutcome, Value> part) => isOrdered
        ? ListValue.From(outcomes.Select(o => part(o.Outcome)))
        : MapValue.From(outcomes.Select(o => KeyValuePair.Create(o.Function, part(o.Outcome))));

    private static MapValue Frame(MinionId id, MapValue publish, Value success, Value value, Value retcode)
    {
        var load = new MapValue.Builder(12)
        {
            ["cmd"] = "_return",
            ["id"] = id.Text,
            ["success"] = success,
            ["return"] = value,
            ["retcode"] = retcode,
            ["jid"] = publish.Get("jid") ?? "",
            ["fun"] = publish.Get("fun") ?? "",
            ["fun_args"] = CallArguments.Unmarked(publish.ListOf("arg")),
        };
        foreach (var field in PassedBack)
            if (publish.Get(field) is { } passed) load[field] = passed;
        return load.Build();
    }
}
