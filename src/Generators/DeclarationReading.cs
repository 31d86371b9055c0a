using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SaltActors.Generators;

/// <summary>Reads one marked method: checks it against the <see cref="Rules"/>, and describes it.</summary>
internal sealed class DeclarationReading
{
    private const string Attributes = TypeReading.Functions + ".";
    private readonly IMethodSymbol _method;
    private readonly string _name;
    private readonly bool _docsAreRead;
    private readonly List<Finding> _findings = [];
    private readonly List<DeclaredParameter> _parameters = [];
    private readonly List<string> _call = [];

    private DeclarationReading(IMethodSymbol method, string name, bool docsAreRead) => (_method, _name, _docsAreRead) = (method, name, docsAreRead);

    /// <param name="docsAreRead">False where the compiler was told to skip doc comments: then nothing can be said about them.</param>
    public static ReadDeclaration Read(IMethodSymbol method, AttributeData attribute, string kind, bool docsAreRead)
    {
        var name = attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0].Value as string ?? "" : "";
        var outputter = attribute.NamedArguments.FirstOrDefault(a => a.Key == "Outputter").Value.Value as string;
        return new DeclarationReading(method, name, docsAreRead).Read(kind, outputter);
    }

    private ReadDeclaration Read(string kind, string? outputter)
    {
        CheckMethod();
        var docs = Documentation.Of(_method);
        if (_docsAreRead && docs.Summary.Length == 0) Report(Rules.NoSummary, _method, _name);
        foreach (var parameter in _method.Parameters) ReadParameter(parameter, docs);
        foreach (var twice in _parameters.GroupBy(p => p.Name).Where(g => g.Count() > 1)) Report(Rules.ParameterTwice, _method, twice.Key, _name);
        var result = TypeReading.ForResult(_method.ReturnType);
        if (result is null) Report(Rules.ResultType, _method, _name, _method.ReturnType.ToDisplayString());
        if (_findings.Count > 0 || result is null) return new(null, new([.. _findings]));

        var call = $"{TypeReading.Code(_method.ContainingType)}.@{_method.Name}({string.Join(", ", _call)})";
        var doc = docs.Compose(_parameters.Select(p => (p.Name, p.Doc)));
        return new(new(kind, _name, doc, new([.. _parameters]), outputter, call, result, Place.Of(_method)), default);
    }

    private void CheckMethod()
    {
        if (!_method.IsStatic) Report(Rules.NotStatic, _method, _method.Name, _name);
        if (!Spelling.IsFunctionName(_name)) Report(Rules.BadName, _method, _name);
        if (_method.IsGenericMethod) Report(Rules.Generic, _method, _method.Name);
        for (INamedTypeSymbol? type = _method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType) Report(Rules.Generic, _method, _method.Name);
            if (!IsReachable(type) || type.IsFileLocal) Report(Rules.NotReachable, _method, _method.Name);
        }
        if (!IsReachable(_method)) Report(Rules.NotReachable, _method, _method.Name);
    }

    private void ReadParameter(IParameterSymbol parameter, Documentation docs)
    {
        if (parameter.RefKind != RefKind.None)
        {
            Report(Rules.ByReference, parameter, parameter.Name, _name);
            return;
        }
        if (TypeReading.IsContext(parameter.Type))
        {
            if (parameter.Ordinal == 0) _call.Add("context");
            else Report(Rules.ContextNotFirst, parameter, _name);
            return;
        }
        if (Has(parameter, "RestAttribute")) ReadRest(parameter, "Rest", TypeReading.IsList(parameter.Type), docs);
        else if (Has(parameter, "KeywordsAttribute")) ReadRest(parameter, "Keywords", TypeReading.IsMap(parameter.Type), docs);
        else if (Has(parameter, "ParametersAttribute")) ReadShared(parameter);
        else if (ReadNamed(parameter, parameter.Name, docs) is { } read) _call.Add(read);
    }

    private void ReadRest(IParameterSymbol parameter, string kind, bool typeFits, Documentation docs)
    {
        if (!typeFits || _parameters.Any(p => p.Kind == kind || p.Kind == "Keywords"))
            Report(Rules.RestOrKeywords, parameter, parameter.Name, _name);
        var text = ParameterText(parameter, parameter.Name, docs);
        _parameters.Add(new(Spelling.ToSalt(parameter.Name), kind, kind == "Rest" ? "\"list\"" : "\"map\"", null, text));
        _call.Add("arguments." + kind);
    }

    // A record of parameters: each stands in its own place, read into the record's constructor.
    private void ReadShared(IParameterSymbol parameter)
    {
        var constructor = (parameter.Type as INamedTypeSymbol is { IsRecord: true } record ? record.InstanceConstructors : [])
            .Where(c => c.Parameters.Length > 0 && IsReachable(c) && !SymbolEqualityComparer.Default.Equals(c.Parameters[0].Type, parameter.Type))
            .OrderByDescending(c => c.Parameters.Length).FirstOrDefault();
        if (constructor is null)
        {
            Report(Rules.SharedParameters, parameter, parameter.Name, _name, $"'{parameter.Type.ToDisplayString()}' is no record with parameters");
            return;
        }
        var attribute = parameter.GetAttributes().First(a => a.AttributeClass?.Name == "ParametersAttribute");
        var except = attribute.NamedArguments.Where(a => a.Key == "Except").SelectMany(a => a.Value.Values).Select(v => v.Value as string).ToList();
        foreach (var unknown in except.Where(e => constructor.Parameters.All(p => p.Name != e)))
            Report(Rules.SharedParameters, parameter, parameter.Name, _name, $"'{parameter.Type.ToDisplayString()}' has no parameter '{unknown}' to leave out");
        var docs = Documentation.Of(parameter.Type);
        var reads = new List<string>();
        foreach (var shared in constructor.Parameters)
            if (!except.Contains(shared.Name))
            {
                if (ReadNamed(shared, Spelling.LowerFirst(shared.Name), docs) is { } read) reads.Add($"@{shared.Name}: {read}");
            }
            else if (!shared.HasExplicitDefaultValue)
                Report(Rules.SharedParameters, parameter, parameter.Name, _name, $"'{shared.Name}' has no default, so it cannot be left out");
        _call.Add($"new {TypeReading.Code(parameter.Type)}({string.Join(", ", reads)})");
    }

    /// <returns>The expression that reads the argument, or null where the parameter was refused.</returns>
    private string? ReadNamed(IParameterSymbol parameter, string name, Documentation docs)
    {
        if (_parameters.Any(p => p.Kind != "Named")) Report(Rules.RestOrKeywords, parameter, parameter.Name, _name);
        var salt = Spelling.ToSalt(name);
        if (!Spelling.Returns(name)) Report(Rules.NameDoesNotReturn, parameter, name, _name, salt, Spelling.ToCSharp(salt));
        var reading = TypeReading.ForParameter(parameter.Type);
        if (reading is null || parameter.IsParams)
        {
            Report(Rules.ParameterType, parameter, parameter.Name, _name, parameter.Type.ToDisplayString());
            return null;
        }
        var place = _parameters.Count;
        _parameters.Add(new(salt, "Named", reading.TypeExpression, DefaultOf(parameter), ParameterText(parameter, parameter.Name, docs)));
        return reading.Read(place);
    }

    // C# knows no default but null for a Value: [DefaultValue("")] says it then.
    private string? DefaultOf(IParameterSymbol parameter)
    {
        var marked = parameter.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == "System.ComponentModel.DefaultValueAttribute");
        if (marked is null && !parameter.HasExplicitDefaultValue) return null;
        switch (marked is { ConstructorArguments.Length: 1 } ? marked.ConstructorArguments[0].Value : parameter.HasExplicitDefaultValue ? parameter.ExplicitDefaultValue : this)
        {
            case null when parameter.Type.IsValueType && parameter.Type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T:
                Report(Rules.DefaultValue, parameter, parameter.Name, _name, parameter.Type.ToDisplayString());
                return null;
            case null: return TypeReading.NullValue;
            case string text: return SymbolDisplay.FormatLiteral(text, quote: true);
            case bool flag: return flag ? "true" : "false";
            case int number: return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            case long number: return number.ToString(System.Globalization.CultureInfo.InvariantCulture) + "L";
            case double number when !double.IsNaN(number) && !double.IsInfinity(number):
                return number.ToString("R", System.Globalization.CultureInfo.InvariantCulture) + "d";
            default:
                Report(Rules.DefaultValue, parameter, parameter.Name, _name, parameter.Type.ToDisplayString());
                return null;
        }
    }

    private string ParameterText(IParameterSymbol parameter, string name, Documentation docs)
    {
        var text = docs.ParameterText(name);
        if (_docsAreRead && text.Length == 0) Report(Rules.ParameterNotDocumented, parameter, name, _name);
        return text;
    }

    private static bool IsReachable(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;

    private static bool Has(IParameterSymbol parameter, string attribute) =>
        parameter.GetAttributes().Any(a => a.AttributeClass?.ToDisplayString() == Attributes + attribute);

    // What a record of another assembly says is reported at the function that uses it.
    private void Report(DiagnosticDescriptor rule, ISymbol where, params string[] arguments) =>
        _findings.Add(Finding.Of(rule, Place.Of(where.Locations.Any(l => l.IsInSource) ? where : _method), arguments));
}
