using SaltActors.Core.Values;

namespace SaltActors.States.Files;

/// <summary>The options that a file server's side gives to those who run states: <c>_master_opts</c>. Nothing else of its configuration leaves it.</summary>
public static class FileServerOptions
{
    private static readonly (string Name, Value Standard)[] Always = [("top_file_merging_strategy", "merge"), ("env_order", ListValue.Empty), ("default_top", "base")];
    private static readonly (string Name, Value Standard)[] More =
    [
        ("renderer", "jinja|yaml"), ("failhard", false), ("state_top", "top.sls"), ("state_top_saltenv", Value.Null), ("nodegroups", MapValue.Empty),
        ("state_auto_order", true), ("state_events", false), ("state_aggregate", false), ("jinja_env", MapValue.Empty), ("jinja_sls_env", MapValue.Empty),
        ("jinja_lstrip_blocks", false), ("jinja_trim_blocks", false),
    ];

    /// <param name="environmentsOnly">Only what tells the order of environments.</param>
    public static MapValue Of(MapValue options, bool environmentsOnly)
    {
        var answer = new MapValue.Builder { ["file_roots"] = MapValue.From(options.MapOf("file_roots").Select(e => KeyValuePair.Create(e.Key, (Value)ListValue.Empty))) };
        foreach (var (name, standard) in Always) answer[name] = options.Get(name) ?? standard;
        if (!environmentsOnly)
            foreach (var (name, standard) in More) answer[name] = options.Get(name) ?? standard;
        return answer.Build();
    }
}
