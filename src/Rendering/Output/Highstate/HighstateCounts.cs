using System.Globalization;

namespace SaltActors.Rendering.Output.Highstate;

/// <summary>Adds up what a minion's states came to, and prints it below them.</summary>
internal sealed class HighstateCounts
{
    private const int LongestLabel = 9;
    private readonly List<double> _parallel = [];
    private int? _succeeded, _unchanged, _failed, _other;
    private double _serial;

    internal int Changed { get; set; }
    internal int Warnings { get; set; }

    internal void Count(StateResult state)
    {
        if (state.Failed) _failed = (_failed ?? 0) + state.Count;
        else if (state.Result.IsNull) _unchanged = (_unchanged ?? 0) + state.Count;
        else if (state.Result is Core.Values.BoolValue) _succeeded = (_succeeded ?? 0) + state.Count;
        else _other = (_other ?? 0) + state.Count;
        if (state.IsParallel) _parallel.Add(state.Milliseconds);
        else _serial += state.Milliseconds;
    }

    internal IEnumerable<string> Summary(string id, HighstateMode mode, OutputColours colours)
    {
        int?[] counts = [_succeeded, _unchanged, _failed, _other, Warnings > 0 ? Warnings : null];
        var digits = counts.Max(c => c?.ToString(CultureInfo.InvariantCulture).Length ?? 0);
        var length = LongestLabel + digits + 2;
        var rule = new string('-', length);
        int succeeded = (_succeeded ?? 0) + (_unchanged ?? 0), failed = _failed ?? 0, total = succeeded + failed + (_other ?? 0);
        var failedColour = failed > 0 ? colours.Red : colours.Cyan;

        yield return colours.Wrap(colours.Cyan, $"\nSummary for {id}\n{rule}");
        var notes = new List<string>();
        if (_unchanged > 0) notes.Add(colours.Wrap(colours.LightYellow, $"unchanged={_unchanged}"));
        if (Changed > 0) notes.Add(colours.Wrap(colours.Green, $"changed={Changed}"));
        yield return colours.Wrap(colours.Green, Row("Succeeded", Text(succeeded))) + (notes.Count > 0 ? $" ({string.Join(", ", notes)})" : "");
        yield return colours.Wrap(failedColour, Row("Failed", Text(failed)));
        if (mode.ShowsPercent && total > 0)
        {
            yield return colours.Wrap(colours.Green, Row("Success %", Percent(succeeded, total)));
            yield return colours.Wrap(failedColour, Row("Failure %", Percent(failed, total)));
        }
        if (Warnings > 0) yield return colours.Wrap(colours.LightRed, Row("Warnings", Text(Warnings)));
        yield return colours.Wrap(colours.Cyan, $"{rule}\nTotal states run: {Text(total).PadLeft(length - 7)}");
        if (!mode.ShowsTimes) yield break;
        var time = _serial + (_parallel.Count > 0 ? _parallel.Max() : 0);
        var (shown, unit) = time > 999 ? (time / 1000, "s") : (time, "ms");
        yield return colours.Wrap(colours.Cyan, $"Total run time: {shown.ToString("F3", CultureInfo.InvariantCulture).PadLeft(length - 5)} {unit}");

        string Row(string label, string count) => $"{label}: {count.PadLeft(length - label.Length - 2)}";
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Percent(int part, int total) =>
        Core.Values.PythonText.Float(Math.Round(part / (double)total * 100, 2, MidpointRounding.ToEven));
}
