using SaltActors.Core.Values;

namespace SaltActors.States.Compiler;

/// <summary>One id of the high data: module → its arguments, of which one text is the function.</summary>
public sealed class HighId(Value id, string sls, string saltenv)
{
    public Value Id { get; } = id;
    /// <summary>False where one function stands behind the id and nothing else: Salt has it as a map without an order, which is printed sorted.</summary>
    public bool IsMap { get; init; } = true;
    public string Sls { get; } = sls;
    public string SaltEnv { get; } = saltenv;
    /// <summary>What stands under the id; a list where it is well-formed.</summary>
    public OrderedDictionary<Value, Value> Modules { get; } = [];

    /// <summary>The modules that are lists of arguments, as they are to be.</summary>
    public IEnumerable<(string Module, ListValue Arguments)> WellFormed => Modules.Where(m => m.Value is ListValue && m.Key is TextValue)
        .Select(m => (m.Key.ToString(), (ListValue)m.Value));

    /// <summary>Only real modules: keys that begin with two underscores belong to the compiler.</summary>
    public IEnumerable<KeyValuePair<Value, Value>> Declared => Modules.Where(m => m.Key.AsText()?.StartsWith("__", StringComparison.Ordinal) != true);

    public ListValue? Arguments(string module) => Modules.TryGetValue(module, out var arguments) ? arguments as ListValue : null;

    public MapValue ToValue()
    {
        var map = new MapValue.Builder { IsOrdered = IsMap };
        foreach (var (module, arguments) in Modules) map[module] = arguments;
        map["__sls__"] = Sls;
        map["__env__"] = SaltEnv;
        return map.Build();
    }
}

/// <summary>What the SLS files say, rendered and laid together: ids in their order, and what is to be extended and left out.</summary>
public sealed class HighData
{
    private readonly OrderedDictionary<Value, HighId> _ids = [];

    public IReadOnlyList<HighId> Ids => [.. _ids.Values];
    /// <summary>Extensions as they were met: id → module → arguments, and where they were written.</summary>
    public List<HighId> Extends { get; } = [];
    /// <summary>What is left out: texts, or maps of <c>sls</c> or <c>id</c>, in an environment.</summary>
    public List<Value> Excludes { get; } = [];

    public HighId? Find(Value id) => _ids.GetValueOrDefault(id);
    public bool TryAdd(HighId id) => _ids.TryAdd(id.Id, id);
    public void Remove(Value id) => _ids.Remove(id);

    public MapValue ToValue()
    {
        var map = new MapValue.Builder { IsOrdered = true };
        foreach (var (id, body) in _ids) map[id] = body.ToValue();
        return map.Build();
    }

    /// <summary>High data as somebody gives it, whole: <c>state.high</c>, a template.</summary>
    public static HighData From(MapValue data, List<string> errors)
    {
        var high = new HighData();
        var reader = new SlsReader(new AutoOrder(isOn: true), errors);
        foreach (var id in reader.Ids(data, "", "base")) high.TryAdd(id);
        return high;
    }
}
