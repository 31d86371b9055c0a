using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SaltActors.Generators;

/// <summary>What a declaration must keep to. All are errors: a function that cannot be described cannot be called.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor NotStatic = Rule("SALT001", "A declared function is static",
        "'{0}' is declared as '{1}' and must be static: nothing reaches a function but its arguments");
    public static readonly DiagnosticDescriptor BadName = Rule("SALT002", "A function's name is module.function",
        "'{0}' is no name of a function: expected 'module.function' of lower case letters, digits and '_'");
    public static readonly DiagnosticDescriptor ParameterType = Rule("SALT003", "A parameter has a type that arguments can have",
        "Parameter '{0}' of '{1}' has the type '{2}': expected a Value, ListValue, MapValue, string, bool, int, long, double or a type with ISaltArgument");
    public static readonly DiagnosticDescriptor NameDoesNotReturn = Rule("SALT004", "A parameter's name survives the change of its spelling",
        "Parameter '{0}' of '{1}' would be '{2}' for users, which is '{3}' in C#: write it in camel case");
    public static readonly DiagnosticDescriptor DeclaredTwice = Rule("SALT005", "A function is declared once",
        "'{0}' is declared twice as {1}");
    public static readonly DiagnosticDescriptor NoSummary = Rule("SALT006", "A function says what it does",
        "'{0}' has no summary: it is what sys.doc shows");
    public static readonly DiagnosticDescriptor ParameterNotDocumented = Rule("SALT007", "A parameter says what it is for",
        "Parameter '{0}' of '{1}' has no param text: it is what sys.doc shows");
    public static readonly DiagnosticDescriptor Generic = Rule("SALT008", "A declared function is not generic",
        "'{0}' or the type around it is generic: a name has no type arguments");
    public static readonly DiagnosticDescriptor ByReference = Rule("SALT009", "A parameter is passed by value",
        "Parameter '{0}' of '{1}' is passed by reference");
    public static readonly DiagnosticDescriptor ContextNotFirst = Rule("SALT010", "The context comes first",
        "The CallContext of '{0}' must be its first parameter, and its only one of this type");
    public static readonly DiagnosticDescriptor ResultType = Rule("SALT011", "A result can become a value",
        "'{0}' returns '{1}': expected a Value, string, bool, int, long, double, BigInteger, byte[], a nullable of these, nothing, or a Task or ValueTask of these");
    public static readonly DiagnosticDescriptor DefaultValue = Rule("SALT012", "A default can become a value",
        "The default of parameter '{0}' of '{1}' cannot be carried over: only null fits the type '{2}'");
    public static readonly DiagnosticDescriptor RestOrKeywords = Rule("SALT013", "What is left over comes last",
        "Parameter '{0}' of '{1}': [Rest] is a ListValue after all named parameters, [Keywords] a MapValue at the very end, each once");
    public static readonly DiagnosticDescriptor NotReachable = Rule("SALT014", "A declared function can be reached in its assembly",
        "'{0}' or a type around it is private, protected or local to its file: the table cannot call it");
    public static readonly DiagnosticDescriptor ParameterTwice = Rule("SALT015", "A parameter's name is taken once",
        "'{1}' has two parameters named '{0}'");
    public static readonly DiagnosticDescriptor SharedParameters = Rule("SALT016", "Shared parameters are a record with a constructor",
        "Parameter '{0}' of '{1}': {2}");

    public static readonly ImmutableDictionary<string, DiagnosticDescriptor> ById = new[]
    {
        NotStatic, BadName, ParameterType, NameDoesNotReturn, DeclaredTwice, NoSummary, ParameterNotDocumented, Generic, ByReference,
        ContextNotFirst, ResultType, DefaultValue, RestOrKeywords, NotReachable, ParameterTwice, SharedParameters,
    }.ToImmutableDictionary(r => r.Id);

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "SaltActors.Declarations", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
