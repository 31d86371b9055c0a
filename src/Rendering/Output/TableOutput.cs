using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>Lists of rows as a grid, set by the options <c>out.table.*</c>: salt/output/table_out.py.</summary>
/// <remarks>A cell that wraps shows as many lines as the shortest cell of its row has, as in Salt.</remarks>
internal static class TableOutput
{
    internal static string Show(Value data, OutputSettings settings)
    {
        var options = settings.Options;
        return Show(data, settings, options.TextOf("out.table.rows_key"), options.TextOf("out.table.labels_key"));
    }

    internal static string Show(Value data, OutputSettings settings, string? rowsKey, string? labelsKey)
    {
        var lines = new List<string>();
        var options = settings.Options;
        if (options.TextOf("out.table.title") is { Length: > 0 } title && rowsKey is not null)
            lines.Add(new string(' ', settings.Indent) + title + settings.Colours.End + "\n");
        new Walk(settings, TableStyle.From(options), rowsKey, labelsKey, lines).Add(data, settings.NestedIndent ?? (int?)options.Get("out.table.nested_indent")?.AsInteger() ?? 0);
        return string.Join('\n', lines);
    }

    private sealed record TableStyle(bool HasHeader, string RowDelimiter, string Delimiter, string Justify, bool SeparateRows, string Prefix, string Suffix, int Width)
    {
        internal static TableStyle From(MapValue options) => new(
            Option(options, "has_header")?.IsTruthy ?? true,
            Text(options, "row_delimiter", "-"),
            Text(options, "delim", " | "),
            Text(options, "justify", "center").ToLowerInvariant() is ("center" or "left" or "right") and var justify ? justify
                : throw new OutputterRefused("out.table.justify must be center, left or right"),
            Option(options, "separate_rows")?.IsTruthy ?? true,
            Text(options, "prefix", "| "),
            Text(options, "suffix", " |"),
            (int?)Option(options, "width")?.AsInteger() ?? 50);

        private static Value? Option(MapValue options, string name) => options.Get("out.table." + name) is { IsNull: false } set ? set : null;
        private static string Text(MapValue options, string name, string missing) => Option(options, name) is { } set ? PythonText.Str(set) : missing;
    }

    private sealed class Walk(OutputSettings settings, TableStyle style, string? rowsKey, string? labelsKey, List<string> lines)
    {
        internal void Add(Value data, int indent)
        {
            if (data is ListValue rows && rowsKey is null) AddRows(rows, null, indent);
            if (data is not MapValue map) return;
            var entries = PythonOrder.TrySortKeys(map) ?? throw new OutputterRefused("table: the keys have no common order");
            if (rowsKey is not null && !map.Has(rowsKey))
            {
                foreach (var (_, value) in entries) Add(value, indent);
                return;
            }
            foreach (var (key, value) in entries)
            {
                if (rowsKey is not null && key.AsText() != rowsKey) continue;
                if (rowsKey is null)
                {
                    Line(indent, settings.Colours.DarkGray, PythonText.Str(key), ":");
                    Line(indent, settings.Colours.DarkGray, "----------");
                }
                if (value is ListValue list) AddRows(list, labelsKey is null ? null : map.Get(labelsKey), indent + 4);
                else Add(value, indent + 4);
            }
        }

        private void AddRows(ListValue rows, Value? labels, int indent)
        {
            if (rows.Count == 0 || rows.Items.Any(r => r.KindName != rows[0].KindName)) return;
            var header = labels switch
            {
                MapValue map => [.. Sorted(map).Select(e => e.Value)],
                ListValue { Count: > 0 } list => list.Items.ToArray(),
                _ => null,
            };
            Value[][] cells;
            switch (rows[0])
            {
                case MapValue first:
                    header ??= [.. Sorted(first).Select(Value (e) => Title(PythonText.Str(e.Key).Replace('_', ' ')))];
                    cells = [.. rows.Items.Select(r => Sorted((MapValue)r).Select(Value (e) => PythonText.Str(e.Value)).ToArray())];
                    break;
                case ListValue:
                    cells = [.. rows.Items.Select(r => ((ListValue)r).Items.ToArray())];
                    break;
                case TextValue:
                    cells = [.. rows.Items.Select(r => new[] { r })];
                    break;
                default:
                    throw new OutputterRefused($"table: a row must be a map, a list or text, found a {rows[0].KindName}");
            }
            Draw(header is null ? cells : [header, .. cells], style.HasHeader && header is not null, indent);
        }

        private void Draw(Value[][] rows, bool hasHeader, int indent)
        {
            // Each row becomes one or more lines of cells.
            string[][][] wrapped = [.. rows.Select(r => Transpose([.. r.Select(Wrap)]))];
            var columns = wrapped.SelectMany(r => r).Min(line => line.Length);
            int[] widths = [.. Enumerable.Range(0, columns).Select(c => wrapped.SelectMany(r => r).Max(line => PythonLines.Length(line[c])))];
            var length = style.Prefix.Length + style.Suffix.Length + widths.Sum() + style.Delimiter.Length * (columns - 1);
            var separator = new StringBuilder().Insert(0, style.RowDelimiter, Math.Max(length, 0)).ToString();
            if (style.SeparateRows) Line(indent, settings.Colours.LightGray, separator);
            foreach (var row in wrapped)
            {
                foreach (var line in row)
                    Line(indent, settings.Colours.White, style.Prefix + string.Join(style.Delimiter, widths.Select((w, c) => Justify(line[c], w))) + style.Suffix);
                if (style.SeparateRows || hasHeader) Line(indent, settings.Colours.LightGray, separator);
                hasHeader = false;
            }
        }

        private static string[][] Transpose(string[][] cells) =>
            cells.Length == 0 ? [] : [.. Enumerable.Range(0, cells.Min(c => c.Length)).Select(line => cells.Select(c => c[line]).ToArray())];

        // Breaks at single blanks once a line would reach the width.
        private string[] Wrap(Value cell)
        {
            if (cell is not TextValue text) throw new OutputterRefused($"table: a cell must be text, found a {cell.KindName}");
            var words = text.Text.Split(' ');
            var wrapped = new StringBuilder(words[0]);
            var column = LastLine(words[0]);
            foreach (var word in words.AsSpan(1))
            {
                var first = word.IndexOf('\n') is >= 0 and var end ? end : word.Length;
                var breaks = column + first >= style.Width;
                wrapped.Append(breaks ? '\n' : ' ').Append(word);
                column = word.Contains('\n') ? LastLine(word) : breaks ? word.Length : column + 1 + word.Length;
            }
            return wrapped.ToString().Split('\n');
        }

        private static int LastLine(string text) => text.Length - 1 - text.LastIndexOf('\n');

        private string Justify(string text, int width)
        {
            var free = width - PythonLines.Length(text);
            if (free <= 0) return text;
            // Python puts the odd blank to the left only where the width is odd too.
            var left = style.Justify switch { "left" => 0, "right" => free, _ => free / 2 + (free & width & 1) };
            return new string(' ', left) + text + new string(' ', free - left);
        }

        private static KeyValuePair<Value, Value>[] Sorted(MapValue map) =>
            PythonOrder.TrySortKeys(map) ?? throw new OutputterRefused("table: the columns have no common order");

        // str.title: a letter behind anything but a letter is upper case, every other one lower.
        private static string Title(string text) =>
            string.Create(text.Length, text, static (to, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                    to[i] = i > 0 && char.IsLetter(from[i - 1]) ? char.ToLowerInvariant(from[i]) : char.ToUpperInvariant(from[i]);
            });

        private void Line(int indent, string colour, string text, string suffix = "") =>
            lines.Add(new string(' ', indent) + colour + settings.Shown(text) + settings.Colours.End + suffix);
    }
}
