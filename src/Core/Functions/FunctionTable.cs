using System.Collections.Frozen;
using System.Collections.Immutable;

namespace SaltActors.Core.Functions;

/// <summary>All functions that can be called by name, by kind. Built once, at start.</summary>
public sealed class FunctionTable
{
    private readonly FrozenDictionary<(FunctionKind, string), FunctionSpec> _functions;

    /// <exception cref="ArgumentException">Two functions of one kind have the same name.</exception>
    public FunctionTable(IEnumerable<FunctionSpec> functions)
    {
        var all = functions.ToImmutableArray();
        _functions = all.ToFrozenDictionary(f => (f.Kind, f.Name));
        All = all.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
    }

    /// <summary>Every function, sorted by name.</summary>
    public ImmutableArray<FunctionSpec> All { get; }

    public FunctionSpec? Find(FunctionKind kind, string name) => _functions.GetValueOrDefault((kind, name));

    public IEnumerable<FunctionSpec> OfKind(FunctionKind kind) => All.Where(f => f.Kind == kind);

    public bool HasModule(FunctionKind kind, string module) => OfKind(kind).Any(f => f.Module == module);
}
