using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Generators.Tests;

/// <summary>What is generated, compiled and called.</summary>
public sealed class DeclaredFunctionSpecs
{
    [Fact]
    public async Task Calls_a_function_with_its_arguments_and_defaults()
    {
        var table = GeneratedProgram.Table("""
            /// <summary>Joins.</summary>
            /// <param name="name">A name.</param>
            /// <param name="pythonShell">A flag.</param>
            /// <param name="count">A number.</param>
            /// <param name="size">A large number.</param>
            /// <param name="ratio">A fraction.</param>
            /// <param name="sep">A text with quotes.</param>
            [SaltFunction("probe.join")]
            public static string Join(CallContext context, string name, bool pythonShell = true, int count = -3, long size = 9999999999, double ratio = 1.5, string? sep = "\"\n") =>
                string.Join("|", context.MinionId, name, pythonShell, count, size, ratio.ToString(System.Globalization.CultureInfo.InvariantCulture), sep ?? "none");
            """);

        Assert.Equal("probe|web|True|-3|9999999999|1.5|\"\n", await GeneratedProgram.Call(table, "probe.join", "web"));
        Assert.Equal("probe|web|False|7|9999999999|0.25|none",
            await GeneratedProgram.Call(table, "probe.join", MapValue.Of(("sep", Value.Null), ("ratio", 0.25)), "web", false, 7));
    }

    [Fact]
    public void Describes_parameters_in_salts_spelling()
    {
        var function = GeneratedProgram.Table("""
            /// <summary>Answers.</summary>
            /// <param name="name">The <c>name</c>.</param>
            /// <param name="sourceHash">See <paramref name="name"/>.</param>
            /// <param name="default">A keyword of C#.</param>
            /// <param name="args">The rest.</param>
            /// <param name="kwargs">All else.</param>
            [SaltFunction("probe.ping", Outputter = "txt")]
            public static void Ping(string name, [DefaultValue("x")] Value sourceHash, ListValue? @default = null, [Rest] ListValue? args = null, [Keywords] MapValue? kwargs = null) { }
            """).All.Single();

        Assert.Equal("txt", function.Outputter);
        Assert.Equal(
            ["name Named text required", "source_hash Named anything 'x'", "default Named list None", "args Rest list required", "kwargs Keywords map required"],
            function.Parameters.Select(p => $"{p.Name} {p.Kind} {p.Type} {(p.Default is null ? "required" : PythonText.Repr(p.Default))}"));
        Assert.Equal("See ``name``.", function.Parameters[1].Doc);
    }

    [Fact]
    public void Writes_documentation_in_the_shape_of_a_docstring()
    {
        var function = GeneratedProgram.Table("""
            /// <summary>
            /// Pings
            /// &lt;all&gt; and answers <see langword="true"/>.
            /// <para>Never <see cref="Value.Null"/>.</para>
            /// </summary>
            /// <param name="name">A name.</param>
            /// <returns>A flag.</returns>
            /// <remarks>Not shown.</remarks>
            /// <example><code>
            /// salt '*' probe.ping
            ///   indented
            /// </code></example>
            [SaltFunction("probe.ping")] public static bool Ping(string name) => true;
            """).All.Single();

        Assert.Equal(
            "\n    Pings\n    <all> and answers ``True``.\n\n    Never Null.\n\n    name\n        A name.\n\n    Returns: A flag.\n\n" +
            "    CLI Example:\n\n        salt '*' probe.ping\n          indented\n    ", function.Doc);
    }

    [Fact]
    public async Task Gathers_what_is_left_over()
    {
        var table = GeneratedProgram.Table("""
            /// <summary>Answers.</summary>
            /// <param name="first">First.</param>
            /// <param name="args">The rest.</param>
            /// <param name="kwargs">All else.</param>
            [SaltFunction("probe.all")]
            public static MapValue All(string first = "", [Rest] ListValue? args = null, [Keywords] MapValue? kwargs = null) =>
                MapValue.Of(("first", first), ("args", args!), ("kwargs", kwargs!));
            """);

        Assert.Equal(MapValue.Of(("first", "a"), ("args", ListValue.From([2, "c"])), ("kwargs", MapValue.Of(("k", true)))),
            await GeneratedProgram.Call(table, "probe.all", MapValue.Of(("k", true)), "a", 2, "c"));
        Assert.Equal(MapValue.Of(("first", ""), ("args", ListValue.Empty), ("kwargs", MapValue.Empty)), await GeneratedProgram.Call(table, "probe.all"));
    }

    [Theory]
    [InlineData("Value", "TextValue.Of(\"x\")", "'x'")]
    [InlineData("Value?", "null", "None")]
    [InlineData("MapValue?", "MapValue.Empty", "{}")]
    [InlineData("ListValue", "[1, 2]", "[1, 2]")]
    [InlineData("string?", "null", "None")]
    [InlineData("bool", "true", "True")]
    [InlineData("int?", "null", "None")]
    [InlineData("int?", "5", "5")]
    [InlineData("long", "5", "5")]
    [InlineData("double", "0.5", "0.5")]
    [InlineData("BigInteger", "BigInteger.Pow(2, 80)", "1208925819614629174706176")]
    [InlineData("byte[]", "[65]", "b'A'")]
    [InlineData("Task<string>", "Task.FromResult(\"x\")", "'x'")]
    [InlineData("Task<MapValue?>", "Task.FromResult<MapValue?>(null)", "None")]
    [InlineData("ValueTask<int>", "new(3)", "3")]
    [InlineData("ValueTask<bool?>", "new((bool?)null)", "None")]
    [InlineData("Task", "Task.CompletedTask", "None")]
    [InlineData("ValueTask", "default", "None")]
    public async Task Makes_a_value_of_each_result(string type, string result, string expected)
    {
        var table = GeneratedProgram.Table($$"""
            /// <summary>Answers.</summary>
            [SaltFunction("probe.ping")] public static {{type}} Ping() => {{result}};
            """);
        Assert.Equal(expected, PythonText.Repr(await GeneratedProgram.Call(table, "probe.ping")));
    }

    [Fact]
    public async Task Lets_a_type_parse_its_own_argument()
    {
        var table = GeneratedProgram.TableOfFile("""
            public readonly record struct Mode(int Bits) : ISaltArgument<Mode>
            {
                public static Mode FromValue(Value value, string parameter) => value.AsInteger() is { } n ? new((int)n)
                    : throw new ArgumentRefused($"{parameter}: expected {TypeText}, found {value.KindName}");
                public static string TypeText => "permissions";
            }
            public sealed record Place(string Text) : ISaltArgument<Place>
            {
                public static Place FromValue(Value value, string parameter) => new(value.ToString());
                public static string TypeText => "a place";
            }
            public static class Module
            {
                /// <summary>Answers.</summary>
                /// <param name="mode">Permissions.</param>
                /// <param name="other">Other permissions.</param>
                /// <param name="at">Where.</param>
                [SaltFunction("probe.mode")] public static string Show(Mode mode, Mode? other = null, Place? at = null) => $"{mode.Bits} {other?.Bits} {at?.Text}";
            }
            """);

        Assert.Equal("permissions", table.All.Single().Parameters[0].Type);
        Assert.Equal("1  ", await GeneratedProgram.Call(table, "probe.mode", 1));
        Assert.Equal("1 2 here", await GeneratedProgram.Call(table, "probe.mode", 1, 2, "here"));
        var refused = await Assert.ThrowsAsync<ArgumentRefused>(() => GeneratedProgram.Call(table, "probe.mode", "x"));
        Assert.Equal("mode: expected permissions, found str", refused.Message);
    }

    [Fact]
    public async Task Puts_the_parameters_of_a_shared_record_into_places()
    {
        var table = GeneratedProgram.TableOfFile("""
            /// <summary>Some.</summary>
            /// <param name="WorkFolder">Where.</param>
            /// <param name="Silent">How.</param>
            /// <param name="Last">What.</param>
            public sealed record Options(string WorkFolder = "/", bool Silent = false, int Last = 1);
            public static class Module
            {
                /// <summary>Answers.</summary>
                /// <param name="name">It.</param>
                [SaltFunction("probe.one")] public static string One(string name, [Parameters] Options options) => $"{name} {options}";
                /// <summary>Answers.</summary>
                /// <param name="name">It.</param>
                [SaltFunction("probe.two")] public static string Two(string name, [Parameters(Except = [nameof(Options.Silent)])] Options options) => $"{name} {options}";
            }
            """);

        Assert.Equal(["name", "work_folder", "silent", "last"], table.All[0].Parameters.Select(p => p.Name));
        Assert.Equal("Where.", table.All[0].Parameters[1].Doc);
        Assert.Equal(["name", "work_folder", "last"], table.All[1].Parameters.Select(p => p.Name));
        Assert.Equal("a Options { WorkFolder = /b, Silent = True, Last = 1 }", await GeneratedProgram.Call(table, "probe.one", "a", "/b", true));
        Assert.Equal("a Options { WorkFolder = /b, Silent = False, Last = 9 }", await GeneratedProgram.Call(table, "probe.two", "a", "/b", 9));
    }

    [Fact]
    public void Lists_functions_runners_and_wheels_sorted()
    {
        var table = GeneratedProgram.Table("""
            /// <summary>Answers.</summary>
            [SaltRunner("probe.b")] [SaltFunction("probe.b")] [SaltFunction("probe.a")] public static void One() { }
            /// <summary>Answers.</summary>
            [SaltWheel("probe.c")] internal static void @return() { }
            """);
        Assert.Equal(["Execution probe.a", "Execution probe.b", "Runner probe.b", "Wheel probe.c"],
            table.All.Select(f => $"{f.Kind} {f.Name}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Does_nothing_anew_where_no_declaration_changed()
    {
        var (compilation, driver) = GeneratedProgram.Prepare("""
            using SaltActors.Core.Functions;
            public static class Module
            {
                /// <summary>Answers.</summary>
                [SaltFunction("probe.ping")] public static bool Ping() => true;
            }
            """, tracks: true);
        driver = driver.RunGenerators(compilation);
        driver = driver.RunGenerators(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Other;", (CSharpParseOptions)compilation.SyntaxTrees[0].Options)));
        var outputs = driver.GetRunResult().Results.Single().TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs);
        Assert.All(outputs, o => Assert.Equal(IncrementalStepRunReason.Cached, o.Reason));
    }
}
