using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output.Highstate;

/// <summary>How much of a state is shown.</summary>
internal enum HighstateForm { Full, Terse, Hidden }

/// <summary>The options of the outputter, read once.</summary>
/// <param name="Tabular">Null: plain terse lines; empty: columns; else a Python format of the fields.</param>
internal sealed record HighstateMode(
    string Output, bool HidesClean, bool ShowsTimes, bool ShowsPercent, string? Tabular, ImmutableHashSet<string> Excluded, ImmutableHashSet<string> Tersed)
{
    internal static HighstateMode From(MapValue options)
    {
        var keywords = options.ListOf("arg").Items.OfType<MapValue>().LastOrDefault(m => m.Has("__kwarg__")) ?? MapValue.Empty;
        return new(
            options.TextOf("state_output")?.ToLowerInvariant() ?? "full",
            (options.Get("state_output_diff")?.IsTruthy ?? false) || !(options.Get("state_verbose")?.IsTruthy ?? true),
            options.Get("state_output_profile")?.IsTruthy ?? true,
            options.Get("state_output_pct")?.IsTruthy ?? false,
            options.Get("state_tabular") switch { BoolValue { IsTrue: true } => "", TextValue { Text.Length: > 0 } format => format.Text, _ => null },
            Results(keywords.Get("exclude") ?? options.Get("state_output_exclude")),
            Results(keywords.Get("terse") ?? options.Get("state_output_terse")));
    }

    internal bool NamesById => Output.EndsWith("_id", StringComparison.Ordinal);

    internal HighstateForm FormOf(StateResult state, bool changed)
    {
        if (Is("filter"))
        {
            var result = PythonText.Str(state.Result);
            return Tersed.Contains(result) ? HighstateForm.Terse : Excluded.Contains(result) ? HighstateForm.Hidden : HighstateForm.Full;
        }
        return Is("terse") || Is("mixed") && !state.Failed || Is("changes") && state.Result.IsTruthy && !changed ? HighstateForm.Terse : HighstateForm.Full;
    }

    private bool Is(string mode) => Output.StartsWith(mode, StringComparison.Ordinal);

    // "True,None" or a list of the same.
    private static ImmutableHashSet<string> Results(Value? results) => results switch
    {
        TextValue text => [.. text.Text.Split(',')],
        ListValue list => [.. list.Items.Select(PythonText.Str)],
        _ => [],
    };
}
