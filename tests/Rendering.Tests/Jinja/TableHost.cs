using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Tests.Jinja;

/// <summary>A host of tables: templates by name, variables, and the few functions that recorded cases call.</summary>
internal sealed class TableHost(Func<string, TemplateSource?> load, MapValue variables) : ITemplateHost
{
    private static readonly string[] Modules = ["grains", "pillar", "match", "cmd", "file", "test", "slsutil"];
    private readonly MapValue _grains = variables.MapOf("grains"), _pillar = variables.MapOf("pillar");

    public TableHost(params (string Name, string Text)[] templates)
        : this(name => Array.Find(templates, t => t.Name == name) is { Text: { } text } ? new TemplateSource(name, text) : null, MapValue.Empty)
    {
    }

    public IReadOnlyDictionary<string, Value> Variables { get; } = variables.ToDictionary(v => v.Key.AsText()!, v => v.Value);
    public TemplateSource? Load(string path) => load(path);
    public bool HasModule(string name) => Modules.Contains(name);

    public bool HasFunction(string name) => name is "grains.get" or "grains.item" or "grains.filter_by" or "pillar.get" or "pillar.filter_by" or "match.filter_by"
        or "cmd.run" or "file.stats" or "test.echo" or "slsutil.renderer";

    public Value Call(string name, ListValue arguments, MapValue keywords) => name switch
    {
        "grains.get" => KeyPath.Find(_grains, arguments[0].AsText()!) ?? (arguments.Count > 1 ? arguments[1] : ""),
        "grains.item" => MapValue.From(arguments.Select(a => KeyValuePair.Create(a, _grains.Get(a) ?? ""))),
        "pillar.get" => PillarGet(arguments[0].AsText()!, arguments.Count > 1 ? arguments[1] : keywords.Get("default") ?? "", keywords.Get("merge")?.IsTruthy ?? false),
        "grains.filter_by" => FilterBy(arguments, keywords, _grains, "grain", "os_family"),
        "pillar.filter_by" => FilterBy(arguments, keywords, _pillar, "pillar", "role"),
        "match.filter_by" => ((MapValue)arguments[0]).FirstOrDefault(e => NamePattern.Matches(e.Key.AsText()!, "golden-minion")).Value ?? ((MapValue)arguments[0]).Get("default") ?? Value.Null,
        "file.stats" => throw new CommandFailed($"Path not found: {arguments[0]}"),
        "test.echo" => arguments.Count > 0 ? arguments[0] : throw new ArgumentRefused("echo() missing 1 required positional argument: 'text'"),
        "slsutil.renderer" => MapValue.Empty,
        _ => throw new CommandFailed($"{name} is not for tests"),
    };

    private Value PillarGet(string key, Value otherwise, bool merges) => KeyPath.Find(_pillar, key) is not { } found ? otherwise : merges ? Merge(otherwise, found) : found;

    private static Value FilterBy(ListValue arguments, MapValue keywords, MapValue facts, string factName, string usual)
    {
        Value? Argument(string name, int place) => keywords.Get(name) ?? (place < arguments.Count ? arguments[place] : null);
        var table = (MapValue)(Argument("lookup_dict", 0) ?? MapValue.Empty);
        var fact = KeyPath.Find(facts, Argument(factName, 1)?.AsText() ?? usual);
        var wanted = fact is ListValue list ? list.ToArray() : fact is null ? [] : [fact];
        var usualKey = Argument("default", 3) is { } given ? given : "default";
        var found = wanted.Select(w => table.FirstOrDefault(e => e.Key.Equals(w) || e.Key.AsText() is { } pattern && NamePattern.Matches(pattern, w.ToString())).Value).FirstOrDefault(v => v is not null)
            ?? table.Get(usualKey);
        if (Argument("base", 4) is TextValue under && table.Get(under) is { } whole) found = found is null ? whole : Merge(whole, found);
        if (Argument("merge", 2) is MapValue over) found = found is null ? over : Merge(found, over);
        return found ?? Value.Null;
    }

    private static Value Merge(Value under, Value over)
    {
        if (under is not MapValue into || over is not MapValue more) return over;
        var merged = into.ToBuilder();
        foreach (var (key, value) in more) merged[key] = merged.Get(key) is { } there ? Merge(there, value) : value;
        return merged.Build();
    }

    /// <summary>The pillar of a recorded case: every file that its top file names, one over the other.</summary>
    internal static MapValue PillarOf(string folder)
    {
        Value pillar = MapValue.Empty;
        if (!Directory.Exists(folder)) return MapValue.Empty;
        foreach (var file in Directory.GetFiles(folder, "*.sls").Where(f => Path.GetFileName(f) != "top.sls").Order(StringComparer.Ordinal))
            pillar = Merge(pillar, YamlLoader.Load(File.ReadAllText(file), file));
        return (MapValue)pillar;
    }
}
