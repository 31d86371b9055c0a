using SaltActors.Core.Targets;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary>The options <c>peer</c> and <c>peer_run</c>: which minions may have others, or the master, run something. Without them nobody may.</summary>
public sealed class PeerRules(MapValue option)
{
    // A minion that publishes a publish would hide behind others.
    private const string Nested = "publish.";

    /// <summary>The rules of every entry whose expression the minion's id begins with.</summary>
    public AccessRules RulesFor(string minion)
    {
        var rules = AccessRules.None;
        foreach (var entry in option)
            if (PythonRegex.Matches(PythonRegex.Compile(entry.Key.ToString()), minion)) rules = rules.And(AccessRules.Of(entry.Value));
        return rules;
    }

    public static bool IsNested(CalledFunction function) => function.Name.StartsWith(Nested, StringComparison.Ordinal);
}
