using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary>High data to low chunks, in the order in which they run.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, compile_high_data() and order_chunks().</remarks>
public static class Chunks
{
    private const double Behind = 1_000_000, PerName = 10_000;

    /// <param name="orchestrationJid">Carried by every chunk of an orchestration; null for none.</param>
    public static ImmutableArray<LowChunk> Of(HighData high, string? orchestrationJid = null)
    {
        var chunks = new List<(MapValue Data, int? Place)>();
        foreach (var id in high.Ids)
            foreach (var (module, arguments) in id.WellFormed)
                if (!module.StartsWith("__", StringComparison.Ordinal)) chunks.AddRange(Read(id, module, arguments, orchestrationJid));
        return Ordered(chunks);
    }

    private static IEnumerable<(MapValue, int?)> Read(HighId id, string module, ListValue arguments, string? orchestrationJid)
    {
        var chunk = new MapValue.Builder { IsOrdered = true, ["state"] = module, ["name"] = id.Id };
        if (orchestrationJid is not null) chunk["__orchestration_jid__"] = orchestrationJid;
        (chunk["__sls__"], chunk["__env__"], chunk["__id__"]) = (id.Sls, id.SaltEnv, id.Id);
        List<string> functions = [];
        List<Value> names = [];
        foreach (var argument in arguments)
            if (argument is TextValue { Text: var function }) functions.Add(function);
            else if (argument is MapValue map)
                foreach (var (key, value) in map)
                    switch (key.AsText())
                    {
                        case "names":
                            foreach (var name in value is ListValue list ? list : ListValue.Empty)
                                if (!names.Contains(name)) names.Add(name);
                            break;
                        case "state": break;
                        case "name" when value is not TextValue: break;
                        default: chunk[key] = value; break;
                    }
        var shared = chunk.Build();
        foreach (var function in functions.Distinct())
            if (names.Count == 0) yield return (shared.With("fun", function), null);
            else
                for (var i = 0; i < names.Count; i++) yield return (OfName(shared, names[i]).With("fun", function), i + 1);
    }

    private static MapValue OfName(MapValue shared, Value name)
    {
        if (name is not MapValue { Count: > 0 } map) return shared.With("name", name);
        var own = shared.With("name", map[0].Key);
        return map[0].Value is ListValue more ? more.OfType<MapValue>().Aggregate(own, (all, one) => all.Over(one)) : own;
    }

    private static ImmutableArray<LowChunk> Ordered(List<(MapValue Data, int? Place)> chunks)
    {
        long cap = 1;
        foreach (var (data, _) in chunks)
            if (data.Get("order") is IntegerValue whole && whole.AsInteger() is { } order && order > cap - 1 && order > 0) cap = order + 100;
        return [.. chunks.Select(c => Place(c.Data, c.Place, cap)).OrderBy(c => c.Order).ThenBy(c => $"{c.Data.Get("state")}{c.Data.Get("name")}{c.Data.Get("fun")}", StringComparer.Ordinal).Select(c => new LowChunk(c.Data))];
    }

    private static (MapValue Data, double Order) Place(MapValue data, int? place, long cap)
    {
        Value order = data.Get("order") switch
        {
            null => cap,
            IntegerValue or FloatValue => data.Get("order")!,
            TextValue { Text: "last" } => cap + (long)Behind,
            TextValue { Text: "first" } => 0,
            _ => cap,
        };
        if (place is { } at) order = Number(order) + at / PerName;
        if (Number(order) < 0) order = order is IntegerValue ? cap + (long)Behind + order.AsInteger()!.Value : cap + Behind + Number(order);
        return (data.With("order", order), Number(order));
    }

    private static double Number(Value order) => order is FloatValue real ? real.Number : order.AsInteger() ?? 0;
}
