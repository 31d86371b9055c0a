using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Introspection;

/// <summary>The module <c>sys</c>: what can be called here, with its documentation and its parameters.</summary>
/// <remarks>
/// Follows Salt 3006, salt/modules/sysmod.py. All answers come from the function table of the program that runs the call: a kind of
/// which it knows nothing has empty answers.
/// </remarks>
public static class SysModule
{
    /// <summary>Answers with the documentation of execution functions.</summary>
    /// <param name="args">Functions, modules or patterns; all functions where none is given.</param>
    /// <returns>A map of names and texts.</returns>
    /// <example><code>
    /// salt '*' sys.doc
    /// salt '*' sys.doc sys
    /// salt '*' sys.doc 'sys.*' 'network.traceroute'
    /// </code></example>
    [SaltFunction("sys.doc")]
    public static MapValue Doc(CallContext context, [Rest] ListValue args) => Docs(context, FunctionKind.Execution, args);

    /// <summary>Answers with the documentation of state functions.</summary>
    /// <param name="args">Functions, modules or patterns; all functions where none is given.</param>
    /// <returns>A map of names and texts.</returns>
    /// <example><code>salt '*' sys.state_doc service</code></example>
    [SaltFunction("sys.state_doc")]
    public static MapValue StateDoc(CallContext context, [Rest] ListValue args) => Docs(context, FunctionKind.State, args);

    /// <summary>Answers with the documentation of runners.</summary>
    /// <param name="args">Functions, modules or patterns; all functions where none is given.</param>
    /// <returns>A map of names and texts.</returns>
    /// <example><code>salt '*' sys.runner_doc cache</code></example>
    [SaltFunction("sys.runner_doc")]
    public static MapValue RunnerDoc(CallContext context, [Rest] ListValue args) => Docs(context, FunctionKind.Runner, args);

    /// <summary>Answers with the documentation of returners.</summary>
    /// <param name="args">Functions, modules or patterns; all functions where none is given.</param>
    /// <returns>A map of names and texts.</returns>
    /// <example><code>salt '*' sys.returner_doc local</code></example>
    [SaltFunction("sys.returner_doc")]
    public static MapValue ReturnerDoc(CallContext context, [Rest] ListValue args) => Docs(context, FunctionKind.Returner, args);

    /// <summary>Answers with the parameters of execution functions.</summary>
    /// <param name="module">A function, a module or a pattern; empty for all.</param>
    /// <returns>A map of names; under each <c>args</c>, <c>defaults</c> (of the last ones), <c>varargs</c> and <c>kwargs</c>.</returns>
    /// <example><code>
    /// salt '*' sys.argspec pkg.install
    /// salt '*' sys.argspec 'pkg.*'
    /// </code></example>
    [SaltFunction("sys.argspec")]
    public static MapValue ArgumentSpec(CallContext context, string module = "") => Parameters(context, FunctionKind.Execution, module);

    /// <summary>Answers with the parameters of state functions.</summary>
    /// <param name="module">A function, a module or a pattern; empty for all.</param>
    /// <returns>A map of names; under each <c>args</c>, <c>defaults</c> (of the last ones), <c>varargs</c> and <c>kwargs</c>.</returns>
    /// <example><code>salt '*' sys.state_argspec pkg.installed</code></example>
    [SaltFunction("sys.state_argspec")]
    public static MapValue StateArgumentSpec(CallContext context, string module = "") => Parameters(context, FunctionKind.State, module);

    /// <summary>Answers with the parameters of runners.</summary>
    /// <param name="module">A function, a module or a pattern; empty for all.</param>
    /// <returns>A map of names; under each <c>args</c>, <c>defaults</c> (of the last ones), <c>varargs</c> and <c>kwargs</c>.</returns>
    /// <example><code>salt '*' sys.runner_argspec state</code></example>
    [SaltFunction("sys.runner_argspec")]
    public static MapValue RunnerArgumentSpec(CallContext context, string module = "") => Parameters(context, FunctionKind.Runner, module);

    /// <summary>Answers with the parameters of returners.</summary>
    /// <param name="module">A function, a module or a pattern; empty for all.</param>
    /// <returns>A map of names; under each <c>args</c>, <c>defaults</c> (of the last ones), <c>varargs</c> and <c>kwargs</c>.</returns>
    /// <example><code>salt '*' sys.returner_argspec local</code></example>
    [SaltFunction("sys.returner_argspec")]
    public static MapValue ReturnerArgumentSpec(CallContext context, string module = "") => Parameters(context, FunctionKind.Returner, module);

    /// <summary>Answers with the names of execution functions, sorted.</summary>
    /// <param name="args">Modules or patterns; all functions where none is given.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>
    /// salt '*' sys.list_functions
    /// salt '*' sys.list_functions sys 'state.*'
    /// </code></example>
    [SaltFunction("sys.list_functions")]
    public static ListValue ListFunctions(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs) => Names(context, FunctionKind.Execution, args);

    /// <summary>Answers with the names of state functions, sorted.</summary>
    /// <param name="args">Modules or patterns; all functions where none is given.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' sys.list_state_functions file</code></example>
    [SaltFunction("sys.list_state_functions")]
    public static ListValue ListStateFunctions(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs) => Names(context, FunctionKind.State, args);

    /// <summary>Answers with the names of the functions of runners, sorted.</summary>
    /// <param name="args">Modules or patterns; all functions where none is given.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' sys.list_runner_functions state</code></example>
    [SaltFunction("sys.list_runner_functions")]
    public static ListValue ListRunnerFunctions(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs) => Names(context, FunctionKind.Runner, args);

    /// <summary>Answers with the names of the functions of returners, sorted.</summary>
    /// <param name="args">Modules or patterns; all functions where none is given.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' sys.list_returner_functions local</code></example>
    [SaltFunction("sys.list_returner_functions")]
    public static ListValue ListReturnerFunctions(CallContext context, [Rest] ListValue args, [Keywords] MapValue kwargs) => Names(context, FunctionKind.Returner, args);

    /// <summary>Answers with the names of execution modules, sorted.</summary>
    /// <param name="args">Patterns; all modules where none is given.</param>
    /// <example><code>salt '*' sys.list_modules 's*'</code></example>
    [SaltFunction("sys.list_modules")]
    public static ListValue ListModules(CallContext context, [Rest] ListValue args) => Modules(context, FunctionKind.Execution, args);

    /// <summary>Answers with the names of state modules, sorted.</summary>
    /// <param name="args">Patterns; all modules where none is given.</param>
    /// <example><code>salt '*' sys.list_state_modules 'mysql_*'</code></example>
    [SaltFunction("sys.list_state_modules")]
    public static ListValue ListStateModules(CallContext context, [Rest] ListValue args) => Modules(context, FunctionKind.State, args);

    /// <summary>Answers with the names of runners, sorted.</summary>
    /// <param name="args">Patterns; all runners where none is given.</param>
    /// <example><code>salt '*' sys.list_runners 'm*'</code></example>
    [SaltFunction("sys.list_runners")]
    public static ListValue ListRunners(CallContext context, [Rest] ListValue args) => Modules(context, FunctionKind.Runner, args);

    /// <summary>Answers with the names of returners, sorted.</summary>
    /// <param name="args">Patterns; all returners where none is given.</param>
    /// <example><code>salt '*' sys.list_returners 's*'</code></example>
    [SaltFunction("sys.list_returners")]
    public static ListValue ListReturners(CallContext context, [Rest] ListValue args) => Modules(context, FunctionKind.Returner, args);

    private static MapValue Docs(CallContext context, FunctionKind kind, ListValue words) =>
        MapValue.From(Meant(context, kind, words).Select(f => KeyValuePair.Create(f.Name, (Value)f.Doc)));

    private static ListValue Names(CallContext context, FunctionKind kind, ListValue words) =>
        ListValue.OfTexts(Meant(context, kind, words).Select(f => f.Name).Distinct().Order(PythonOrder.ByCodePoint));

    private static ListValue Modules(CallContext context, FunctionKind kind, ListValue patterns) => ListValue.OfTexts(
        context.Functions.OfKind(kind).Select(f => f.Module).Distinct()
            .Where(m => patterns.Count == 0 || patterns.Items.Any(p => NamePattern.Matches(p.ToString(), m)))
            .Order(PythonOrder.ByCodePoint));

    private static MapValue Parameters(CallContext context, FunctionKind kind, string module) =>
        MapValue.From(context.Functions.Meant(kind, module).Select(f => KeyValuePair.Create(f.Name, (Value)ParametersOf(f))));

    private static MapValue ParametersOf(FunctionSpec function)
    {
        var named = function.Parameters.Where(p => p.Kind == ParameterKind.Named).ToList();
        var defaults = named.Where(p => p.Default is not null).Select(p => p.Default!).ToList();
        return MapValue.Of(
            ("args", named.Count > 0 ? ListValue.OfTexts(named.Select(p => p.Name)) : Value.Null),
            ("defaults", defaults.Count > 0 ? ListValue.From(defaults) : Value.Null),
            ("varargs", function.Parameters.Any(p => p.Kind == ParameterKind.Rest) ? true : Value.Null),
            ("kwargs", function.TakesKeywords ? true : Value.Null));
    }

    private static IEnumerable<FunctionSpec> Meant(CallContext context, FunctionKind kind, ListValue words) => words.Count == 0
        ? context.Functions.OfKind(kind)
        : words.Items.SelectMany(w => context.Functions.Meant(kind, w.ToString()));
}
