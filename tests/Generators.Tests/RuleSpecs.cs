namespace SaltActors.Generators.Tests;

/// <summary>Each rule, broken once.</summary>
public sealed class RuleSpecs
{
    [Fact]
    public void Refuses_a_method_that_is_not_static() => Refused("SALT001", """
        public sealed class Module
        {
            /// <summary>Answers.</summary>
            [SaltFunction("probe.ping")] public bool Ping() => true;
        }
        """, inFile: true);

    [Theory]
    [InlineData("ping")]
    [InlineData("probe.")]
    [InlineData(".ping")]
    [InlineData("probe.ping.pong")]
    [InlineData("probe.Ping")]
    public void Refuses_a_name_that_is_not_module_and_function(string name) => Refused("SALT002", $$"""
        /// <summary>Answers.</summary>
        [SaltFunction("{{name}}")] public static bool Ping() => true;
        """);

    [Theory]
    [InlineData("object thing")]
    [InlineData("System.DateTime thing")]
    [InlineData("string[] thing")]
    [InlineData("decimal? thing")]
    [InlineData("params string[] thing")]
    public void Refuses_a_parameter_type_that_arguments_cannot_have(string parameter) => Refused("SALT003", $$"""
        /// <summary>Answers.</summary>
        /// <param name="thing">It.</param>
        [SaltFunction("probe.ping")] public static bool Ping({{parameter}}) => true;
        """);

    [Theory]
    [InlineData("python_shell")]
    [InlineData("Name")]
    [InlineData("name_")]
    public void Refuses_a_parameter_name_that_does_not_come_back(string name) => Refused("SALT004", $$"""
        /// <summary>Answers.</summary>
        /// <param name="{{name}}">It.</param>
        [SaltFunction("probe.ping")] public static bool Ping(string {{name}}) => true;
        """);

    [Fact]
    public void Refuses_a_function_that_is_declared_twice() => Refused("SALT005", """
        /// <summary>Answers.</summary>
        [SaltFunction("probe.ping")] public static bool Ping() => true;
        /// <summary>Answers too.</summary>
        [SaltFunction("probe.ping")] public static bool Pong() => true;
        """);

    [Fact]
    public void Allows_a_function_and_a_runner_of_one_name() => Assert.Empty(GeneratedProgram.Findings("""
        /// <summary>Answers.</summary>
        [SaltFunction("probe.ping")] [SaltRunner("probe.ping")] [SaltWheel("probe.ping")] public static bool Ping() => true;
        """));

    [Fact]
    public void Refuses_a_function_without_a_summary() => Refused("SALT006", """
        [SaltFunction("probe.ping")] public static bool Ping() => true;
        """);

    [Fact]
    public void Refuses_a_parameter_without_a_text() => Refused("SALT007", """
        /// <summary>Answers.</summary>
        [SaltFunction("probe.ping")] public static bool Ping(string name) => true;
        """);

    [Fact]
    public void Says_nothing_about_docs_where_the_compiler_does_not_read_them() => Assert.Empty(GeneratedProgram.Findings("""
        [SaltFunction("probe.ping")] public static bool Ping(string name) => true;
        """, Microsoft.CodeAnalysis.DocumentationMode.None));

    [Fact]
    public void Refuses_a_generic_method() => Refused("SALT008", """
        /// <summary>Answers.</summary>
        [SaltFunction("probe.ping")] public static bool Ping<T>() => true;
        """);

    [Theory]
    [InlineData("ref string name")]
    [InlineData("in int name")]
    public void Refuses_a_parameter_by_reference(string parameter) => Refused("SALT009", $$"""
        /// <summary>Answers.</summary>
        /// <param name="name">It.</param>
        [SaltFunction("probe.ping")] public static bool Ping({{parameter}}) => true;
        """);

    [Fact]
    public void Refuses_a_context_that_is_not_first() => Refused("SALT010", """
        /// <summary>Answers.</summary>
        /// <param name="name">It.</param>
        [SaltFunction("probe.ping")] public static bool Ping(string name, CallContext context) => true;
        """);

    [Theory]
    [InlineData("object", "null!")]
    [InlineData("string[]", "[]")]
    [InlineData("Task<object>", "null!")]
    [InlineData("System.DateTime", "default")]
    public void Refuses_a_result_that_is_no_value(string type, string result) => Refused("SALT011", $$"""
        /// <summary>Answers.</summary>
        [SaltFunction("probe.ping")] public static {{type}} Ping() => {{result}};
        """);

    [Theory]
    [InlineData("Mode mode = default")]
    [InlineData("double mode = double.NaN")]
    public void Refuses_a_default_that_is_no_value(string parameter) => Refused("SALT012", $$"""
        public readonly struct Mode : ISaltArgument<Mode>
        {
            public static Mode FromValue(Value value, string parameter) => default;
            public static string TypeText => "a mode";
        }
        public static class Module
        {
            /// <summary>Answers.</summary>
            /// <param name="mode">It.</param>
            [SaltFunction("probe.ping")] public static bool Ping({{parameter}}) => true;
        }
        """, inFile: true);

    [Theory]
    [InlineData("[Rest] MapValue a")]
    [InlineData("[Keywords] ListValue a")]
    [InlineData("[Keywords] MapValue a, [Rest] ListValue b")]
    [InlineData("[Rest] ListValue a, [Rest] ListValue b")]
    [InlineData("[Rest] ListValue a, string b")]
    public void Refuses_what_is_left_over_in_the_wrong_place(string parameters) => Refused("SALT013", $$"""
        /// <summary>Answers.</summary>
        /// <param name="a">It.</param>
        /// <param name="b">It.</param>
        [SaltFunction("probe.ping")] public static bool Ping({{parameters}}) => true;
        """);

    [Theory]
    [InlineData("private")]
    [InlineData("protected")]
    public void Refuses_a_method_that_the_table_cannot_reach(string access) => Refused("SALT014", $$"""
        public class Module
        {
            /// <summary>Answers.</summary>
            [SaltFunction("probe.ping")] {{access}} static bool Ping() => true;
        }
        """, inFile: true);

    [Fact]
    public void Refuses_a_parameter_name_that_is_taken() => Refused("SALT015", """
        /// <summary>Some.</summary>
        /// <param name="Name">It.</param>
        public sealed record Options(string Name = "");
        public static class Module
        {
            /// <summary>Answers.</summary>
            /// <param name="name">It.</param>
            [SaltFunction("probe.ping")] public static bool Ping(string name, [Parameters] Options options) => true;
        }
        """, inFile: true);

    [Theory]
    [InlineData("[Parameters] string options")]
    [InlineData("[Parameters(Except = [\"Nothing\"])] Options options")]
    [InlineData("[Parameters(Except = [\"Needed\"])] Options options")]
    public void Refuses_shared_parameters_that_cannot_be_built(string parameter) => Refused("SALT016", $$"""
        /// <summary>Some.</summary>
        /// <param name="Needed">It.</param>
        /// <param name="Name">It.</param>
        public sealed record Options(string Needed, string Name = "");
        public static class Module
        {
            /// <summary>Answers.</summary>
            /// <param name="options">It.</param>
            [SaltFunction("probe.ping")] public static bool Ping({{parameter}}) => true;
        }
        """, inFile: true);

    [Fact]
    public void Points_at_the_declaration()
    {
        var finding = Assert.Single(GeneratedProgram.Findings("""
            /// <summary>Answers.</summary>
            [SaltFunction("probe.ping")] public static bool Ping(string name) => true;
            """));
        Assert.Equal("Probe.cs", finding.Location.GetLineSpan().Path);
        Assert.Contains("'name'", finding.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static void Refused(string id, string source, bool inFile = false)
    {
        var findings = inFile ? GeneratedProgram.FindingsInFile(source) : GeneratedProgram.Findings(source);
        Assert.Contains(findings, f => f.Id == id);
        Assert.All(findings, f => Assert.Equal(id, f.Id));
    }
}
