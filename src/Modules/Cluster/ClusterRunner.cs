using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Cluster;

/// <summary>The runner <c>cluster</c>: the master looks at itself. Genuine Salt has no such runner.</summary>
public static class ClusterRunner
{
    /// <summary>The live tree of the master's actors: what waits in each mailbox, and how often each was restarted.</summary>
    /// <returns>Text, one actor a line; with <c>raw=True</c> a map of <c>name</c>, <c>type</c>, <c>mailbox</c>, <c>restarts</c>, <c>children</c>.</returns>
    /// <param name="raw">Give the tree as a map, for programs.</param>
    /// <example><code>salt-run cluster.tree</code></example>
    [SaltRunner("cluster.tree")]
    public static async Task<Value> Tree(CallContext context, bool raw = false)
    {
        var cluster = CallServices.Need(context.Services.Cluster, "cluster.tree shows a running master");
        var tree = await cluster.TreeAsync(context.Stopped).ConfigureAwait(false);
        return raw ? tree : (Value)string.Join('\n', Draw(tree));
    }

    private static IEnumerable<string> Draw(MapValue tree)
    {
        var rows = new List<(string Name, MapValue Actor)>();
        Collect(tree, "", "", rows);
        var width = rows.Max(r => r.Name.Length) + 2;
        yield return $"{tree.TextOf("node") ?? "this node"}";
        yield return $"{"actor".PadRight(width)}{"type",-18}{"mailbox",8}{"restarts",10}";
        foreach (var (name, actor) in rows)
            yield return $"{name.PadRight(width)}{actor.TextOf("type"),-18}{actor.Get("mailbox"),8}{actor.Get("restarts"),10}";
    }

    private static void Collect(MapValue actor, string branch, string indent, List<(string, MapValue)> rows)
    {
        rows.Add((branch + actor.TextOf("name"), actor));
        var children = actor.ListOf("children").Items.OfType<MapValue>().ToList();
        for (var i = 0; i < children.Count; i++)
        {
            var isLast = i == children.Count - 1;
            Collect(children[i], indent + (isLast ? "└─ " : "├─ "), indent + (isLast ? "   " : "│  "), rows);
        }
    }
}
