using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>Documentation of functions as Salt prints it: a name, its text, an empty line.</summary>
internal static class Documentation
{
    /// <summary>The same documentation from every minion is one documentation.</summary>
    internal static MapValue Merged(IEnumerable<Value> returns)
    {
        var all = new MapValue.Builder();
        foreach (var docs in returns.OfType<MapValue>())
            foreach (var (name, doc) in docs) all[name] = doc;
        return all.Build();
    }

    /// <param name="isPlain">Never in the outputter that was chosen: <c>-d</c> of <c>salt-call</c> and <c>salt-run</c>.</param>
    internal static void Print(Printer printer, MapValue docs, bool isPlain = false)
    {
        foreach (var (name, doc) in docs.OrderBy(d => d.Key.ToString(), StringComparer.Ordinal))
            if (printer.IsChosen && !isPlain) printer.Print(MapValue.From([KeyValuePair.Create(name, doc)]), null);
            else printer.Line($"{name}:\n{doc.ToString().Replace(".. code-block:: bash\n\n", "", StringComparison.Ordinal)}\n");
    }

    /// <summary>What this program's own table says of a function, or of all of a module; of everything for an empty name.</summary>
    /// <param name="isBeginning">The name is the beginning of others, wherever it ends.</param>
    internal static MapValue Of(FunctionTable table, FunctionKind kind, string name, bool isBeginning = false) => MapValue.From(table.OfKind(kind)
        .Where(f => name.Length == 0 || f.Name == name || f.Name.StartsWith(isBeginning ? name : name + ".", StringComparison.Ordinal))
        .Select(f => KeyValuePair.Create(f.Name, (Value)f.Doc)));
}
