using System.Collections.Immutable;
using System.Globalization;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>The states of a run with the time each took, the slowest last: salt/output/profile.py.</summary>
internal static class ProfileOutput
{
    private const int LongestName = 60;
    private const string DurationLabel = "duration (ms)";

    internal static string Show(Value data, OutputSettings settings)
    {
        if (data is not MapValue minions) throw new OutputterRefused($"profile: minions with their states are needed, found a {data.KindName}");
        var rows = minions.Values.SelectMany(StatesOf)
            .OrderBy(r => r.Duration).ThenBy(r => r.Name, PythonOrder.ByCodePoint).ThenBy(r => r.Function, PythonOrder.ByCodePoint)
            .Select(Value (r) => ListValue.OfTexts([r.Name, r.Function, r.Duration.ToString("F4", CultureInfo.InvariantCulture).PadLeft(DurationLabel.Length)]))
            .ToImmutableArray();
        return TableOutput.Show(
            MapValue.Of(("labels", ListValue.OfTexts(["name", "mod.fun", DurationLabel])), ("rows", new ListValue(rows))), settings, "rows", "labels");
    }

    private static IEnumerable<(string Name, string Function, double Duration)> StatesOf(Value states)
    {
        if (states is not MapValue map) throw new OutputterRefused($"profile: a minion's states must be a map, found a {states.KindName}");
        foreach (var (id, state) in map)
        {
            var parts = PythonText.Str(id).Split("_|-");
            if (state is not MapValue result || Duration(result.Get("duration")) is not { } duration)
                throw new OutputterRefused($"profile: {id} has no duration");
            var name = (result.Get("name") ?? result.Get("__id__")) is { IsNull: false } found ? PythonText.Str(found) : "<>";
            if (name.Length > LongestName) name = name[..(LongestName - 3)] + "...";
            yield return (name, $"{parts[0]}.{parts[^1]}", duration);
        }
    }

    private static double? Duration(Value? duration) =>
        duration?.AsNumber()
        ?? (double.TryParse(duration?.AsText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null);
}
