using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Core.Functions;

/// <summary>Where a function is called from, and so which table it stands in.</summary>
public enum FunctionKind { Execution, State, Runner, Wheel, Returner, Beacon }

/// <summary>How arguments reach a parameter.</summary>
public enum ParameterKind
{
    /// <summary>By place or by name.</summary>
    Named,
    /// <summary>All places that are left: Python's <c>*args</c>.</summary>
    Rest,
    /// <summary>All names that are left: Python's <c>**kwargs</c>.</summary>
    Keywords,
}

/// <summary>One parameter of a declared function.</summary>
/// <param name="Name">Salt's spelling, as <c>source_hash</c>.</param>
/// <param name="Type">What is legal, in words for people: <c>text</c>, <c>whole number</c>, <c>true or false</c> …</param>
/// <param name="Default">The default as a value; null (C#'s) where the argument must be given.</param>
public sealed record ParameterSpec(string Name, ParameterKind Kind, string Type, Value? Default, string Doc);

/// <summary>Runs a function whose arguments are already in their places.</summary>
public delegate ValueTask<Value> FunctionBody(CallContext context, BoundArguments arguments);

/// <summary>A function as it was declared: all that <c>sys.doc</c>, <c>sys.argspec</c>, error messages and the call need.</summary>
/// <param name="Name"><c>module.function</c>.</param>
/// <param name="Doc">The documentation shown by <c>sys.doc</c>, ready to print.</param>
/// <param name="Outputter">The outputter that its result asks for, or null.</param>
public sealed record FunctionSpec(
    FunctionKind Kind, string Name, string Doc, ImmutableArray<ParameterSpec> Parameters, string? Outputter, FunctionBody Body)
{
    public string Module => Name[..Name.IndexOf('.')];
    public string ShortName => Name[(Name.IndexOf('.') + 1)..];
    public bool TakesKeywords => Parameters.Any(p => p.Kind == ParameterKind.Keywords);
}
