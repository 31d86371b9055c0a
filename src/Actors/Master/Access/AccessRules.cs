using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary>One function of a job, as rules see it.</summary>
/// <param name="Keywords">Those that the caller marked as such; text of the form <c>k=v</c> is positional.</param>
public sealed record CalledFunction(string Name, ImmutableArray<Value> Positional, MapValue Keywords)
{
    /// <summary>Every function of a publish, with its own arguments.</summary>
    public static ImmutableArray<CalledFunction> Of(Value function, ListValue arguments)
    {
        if (function is not ListValue functions) return [Of(function.ToString(), arguments)];
        return [.. functions.Select((f, i) => Of(f.ToString(), i < arguments.Count && arguments[i] is ListValue own ? own : ListValue.Empty))];
    }

    private static CalledFunction Of(string name, ListValue arguments)
    {
        var split = CallArguments.FromLoad(arguments);
        return new CalledFunction(name, split.Positional, split.Keywords);
    }
}

/// <summary>Which minions a rule's target means: all its ids, given the text of a compound target.</summary>
public delegate IReadOnlySet<string> RuleTarget(string compound);

/// <summary>What one user may do. Rules only allow; what none of them allows is refused.</summary>
/// <remarks>
/// Shapes, as under <c>external_auth</c> and <c>publisher_acl</c>: text is an expression that a function's name must begin with; a map of one
/// entry is either <c>target: functions</c> or <c>'@runner' | '@wheel' | '@module': functions</c>; a function in there may be a map of one
/// entry, <c>expression: {args: [...], kwargs: {...}}</c>. Seen on Salt 3006: expressions are Python's and bound to the beginning only.
/// </remarks>
public sealed class AccessRules
{
    // Whoever may run a job may ask whether it still runs.
    private const string AlwaysAllowed = "saltutil.find_job";
    private readonly ImmutableArray<Value> _rules;

    private AccessRules(ImmutableArray<Value> rules) => _rules = rules;

    public static readonly AccessRules None = new([]);

    public bool IsEmpty => _rules.IsEmpty;

    public static AccessRules Of(Value? rules) => new(rules switch
    {
        ListValue list => [.. list],
        TextValue text => [text],
        MapValue map => [map],
        _ => [],
    });

    public AccessRules And(AccessRules others) => new(_rules.AddRange(others._rules));

    public ListValue ToValue() => ListValue.From(_rules);

    /// <summary>What is written down but can never allow anything, for a warning when the master starts.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var rule in _rules)
            switch (rule)
            {
                case TextValue { Text: ['@', ..] }: break;
                case TextValue text when PythonRegex.Compile(text.Text, out var problem) is null: yield return $"'{text.Text}' is no regular expression: {problem}"; break;
                case TextValue: break;
                case MapValue { Count: 1 }: break;
                case MapValue map: yield return $"{PythonText.Repr(map)} has {map.Count} entries where one was expected; write one list item for each target"; break;
                default: yield return $"{PythonText.Repr(rule)} is a {rule.KindName} where text or a map was expected"; break;
            }
    }

    /// <summary>The compound targets that rules name.</summary>
    public IEnumerable<string> Targets() => _rules.OfType<MapValue>().Where(m => m.Count == 1).Select(m => m[0].Key.ToString()).Where(t => t is not ['@', ..]).Distinct();

    /// <summary>True where every function may run on every one of the minions.</summary>
    /// <param name="minions">Those that the job's target means.</param>
    /// <param name="mayBeElsewhere">True where minions of lower masters may answer too: then that nobody is known allows nothing (CVE-2022-22941).</param>
    public bool MayPublish(ImmutableArray<CalledFunction> functions, IReadOnlyCollection<string> minions, RuleTarget target, bool mayBeElsewhere)
    {
        foreach (var function in functions)
            if (function.Name != AlwaysAllowed && !_rules.Any(rule => Allows(rule, function))) return false;
        return !functions.IsEmpty;

        bool Allows(Value rule, CalledFunction function) => rule switch
        {
            TextValue { Text: ['@', ..] } => false,
            TextValue text => Begins(text.Text, function.Name),
            MapValue { Count: 1 } map when map[0].Key.ToString() is var named && named is not ['@', ..] =>
                IsWithin(named) && AnyAllows(map[0].Value, function, function.Name),
            _ => false,
        };

        bool IsWithin(string named) => minions.Count > 0 ? target(named).IsSupersetOf(minions) : !mayBeElsewhere;
    }

    /// <summary>True where a function of the master itself may run.</summary>
    /// <param name="form"><c>runner</c> or <c>wheel</c>.</param>
    public bool MayRun(string form, CalledFunction function)
    {
        var (module, name) = function.Name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? (function.Name[..dot], function.Name[(dot + 1)..]) : (function.Name, "");
        return _rules.Any(rule => rule switch
        {
            TextValue { Text: ['@', .. var named] } => named == module || IsForm(named),
            MapValue { Count: 1 } map when map[0].Key.ToString() is ['@', .. var named] =>
                named == module && AnyAllows(map[0].Value, function, name) || IsForm(named) && AnyAllows(map[0].Value, function, function.Name),
            _ => false,
        });

        bool IsForm(string named) => named == form || named == form + "s";
    }

    private static bool AnyAllows(Value functions, CalledFunction function, string name) => functions switch
    {
        ListValue list => list.Any(one => AnyAllows(one, function, name)),
        TextValue text => Begins(text.Text, name),
        MapValue { Count: 1 } map => Begins(map[0].Key.ToString(), name) && AllowsArguments(map[0].Value, function),
        _ => false,
    };

    // A null instead of an expression lets any value pass, but it must be there.
    private static bool AllowsArguments(Value rule, CalledFunction function)
    {
        if (rule is not MapValue wanted) return false;
        var positional = wanted.ListOf("args");
        if (function.Positional.Length < positional.Count) return false;
        for (var i = 0; i < positional.Count; i++)
            if (!Fits(positional[i], function.Positional[i])) return false;
        return wanted.MapOf("kwargs").All(one => function.Keywords.Get(one.Key) is { } given && Fits(one.Value, given));
    }

    private static bool Fits(Value rule, Value given) => rule.IsNull || Begins(rule.ToString(), given.ToString());

    private static bool Begins(string expression, string text) => PythonRegex.Matches(PythonRegex.Compile(expression), text);
}
