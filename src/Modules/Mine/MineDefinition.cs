using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Mine;

/// <summary>One entry of <c>mine_functions</c>: what to call, and who may read it.</summary>
/// <param name="Function">Null where the alias is the function's name.</param>
/// <param name="AllowTarget">Who may read it; null for all.</param>
internal sealed record MineDefinition(string Alias, string? Function, CallArguments Arguments, Value? AllowTarget, string? AllowTargetType)
{
    private const string FunctionKey = "mine_function", TargetKey = "allow_tgt", TargetTypeKey = "allow_tgt_type";

    public string Called => Function ?? Alias;

    /// <summary>Reads the option: a map of alias to arguments, or a list of names.</summary>
    public static IReadOnlyList<MineDefinition> ReadAll(Value? option) => option switch
    {
        MapValue map => [.. map.Select(e => Read(e.Key.ToString(), e.Value))],
        ListValue list => [.. list.SelectMany(e => e is MapValue map ? map.Select(m => Read(m.Key.ToString(), m.Value)) : [Read(e.ToString(), Value.Null)])],
        _ => [],
    };

    /// <summary>In a list, maps of one key are keywords; of the keywords, three are ours.</summary>
    public static MineDefinition Read(string alias, Value definition)
    {
        IEnumerable<Value> items = definition switch { ListValue list => list, MapValue map => [map], NullValue => [], var one => [one] };
        var (places, keywords) = (new List<Value>(), MapValue.Empty);
        foreach (var item in items)
            if (item is MapValue map && (definition is MapValue || map.Count == 1)) keywords = keywords.Over(map);
            else places.Add(item);
        return new(alias, keywords.TextOf(FunctionKey), new([.. places], keywords.Without(FunctionKey).Without(TargetKey).Without(TargetTypeKey)),
            keywords.Get(TargetKey) is { IsTruthy: true } target ? target : null, keywords.TextOf(TargetTypeKey));
    }

    /// <summary>The value as the master keeps it: as it is, or with who may read it.</summary>
    /// <remarks>Salt 3006, salt/utils/mine.py: version 1 of the wrapping.</remarks>
    public Value Wrap(Value value)
    {
        if (AllowTarget is null) return value;
        var wrapped = MapValue.Of(("__saltmine_acl__", 1), ("__data__", value), (TargetKey, AllowTarget));
        return AllowTargetType is null ? wrapped : wrapped.With(TargetTypeKey, AllowTargetType);
    }
}
