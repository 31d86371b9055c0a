using System.Globalization;
using System.Text;

namespace SaltActors.Rendering.Output.Highstate;

/// <summary>A state on one line.</summary>
internal static class HighstateTerse
{
    internal static string Line(StateResult state, string name, string colour, HighstateMode mode, OutputColours colours)
    {
        var result = state.Failed ? "Failed" : state.Result.IsNull ? "Differs" : state.Changes.IsTruthy ? "Changed" : "Clean";
        var warnings = string.Join('\n', state.Warnings ?? []);
        var times = mode.ShowsTimes && state.Started is not null;
        var alert = state.Warnings is null ? "" : $"{colours.LightRed}Warnings:\n{warnings}{colours.End}";
        switch (mode.Tabular)
        {
            case null:
                return $"{alert} {colour} Name: {name} - Function: {state.Module}.{state.Function} - Result: {result}"
                    + (times ? $" - Started: {state.Started} - Duration: {state.Duration} ms" : "") + colours.End;
            case "":
                return (alert.Length > 0 ? alert + "\n" : "") + colour + (times ? $"{state.Started} [{state.Duration,7} ms] " : "")
                    + $"{state.Module,10}.{state.Function,-10} {result,-7}   Name: {name}{colours.End}";
            default:
                return Format(mode.Tabular, field => field switch
                {
                    "0" => colour,
                    "1" => name,
                    "2" => state.Module,
                    "3" => state.Function,
                    "4" => result,
                    "5" => colours.End,
                    "6[start_time]" => state.Started,
                    "6[duration]" => state.Duration,
                    "6[comment]" => state.Comment,
                    "6[name]" => state.Name,
                    "6[result]" => Core.Values.PythonText.Str(state.Result),
                    "6[changes]" => Core.Values.PythonText.Str(state.Changes),
                    "w" => warnings,
                    _ when field.StartsWith("c[", StringComparison.Ordinal) && field.EndsWith(']') => colours.Find(field[2..^1]),
                    _ => null,
                });
        }
    }

    /// <summary>Python's <c>str.format</c>, as far as text fields need it: <c>{1}</c>, <c>{6[duration]!s:&gt;7}</c>, <c>{{</c>.</summary>
    /// <param name="valueOf">The text of a field, or null where there is no such field.</param>
    private static string Format(string format, Func<string, string?> valueOf)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (c == '}') throw new OutputterRefused($"state_tabular: a single '}}' stands at place {i} of '{format}'");
            else if (c == '{')
            {
                var end = format.IndexOf('}', i);
                if (end < 0) throw new OutputterRefused($"state_tabular: '{{' at place {i} of '{format}' is never closed");
                var field = format[(i + 1)..end];
                var colon = field.IndexOf(':');
                var (name, spec) = colon < 0 ? (field, "") : (field[..colon], field[(colon + 1)..]);
                if (name.EndsWith("!s", StringComparison.Ordinal)) name = name[..^2];
                text.Append(Pad(valueOf(name) ?? throw new OutputterRefused($"state_tabular: there is no field '{name}'"), spec));
                i = end;
            }
            else text.Append(c);
        }
        return text.ToString();
    }

    // [fill][<>^]width, as Python's format specification of text.
    private static string Pad(string text, string spec)
    {
        if (spec.EndsWith('s')) spec = spec[..^1];
        var fill = ' ';
        var align = '<';
        if (spec.Length > 1 && spec[1] is '<' or '>' or '^') (fill, align, spec) = (spec[0], spec[1], spec[2..]);
        else if (spec.Length > 0 && spec[0] is '<' or '>' or '^') (align, spec) = (spec[0], spec[1..]);
        if (spec.Length == 0) return text;
        if (!int.TryParse(spec, NumberStyles.None, CultureInfo.InvariantCulture, out var width))
            throw new OutputterRefused($"state_tabular: a width is needed behind ':', found '{spec}'");
        var free = width - PythonLines.Length(text);
        if (free <= 0) return text;
        var left = align switch { '<' => 0, '>' => free, _ => free / 2 };
        return new string(fill, left) + text + new string(fill, free - left);
    }
}
