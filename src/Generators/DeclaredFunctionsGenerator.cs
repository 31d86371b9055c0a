using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SaltActors.Generators;

/// <summary>
/// Turns every method marked with <c>[SaltFunction]</c>, <c>[SaltRunner]</c>, <c>[SaltWheel]</c> or <c>[SaltState]</c> into its table entry: name, documentation
/// and parameters from the declaration and its doc comment, and a typed call. The entries stand in <c>DeclaredFunctions.All</c>,
/// in the root namespace of the project.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class DeclaredFunctionsGenerator : IIncrementalGenerator
{
    private static readonly (string Attribute, string Kind)[] Marks =
    [
        (TypeReading.Functions + ".SaltFunctionAttribute", "Execution"),
        (TypeReading.Functions + ".SaltRunnerAttribute", "Runner"),
        (TypeReading.Functions + ".SaltWheelAttribute", "Wheel"),
        (TypeReading.Functions + ".SaltStateAttribute", "State"),
    ];

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var declarations = Marked(context, Marks[0])
            .Combine(Marked(context, Marks[1])).Combine(Marked(context, Marks[2])).Combine(Marked(context, Marks[3]))
            .Select((all, _) => all.Left.Left.Left.AddRange(all.Left.Left.Right).AddRange(all.Left.Right).AddRange(all.Right));
        var roots = context.AnalyzerConfigOptionsProvider.Combine(context.CompilationProvider.Select((c, _) => c.AssemblyName))
            .Select((both, _) => both.Left.GlobalOptions.TryGetValue("build_property.RootNamespace", out var root) && root.Length > 0 ? root : both.Right ?? "Declared");
        context.RegisterSourceOutput(declarations.Combine(roots), (output, both) => Write(output, both.Left, both.Right));
    }

    private static IncrementalValueProvider<ImmutableArray<ReadDeclaration>> Marked(
        IncrementalGeneratorInitializationContext context, (string Attribute, string Kind) mark) =>
        context.SyntaxProvider.ForAttributeWithMetadataName(mark.Attribute, static (_, _) => true, (found, _) =>
            {
                var docsAreRead = found.TargetNode.SyntaxTree.Options.DocumentationMode != DocumentationMode.None;
                return found.Attributes.Select(a => DeclarationReading.Read((IMethodSymbol)found.TargetSymbol, a, mark.Kind, docsAreRead)).ToImmutableArray();
            })
            .SelectMany(static (several, _) => several)
            .Collect();

    private static void Write(SourceProductionContext output, ImmutableArray<ReadDeclaration> declarations, string root)
    {
        foreach (var finding in declarations.SelectMany(d => d.Findings).Distinct()) output.ReportDiagnostic(finding.ToDiagnostic());
        var functions = new List<DeclaredFunction>();
        var seen = new HashSet<(string, string)>();
        foreach (var function in declarations.Select(d => d.Function).OfType<DeclaredFunction>())
            if (seen.Add((function.Kind, function.Name))) functions.Add(function);
            else output.ReportDiagnostic(Finding.Of(Rules.DeclaredTwice, function.Where, function.Name, function.Kind.ToLowerInvariant() + " function").ToDiagnostic());
        if (declarations.Length == 0) return;
        var sorted = functions.OrderBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => f.Kind, StringComparer.Ordinal).ToImmutableArray();
        output.AddSource("DeclaredFunctions.g.cs", SourceText.From(TableWriting.Write(root, sorted), Encoding.UTF8));
    }
}
