using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Core.Jobs;

/// <summary>What somebody wants to have run: the publish load without its jid.</summary>
public sealed record JobRequest
{
    /// <summary>One name as text, or several as a list (a compound call).</summary>
    public required Value Function { get; init; }
    /// <summary>Positional arguments; keywords stand in one trailing map marked <c>__kwarg__</c>. A compound call has one list a function.</summary>
    public ListValue Arguments { get; init; } = ListValue.Empty;
    /// <summary>Text, or a list of ids for the type <c>list</c>.</summary>
    public required Value Target { get; init; }
    /// <summary><c>glob</c>, <c>list</c>, <c>grain</c>, <c>compound</c> …</summary>
    public string TargetType { get; init; } = "glob";
    /// <summary>Comma list of returners for the minion; empty for none.</summary>
    public string Returners { get; init; } = "";
    public string User { get; init; } = "";
    /// <summary>Seconds that lower masters may wait; only with <c>order_masters</c>.</summary>
    public long? Timeout { get; init; }
    /// <summary>Fields that travel with the load as they came: <c>metadata</c>, <c>ret_config</c>, <c>delimiter</c>, <c>module_executors</c> …</summary>
    public MapValue Extras { get; init; } = MapValue.Empty;

    public string Delimiter => Extras.TextOf("delimiter") ?? ":";

    public ImmutableArray<string> Functions => Function is ListValue list
        ? [.. list.Items.Select(f => f.ToString())]
        : [Function.ToString()];

    /// <summary>The same request, whose returns go to another returner too (<c>ext_job_cache</c>); unchanged where they do already, or where the name is empty.</summary>
    public JobRequest AlsoTo(string returner) =>
        returner.Length == 0 || Returners.Split(',').Contains(returner) ? this
        : this with { Returners = Returners.Length == 0 ? returner : $"{Returners},{returner}" };

    /// <summary>The publish load in the order in which Salt sends it.</summary>
    public MapValue ToLoad(Jid jid)
    {
        var load = new MapValue.Builder(12)
        {
            ["fun"] = Function,
            ["arg"] = Arguments,
            ["tgt"] = Target,
            ["jid"] = jid.Text,
            ["ret"] = Returners,
            ["tgt_type"] = TargetType,
        };
        foreach (var (key, value) in Extras) load[key] = value;
        if (User.Length > 0) load["user"] = User;
        if (Timeout is { } timeout) load["to"] = timeout;
        return load.Build();
    }
}
