using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Modules.DataStore;

namespace SaltActors.Modules.Matching;

/// <summary>The module <c>match</c>: whether a target means this minion.</summary>
/// <remarks>Follows Salt 3006, salt/modules/match.py. A target that means nothing means nobody.</remarks>
public static class MatchModule
{
    /// <summary>Whether a compound target means this minion.</summary>
    /// <param name="tgt">The target, as <c>G@os:Debian and web*</c>.</param>
    /// <param name="minionId">Another id to judge by.</param>
    /// <example><code>salt '*' match.compound 'L@cheese,foo and *'</code></example>
    [SaltFunction("match.compound")]
    public static bool Compound(CallContext context, Value tgt, string? minionId = null) => Matches(context, tgt, "compound", minionId);

    /// <summary>Whether this minion has an address, or one in a network.</summary>
    /// <param name="tgt">An address or a network.</param>
    /// <example><code>salt '*' match.ipcidr '192.168.44.0/24'</code></example>
    [SaltFunction("match.ipcidr")]
    public static bool Ipcidr(CallContext context, Value tgt) => Matches(context, tgt, "ipcidr");

    /// <summary>Whether this minion's pillar fits an expression.</summary>
    /// <param name="tgt">The path, and a regular expression for its end.</param>
    /// <param name="delimiter">What stands between the keys.</param>
    /// <example><code>salt '*' match.pillar_pcre 'cheese:(swiss|american)'</code></example>
    [SaltFunction("match.pillar_pcre")]
    public static bool PillarPcre(CallContext context, Value tgt, string delimiter = ":") => Matches(context, tgt, "pillar_pcre", null, delimiter);

    /// <summary>Whether this minion's pillar fits a pattern.</summary>
    /// <param name="tgt">The path, and a pattern for its end.</param>
    /// <param name="delimiter">What stands between the keys.</param>
    /// <example><code>salt '*' match.pillar 'cheese:foo'</code></example>
    [SaltFunction("match.pillar")]
    public static bool Pillar(CallContext context, Value tgt, string delimiter = ":") => Matches(context, tgt, "pillar", null, delimiter);

    /// <summary>Whether this minion's data store fits a pattern.</summary>
    /// <param name="tgt">The key, and a pattern for its value.</param>
    /// <example><code>salt '*' match.data 'spam:eggs'</code></example>
    [SaltFunction("match.data")]
    public static bool Data(CallContext context, Value tgt) => Matches(context, tgt, "data");

    /// <summary>Whether this minion's grains fit an expression.</summary>
    /// <param name="tgt">The path, and a regular expression for its end.</param>
    /// <param name="delimiter">What stands between the keys.</param>
    /// <example><code>salt '*' match.grain_pcre 'os:Fedo.*'</code></example>
    [SaltFunction("match.grain_pcre")]
    public static bool GrainPcre(CallContext context, Value tgt, string delimiter = ":") => Matches(context, tgt, "grain_pcre", null, delimiter);

    /// <summary>Whether this minion's grains fit a pattern.</summary>
    /// <param name="tgt">The path, and a pattern for its end.</param>
    /// <param name="delimiter">What stands between the keys.</param>
    /// <example><code>salt '*' match.grain 'os:Ubuntu'</code></example>
    [SaltFunction("match.grain")]
    public static bool Grain(CallContext context, Value tgt, string delimiter = ":") => Matches(context, tgt, "grain", null, delimiter);

    /// <summary>Whether this minion is in a list.</summary>
    /// <param name="tgt">Ids with commas between them, or a list.</param>
    /// <param name="minionId">Another id to judge by.</param>
    /// <example><code>salt '*' match.list 'server1,server2'</code></example>
    [SaltFunction("match.list")]
    public static bool List(CallContext context, Value tgt, string? minionId = null) => Matches(context, tgt, "list", minionId);

    /// <summary>Whether this minion's id fits an expression.</summary>
    /// <param name="tgt">A regular expression.</param>
    /// <param name="minionId">Another id to judge by.</param>
    /// <example><code>salt '*' match.pcre '.*'</code></example>
    [SaltFunction("match.pcre")]
    public static bool Pcre(CallContext context, Value tgt, string? minionId = null) => Matches(context, tgt, "pcre", minionId);

    /// <summary>Whether this minion's id fits a pattern.</summary>
    /// <param name="tgt">The pattern.</param>
    /// <param name="minionId">Another id to judge by.</param>
    /// <example><code>salt '*' match.glob '*'</code></example>
    [SaltFunction("match.glob")]
    public static bool Glob(CallContext context, Value tgt, string? minionId = null) => Matches(context, tgt, "glob", minionId);

    /// <summary>The first entry of a table whose key, a target, means this minion.</summary>
    /// <param name="lookup">Targets to values.</param>
    /// <param name="tgtType">The kind of the targets.</param>
    /// <param name="minionId">Another id to judge by.</param>
    /// <param name="merge">A map laid over the entry, as from pillar.</param>
    /// <param name="mergeLists">Join lists too.</param>
    /// <param name="default">The key to take where none fits.</param>
    /// <returns>The entry; null where there is none.</returns>
    /// <example><code>salt '*' match.filter_by '{foo*: Foo!, bar*: Bar!}' minion_id=bar03</code></example>
    [SaltFunction("match.filter_by")]
    public static Value FilterBy(
        CallContext context, MapValue lookup, string tgtType = "compound", string? minionId = null, Value? merge = null, bool mergeLists = false, string @default = "default")
    {
        var fitting = lookup.Where(e => Matches(context, e.Key, tgtType, minionId)).Select(e => e.Value).FirstOrDefault();
        return TargetTable.Merged(fitting ?? lookup.Get(@default), merge, mergeLists);
    }

    /// <summary>The keys of a table one of whose targets means this minion.</summary>
    /// <param name="lookup">Names to a target, or a list of targets.</param>
    /// <param name="tgtType">The kind of the targets.</param>
    /// <param name="minionId">Another id to judge by.</param>
    /// <returns>A list; null where there is none.</returns>
    /// <example><code>salt '*' match.search_by '{web: [node1, node2], db: [node2, node]}'</code></example>
    [SaltFunction("match.search_by")]
    public static Value SearchBy(CallContext context, MapValue lookup, string tgtType = "compound", string? minionId = null)
    {
        var found = ListValue.From(lookup.Where(e => (e.Value is ListValue list ? list.Items : [e.Value]).Any(t => Matches(context, t, tgtType, minionId))).Select(e => e.Key));
        return found.Count > 0 ? found : Value.Null;
    }

    /// <summary>The value behind the first target that means this minion; the last argument where none does.</summary>
    /// <param name="args">Target and value by turns, and a default at the end.</param>
    /// <param name="kwargs"><c>tgt_type</c> (compound), <c>minion_id</c>, <c>merge</c>, <c>merge_lists</c>, as for <c>match.filter_by</c>.</param>
    /// <exception cref="NamedError">The default is missing.</exception>
    /// <example><code>salt '*' match.ifelse 'foo*' 'Foo!' 'bar*' 'Bar!' 'neither'</code></example>
    [SaltFunction("match.ifelse")]
    public static Value Ifelse(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        if (args.Count % 2 == 0) throw new NamedError("SaltException", "The ifelse function must have an odd number of arguments!");
        var picked = args[args.Count - 1];
        for (var i = 0; i + 1 < args.Count; i += 2)
            if (Matches(context, args[i], kwargs.TextOf("tgt_type") ?? "compound", kwargs.TextOf("minion_id")))
            {
                picked = args[i + 1];
                break;
            }
        return TargetTable.Merged(picked, kwargs.Get("merge"), kwargs.Get("merge_lists") is { IsTruthy: true });
    }

    internal static bool Matches(CallContext context, Value target, string kind, string? minionId = null, string delimiter = ":")
    {
        var id = string.IsNullOrEmpty(minionId) ? context.MinionId : minionId;
        if (!MinionId.TryParse(id, out var self)) throw new CommandFailed($"'{id}' is no id of a minion");
        var facts = new MinionFacts(self, context.Grains, context.Pillar) { Data = kind == "data" ? DataModule.Store(context).Read() : MapValue.Empty };
        return MinionMatcher.Matches(TargetParser.Parse(target, kind, delimiter, context.Options.MapOf("nodegroups")), facts);
    }
}
