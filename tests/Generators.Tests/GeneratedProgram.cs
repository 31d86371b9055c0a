using System.Collections.Immutable;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Generators.Tests;

/// <summary>Compiles declarations with the generator, and calls what came of them.</summary>
internal static class GeneratedProgram
{
    private const string Usings = """
        using System.ComponentModel;
        using System.Threading.Tasks;
        using System.Numerics;
        using SaltActors.Core.Functions;
        using SaltActors.Core.Values;
        #nullable enable
        namespace Probe;

        """;

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(p) is "netstandard.dll" or "mscorlib.dll")
            .Select(MetadataReference (p) => MetadataReference.CreateFromFile(p)),
        MetadataReference.CreateFromFile(typeof(FunctionSpec).Assembly.Location),
    ];

    /// <summary>What the generator says about members of a static class.</summary>
    public static ImmutableArray<Diagnostic> Findings(string members, DocumentationMode docs = DocumentationMode.Parse) =>
        Run(Usings + $"public static partial class Module\n{{\n{members}\n}}", docs).Findings;

    /// <summary>What the generator says about a whole file.</summary>
    public static ImmutableArray<Diagnostic> FindingsInFile(string types) => Run(Usings + types, DocumentationMode.Parse).Findings;

    /// <summary>The table that is generated for members of a static class.</summary>
    public static FunctionTable Table(string members) => new(Functions(Usings + $"public static partial class Module\n{{\n{members}\n}}"));

    public static FunctionTable TableOfFile(string types) => new(Functions(Usings + types));

    public static async Task<Value> Call(FunctionTable table, string name, MapValue keywords, params Value[] positional)
    {
        var function = table.All.Single(f => f.Name == name);
        var context = new CallContext { Functions = table, Options = MapValue.Of(("id", "probe")) };
        return await function.Body(context, BoundArguments.Bind(function, new([.. positional], keywords)));
    }

    public static Task<Value> Call(FunctionTable table, string name, params Value[] positional) => Call(table, name, MapValue.Empty, positional);

    public static (CSharpCompilation Compilation, GeneratorDriver Driver) Prepare(string source, DocumentationMode docs = DocumentationMode.Parse, bool tracks = false)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, docs);
        var compilation = CSharpCompilation.Create($"Probe{Guid.NewGuid():N}", [CSharpSyntaxTree.ParseText(source, options, "Probe.cs")], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create([new DeclaredFunctionsGenerator().AsSourceGenerator()], parseOptions: options,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, tracks));
        return (compilation, driver);
    }

    private static (Compilation Compilation, ImmutableArray<Diagnostic> Findings) Run(string source, DocumentationMode docs)
    {
        var (compilation, driver) = Prepare(source, docs);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out var updated, out var findings);
        return (updated, findings);
    }

    private static IEnumerable<FunctionSpec> Functions(string source)
    {
        var (compilation, findings) = Run(source, DocumentationMode.Parse);
        Assert.Empty(findings);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        // The core is shared with the tests, so that specs are of the same type.
        var loaded = new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
        var table = loaded.GetTypes().Single(t => t.Name == "DeclaredFunctions");
        return (IEnumerable<FunctionSpec>)table.GetProperty("All")!.GetValue(null)!;
    }
}
