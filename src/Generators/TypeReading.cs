using Microsoft.CodeAnalysis;

namespace SaltActors.Generators;

/// <summary>How arguments become the types of parameters, and results become values.</summary>
internal static class TypeReading
{
    public const string Values = "SaltActors.Core.Values", Functions = "SaltActors.Core.Functions";
    public const string NullValue = "global::" + Values + ".Value.Null";

    /// <summary>The readers of <c>BoundArguments</c> for a type: for a legal value, and for one that may be null.</summary>
    /// <returns>Null where arguments cannot have this type.</returns>
    public static ParameterReading? ForParameter(ITypeSymbol type)
    {
        var isNullable = IsNullable(type);
        var bare = Bare(type);
        var reading = bare.SpecialType switch
        {
            SpecialType.System_String => new ParameterReading("text", isNullable ? "TextOrNull" : "Text"),
            SpecialType.System_Boolean => new("true or false", isNullable ? "FlagOrNull" : "Flag"),
            SpecialType.System_Int32 => new("whole number", isNullable ? "IntOrNull" : "Int"),
            SpecialType.System_Int64 => new("whole number", isNullable ? "IntegerOrNull" : "Integer"),
            SpecialType.System_Double => new("number", isNullable ? "NumberOrNull" : "Number"),
            _ => FullName(bare) switch
            {
                Values + ".Value" => new("anything", isNullable ? "ValueOrNull" : "Value"),
                Values + ".ListValue" => new("list", isNullable ? "ListOrNull" : "List"),
                Values + ".MapValue" => new("map", isNullable ? "MapOrNull" : "Map"),
                _ => null,
            },
        };
        if (reading is not null) return reading;
        return bare.AllInterfaces.Any(i => FullName(i.OriginalDefinition) == Functions + ".ISaltArgument" && SymbolEqualityComparer.Default.Equals(i.TypeArguments[0], bare))
            ? new ParameterReading(null, null) { Parsed = Code(bare), ParsedIsNullable = isNullable }
            : null;
    }

    /// <returns>Null where the result cannot become a value.</returns>
    public static ResultShape? ForResult(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Void) return new(false, ResultConversion.Nothing);
        switch (FullName(type.OriginalDefinition))
        {
            case "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask" when type is INamedTypeSymbol named:
                if (named.TypeArguments.Length == 0) return new(true, ResultConversion.Nothing);
                return Conversion(named.TypeArguments[0]) is { } awaited ? new(true, awaited) : null;
            default:
                return Conversion(type) is { } conversion ? new(false, conversion) : null;
        }
    }

    public static bool IsContext(ITypeSymbol type) => FullName(type) == Functions + ".CallContext";
    public static bool IsList(ITypeSymbol type) => FullName(type) == Values + ".ListValue";
    public static bool IsMap(ITypeSymbol type) => FullName(type) == Values + ".MapValue";

    /// <summary>The type in code, from the root of all namespaces.</summary>
    public static string Code(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static ResultConversion? Conversion(ITypeSymbol type)
    {
        var (isNullable, bare) = (IsNullable(type), Bare(type));
        for (ITypeSymbol? at = bare; at is not null; at = at.BaseType)
            if (FullName(at) == Values + ".Value") return isNullable ? ResultConversion.ValueOrNull : ResultConversion.Direct;
        if (bare is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte }) return isNullable ? null : ResultConversion.Direct;
        if (bare.SpecialType == SpecialType.System_String) return ResultConversion.Direct;
        var isNumber = bare.SpecialType is SpecialType.System_Boolean or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Double
            || FullName(bare) == "System.Numerics.BigInteger";
        return !isNumber ? null : isNullable ? ResultConversion.Nullable : ResultConversion.Direct;
    }

    private static bool IsNullable(ITypeSymbol type) =>
        type.NullableAnnotation == NullableAnnotation.Annotated || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private static ITypeSymbol Bare(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);

    private static string FullName(ISymbol symbol) =>
        symbol.ContainingNamespace is { IsGlobalNamespace: false } space && symbol.ContainingType is null
            ? space.ToDisplayString() + "." + symbol.Name
            : symbol.Name;
}

/// <param name="TypeText">What is legal, in words; null where the type says it itself.</param>
/// <param name="Reader">The method of <c>BoundArguments</c>; null where the type parses itself.</param>
internal sealed record ParameterReading(string? TypeText, string? Reader)
{
    /// <summary>The type that parses itself, in code.</summary>
    public string? Parsed { get; init; }
    public bool ParsedIsNullable { get; init; }

    public string TypeExpression => Parsed is null ? $"\"{TypeText}\"" : $"global::{TypeReading.Functions}.BoundArguments.TypeTextOf<{Parsed}>()";

    public string Read(int place) => (Parsed, ParsedIsNullable) switch
    {
        (null, _) => $"arguments.{Reader}({place})",
        (_, false) => $"arguments.Parsed<{Parsed}>({place})",
        _ => $"(arguments.ValueOrNull({place}) is null ? ({Parsed}?)null : arguments.Parsed<{Parsed}>({place}))",
    };
}
