using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SaltActors.Generators;

/// <summary>One declaration as it was read from the source: all that its table entry is written from.</summary>
/// <param name="Kind">A member of <c>FunctionKind</c>.</param>
/// <param name="Outputter">Null where the declaration names none.</param>
/// <param name="Call">The typed call, an expression over <c>context</c> and <c>arguments</c>.</param>
/// <param name="Where">Where its name stands, for what is said about two declarations together.</param>
internal sealed record DeclaredFunction(
    string Kind, string Name, string Doc, EquatableArray<DeclaredParameter> Parameters, string? Outputter,
    string Call, ResultShape Result, Place Where);

/// <summary>One parameter of the table entry.</summary>
/// <param name="Kind">A member of <c>ParameterKind</c>.</param>
/// <param name="Type">An expression that gives the text for people.</param>
/// <param name="Default">An expression that gives the default; null where the argument must be given.</param>
internal sealed record DeclaredParameter(string Name, string Kind, string Type, string? Default, string Doc);

/// <summary>How the result of the call becomes a value.</summary>
internal sealed record ResultShape(bool IsAwaited, ResultConversion Conversion);

internal enum ResultConversion
{
    /// <summary>There is no result: null is returned.</summary>
    Nothing,
    /// <summary>The assignment converts.</summary>
    Direct,
    /// <summary>A value or null (C#'s).</summary>
    ValueOrNull,
    /// <summary>A nullable number or flag.</summary>
    Nullable,
}

/// <summary>What reading one declaration came to: a function, or what is wrong with it.</summary>
internal sealed record ReadDeclaration(DeclaredFunction? Function, EquatableArray<Finding> Findings);

/// <summary>Something wrong, kept without the compiler's objects.</summary>
internal sealed record Finding(string Id, Place Where, EquatableArray<string> Arguments)
{
    public static Finding Of(DiagnosticDescriptor rule, Place where, params string[] arguments) => new(rule.Id, where, new([.. arguments]));
    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rules.ById[Id], Where.ToLocation(), [.. Arguments.Items]);
}

/// <summary>A place in a source file.</summary>
internal sealed record Place(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static Place Of(ISymbol symbol)
    {
        var location = symbol.Locations.Length > 0 ? symbol.Locations[0] : Location.None;
        return new(location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);
    }

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
