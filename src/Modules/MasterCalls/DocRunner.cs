using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.MasterCalls;

/// <summary>The runner <c>doc</c>: documentation of what can be called.</summary>
/// <remarks>Follows Salt 3006, salt/runners/doc.py.</remarks>
public static class DocRunner
{
    /// <summary>Documentation of all runners.</summary>
    /// <returns>Function to text.</returns>
    /// <example><code>salt-run doc.runner</code></example>
    [SaltRunner("doc.runner")]
    public static MapValue Runner(CallContext context) => Of(context, FunctionKind.Runner);

    /// <summary>Documentation of all wheel functions.</summary>
    /// <returns>Function to text.</returns>
    /// <example><code>salt-run doc.wheel</code></example>
    [SaltRunner("doc.wheel")]
    public static MapValue Wheel(CallContext context) => Of(context, FunctionKind.Wheel);

    /// <summary>Documentation of all execution functions, from the minions.</summary>
    /// <returns>Function to text, all minions' answers as one.</returns>
    /// <example><code>salt-run doc.execution</code></example>
    [SaltRunner("doc.execution")]
    public static async Task<MapValue> Execution(CallContext context)
    {
        var docs = MapValue.Empty;
        foreach (var (_, answer) in await SaltRunner.CallAsync(context, "*", "glob", "sys.doc", CallArguments.None).ConfigureAwait(false))
            if (answer is MapValue map) docs = docs.Over(map);
        return docs;
    }

    private static MapValue Of(CallContext context, FunctionKind kind) =>
        MapValue.From(context.Functions.OfKind(kind).Select(f => KeyValuePair.Create(f.Name, (Value)f.Doc)));
}
