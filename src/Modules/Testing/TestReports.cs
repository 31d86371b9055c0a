using System.Runtime.InteropServices;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Testing;

/// <summary>The functions of <c>test</c> that tell what this minion is: versions, options, functions.</summary>
/// <remarks>Follows Salt 3006, salt/modules/test.py.</remarks>
public static class TestReports
{
    private const string SaltSection = "Salt Version", DependencySection = "Dependency Versions", SystemSection = "System Versions";

    /// <summary>Answers with the version of Salt.</summary>
    /// <example><code>salt '*' test.version</code></example>
    [SaltFunction("test.version")]
    public static string Version() => SaltVersion.Text;

    /// <summary>Answers with the versions of Salt, of what it is built on and of the system, as maps.</summary>
    /// <example><code>salt '*' test.versions_information</code></example>
    [SaltFunction("test.versions_information")]
    public static MapValue VersionsInformation(CallContext context) => MapValue.Of(
        (SaltSection, MapValue.Of(("Salt", SaltVersion.Text))),
        (DependencySection, MapValue.Of((".NET", Environment.Version.ToString()))),
        (SystemSection, SystemVersions(context.Grains)));

    /// <summary>Answers with the versions of Salt, of what it is built on and of the system, as text.</summary>
    /// <example><code>salt '*' test.versions_report</code></example>
    [SaltFunction("test.versions_report")]
    public static string VersionsReport(CallContext context)
    {
        var report = VersionsInformation(context);
        var width = report.Values.OfType<MapValue>().SelectMany(s => s.Keys).Max(k => k.ToString().Length);
        var text = new StringBuilder();
        foreach (var (section, versions) in report)
        {
            text.Append(section).Append(":\n");
            foreach (var (name, version) in ((MapValue)versions).OrderBy(v => v.Key.ToString().ToLowerInvariant(), StringComparer.Ordinal))
                text.Append(name.ToString().PadLeft(width)).Append(": ").Append(version.IsTruthy ? version.ToString() : "Not Installed").Append('\n');
            text.Append(" \n");
        }
        return text.ToString(0, text.Length - 1);
    }

    /// <summary>Answers with the options of this minion.</summary>
    /// <example><code>salt '*' test.get_opts</code></example>
    [SaltFunction("test.get_opts")]
    public static MapValue GetOpts(CallContext context) => context.Options;

    /// <summary>Answers with the options of this minion, its grains among them.</summary>
    /// <example><code>salt '*' test.opts_pkg</code></example>
    [SaltFunction("test.opts_pkg")]
    public static MapValue OptsPkg(CallContext context) => context.Options.With("grains", context.Grains);

    /// <summary>Answers with the name of what provides a module: its own, since all modules are built in.</summary>
    /// <param name="module">A module, as <c>service</c>.</param>
    /// <returns>Empty where there is no such module.</returns>
    /// <example><code>salt '*' test.provider service</code></example>
    [SaltFunction("test.provider")]
    public static string Provider(CallContext context, string module) =>
        context.Functions.HasModule(FunctionKind.Execution, module) ? module : "";

    /// <summary>Answers with all modules and what provides them.</summary>
    /// <example><code>salt '*' test.providers</code></example>
    [SaltFunction("test.providers")]
    public static MapValue Providers(CallContext context) =>
        MapValue.From(ModulesOf(context).Select(m => KeyValuePair.Create(m, (Value)m)));

    /// <summary>Answers with the modules that could not be loaded: none, since all modules are built in.</summary>
    /// <example><code>salt '*' test.not_loaded</code></example>
    [SaltFunction("test.not_loaded")]
    public static ListValue NotLoaded() => ListValue.Empty;

    /// <summary>
    /// Answers with everything that can be called: <c>functions</c> and <c>modules</c>, and how each can be reached.
    /// Nothing is ever missing from the table, so <c>missing_attrs</c> and <c>missing_subs</c> are empty.
    /// </summary>
    /// <example><code>salt '*' test.module_report</code></example>
    [SaltFunction("test.module_report")]
    public static MapValue ModuleReport(CallContext context)
    {
        var functions = context.Functions.OfKind(FunctionKind.Execution).Select(f => f.Name).ToList();
        var modules = ModulesOf(context);
        return MapValue.Of(
            ("functions", ListValue.OfTexts(functions)),
            ("function_attrs", ListValue.OfTexts(functions)),
            ("function_subs", ListValue.OfTexts(functions)),
            ("modules", ListValue.OfTexts(modules)),
            ("module_attrs", ListValue.OfTexts(modules)),
            ("missing_attrs", ListValue.Empty),
            ("missing_subs", ListValue.Empty));
    }

    private static List<string> ModulesOf(CallContext context) =>
        [.. context.Functions.OfKind(FunctionKind.Execution).Select(f => f.Module).Distinct().Order(StringComparer.Ordinal)];

    // The grains know the distribution; without them (they may be skipped) the runtime still knows the kernel.
    private static MapValue SystemVersions(MapValue grains)
    {
        var distribution = string.Join(' ', new[] { grains.TextOf("os")?.ToLowerInvariant(), grains.Get("osrelease")?.ToString(), grains.TextOf("oscodename") }.Where(t => !string.IsNullOrEmpty(t)));
        var release = grains.TextOf("kernelrelease") ?? Environment.OSVersion.Version.ToString();
        var system = grains.TextOf("kernel") ?? (OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "Darwin" : "Linux");
        return MapValue.Of(
            ("dist", distribution),
            ("locale", grains.MapOf("locale_info").TextOf("defaultencoding") ?? "utf-8"),
            ("machine", grains.TextOf("cpuarch") ?? RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()),
            ("release", release),
            ("system", system),
            ("version", distribution.Length > 0 ? string.Join(' ', new[] { grains.TextOf("os"), grains.Get("osrelease")?.ToString(), grains.TextOf("oscodename") }.Where(t => !string.IsNullOrEmpty(t))) : RuntimeInformation.OSDescription));
    }
}
