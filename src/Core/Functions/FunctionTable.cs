using System.Collections.Frozen;
using System.Collections.Immutable;

namespace SaltActors.Core.Functions;

/// <summary>All functions that can be called by name, by kind. Built once, at start.</summary>
public sealed class FunctionTable
{
    private readonly FrozenDictionary<(FunctionKind, string), FunctionSpec> _functions;
    private readonly FrozenSet<(FunctionKind, string)> _modules;

    /// <exception cref="ArgumentException">Two functions of one kind have the same name.</exception>
    public FunctionTable(IEnumerable<FunctionSpec> functions)
    {
        var all = functions.ToImmutableArray();
        _functions = all.ToFrozenDictionary(f => (f.Kind, f.Name));
        _modules = all.Select(f => (f.Kind, f.Module)).ToFrozenSet();
        All = all.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
    }

    /// <summary>Every function, sorted by name.</summary>
    public ImmutableArray<FunctionSpec> All { get; }

    public FunctionSpec? Find(FunctionKind kind, string name) => _functions.GetValueOrDefault((kind, name));

    public IEnumerable<FunctionSpec> OfKind(FunctionKind kind) => All.Where(f => f.Kind == kind);

    /// <summary>
    /// What a word of <c>sys.doc</c> or <c>sys.list_functions</c> means: a pattern where it has a <c>*</c>, else a function's name,
    /// or a module's, whose functions are all meant. Empty for everything.
    /// </summary>
    public IEnumerable<FunctionSpec> Meant(FunctionKind kind, string word)
    {
        if (word.Length == 0) return OfKind(kind);
        if (word.Contains('*')) return OfKind(kind).Where(f => NamePattern.Matches(word, f.Name));
        var module = word.EndsWith('.') ? word : word + ".";
        return OfKind(kind).Where(f => f.Name == word || f.Name.StartsWith(module, StringComparison.Ordinal));
    }

    public bool HasModule(FunctionKind kind, string module) => _modules.Contains((kind, module));
}
