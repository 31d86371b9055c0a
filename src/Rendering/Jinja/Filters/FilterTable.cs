using System.Collections.Frozen;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Filters.Salt;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Filters;

/// <summary>Every filter by name; where Salt replaces one of Jinja's, Salt's.</summary>
public static class FilterTable
{
    private static readonly FrozenDictionary<string, Native> Table = Native.Table(
    [
        .. Jinjas([.. TextFilters.All, .. MarkupFilters.All, .. NumberFilters.All, .. SequenceFilters.All, .. SelectionFilters.All]),
        .. Salts([.. SerializerFilters.All, .. PatternFilters.All, .. TextShapeFilters.All, .. DataFilters.All, .. ListFilters.All, .. IterationFilters.All,
            .. HashFilters.All, .. NetworkFilters.All, .. MachineFilters.All]),
    ]);

    private static IEnumerable<Native> Jinjas(IEnumerable<Native> filters) => filters.Select(f => f with { Hidden = 1, Caption = $"do_{f.Caption}" });
    private static IEnumerable<Native> Salts(IEnumerable<Native> filters) => filters.Select(f => f with { Hidden = 1 });

    public static Native? Find(string name) => Table.GetValueOrDefault(name);
    public static IEnumerable<string> Names => Table.Keys;

    /// <summary>A filter under a second name.</summary>
    internal static Native As(this Native native, string name) => native with { Name = name };

    /// <summary>Applies a filter that is named at run time, as <c>map('upper')</c> does.</summary>
    internal static Obj Apply(RenderRun run, string name, Obj on, CallArguments arguments) =>
        (Find(name) ?? throw JinjaFault.Runtime($"No filter named '{name}'.")).Invoke(run, on, arguments);

    /// <summary>Text as it is, anything else printed; markup stays markup.</summary>
    internal static TextObj Soft(Obj obj) => obj as TextObj ?? TextObj.Of(obj.ToString());
}
