using System.Text;
using System.Text.RegularExpressions;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Output;

/// <summary>Python's <c>pprint.pformat</c>: what fits the width stays on one line, the rest has an item a line.</summary>
/// <remarks>Follows CPython 3.11, Lib/pprint.py, with sorted keys.</remarks>
public static partial class PrettyPrint
{
    /// <param name="indent">Columns a level adds, 1 in Python.</param>
    public static string Format(Value value, int indent = 1, int width = 80)
    {
        var printer = new Printer(indent, width);
        printer.Put(value, 0, 0, 0);
        return printer.ToString();
    }

    // A word with the blanks behind it.
    [GeneratedRegex(@"[^\s\x1c-\x1f]*[\s\x1c-\x1f]*")]
    private static partial Regex WordAndBlanks();

    private sealed class Printer(int step, int width)
    {
        private readonly StringBuilder _text = new();

        public override string ToString() => _text.ToString();

        // 'allowance' is how many columns must stay free at the end for closing brackets.
        internal void Put(Value value, int indent, int allowance, int level)
        {
            var line = OneLine(value);
            if (PythonLines.Length(line) <= width - indent - allowance)
            {
                _text.Append(line);
                return;
            }
            switch (value)
            {
                case MapValue { IsOrdered: true, Count: > 0 } map:
                    _text.Append("OrderedDict(");
                    PutItems(new ListValue([.. map.Select(Value (e) => new ListValue([e.Key, e.Value], isTuple: true))]), '[', "]",
                        indent + "OrderedDict(".Length, allowance + 1, level + 1);
                    _text.Append(')');
                    break;
                case MapValue { IsOrdered: false } map: PutMap(map, indent, allowance, level + 1); break;
                case ListValue { IsTuple: true } list: PutItems(list, '(', list.Count == 1 ? ",)" : ")", indent, allowance, level + 1); break;
                case ListValue list: PutItems(list, '[', "]", indent, allowance, level + 1); break;
                case TextValue { Text.Length: > 0 } text: PutText(text.Text, indent, allowance, isRoot: level == 0); break;
                case BytesValue { Bytes.Length: > 4 } bytes: PutBytes(bytes.Bytes, indent, allowance, isRoot: level == 0); break;
                default: _text.Append(line); break;
            }
        }

        private void PutMap(MapValue map, int indent, int allowance, int level)
        {
            _text.Append('{').Append(' ', Math.Max(step - 1, 0));
            indent += step;
            var entries = Sorted(map);
            for (var i = 0; i < entries.Length; i++)
            {
                var key = OneLine(entries[i].Key);
                if (i > 0) _text.Append(",\n").Append(' ', indent);
                _text.Append(key).Append(": ");
                Put(entries[i].Value, indent + PythonLines.Length(key) + 2, i == entries.Length - 1 ? allowance + 1 : 1, level);
            }
            _text.Append('}');
        }

        private void PutItems(ListValue list, char open, string close, int indent, int allowance, int level)
        {
            _text.Append(open).Append(' ', Math.Max(step - 1, 0));
            indent += step;
            for (var i = 0; i < list.Count; i++)
            {
                if (i > 0) _text.Append(",\n").Append(' ', indent);
                Put(list[i], indent, i == list.Count - 1 ? allowance + close.Length : 1, level);
            }
            _text.Append(close);
        }

        private void PutText(string text, int indent, int allowance, bool isRoot)
        {
            if (isRoot) (indent, allowance) = (indent + 1, allowance + 1);
            var chunks = new List<string>();
            var lines = PythonLines.Split(text, keepEnds: true);
            for (var i = 0; i < lines.Length; i++)
            {
                var isLast = i == lines.Length - 1;
                var whole = PythonText.Repr(lines[i]);
                if (PythonLines.Length(whole) <= width - indent - (isLast ? allowance : 0)) chunks.Add(whole);
                else AddWords(chunks, lines[i], width - indent, isLast ? allowance : 0);
            }
            PutChunks(chunks, indent, isRoot && chunks.Count > 1);
        }

        private static void AddWords(List<string> chunks, string line, int room, int allowance)
        {
            var words = WordAndBlanks().Matches(line).Select(m => m.Value).Where(w => w.Length > 0).ToArray();
            var current = "";
            for (var i = 0; i < words.Length; i++)
            {
                if (i == words.Length - 1) room -= allowance;
                if (PythonLines.Length(PythonText.Repr(current + words[i])) <= room)
                {
                    current += words[i];
                    continue;
                }
                if (current.Length > 0) chunks.Add(PythonText.Repr(current));
                current = words[i];
            }
            if (current.Length > 0) chunks.Add(PythonText.Repr(current));
        }

        private void PutBytes(ReadOnlyMemory<byte> bytes, int indent, int allowance, bool isRoot)
        {
            if (isRoot) (indent, allowance) = (indent + 1, allowance + 1);
            var chunks = new List<string>();
            var room = width - indent;
            var (start, end) = (0, 0);
            var lastPart = bytes.Length / 4 * 4;
            for (var i = 0; i < bytes.Length; i += 4)
            {
                var next = Math.Min(i + 4, bytes.Length);
                if (i == lastPart) room -= allowance;
                if (Repr(start, next).Length > room)
                {
                    if (end > start) chunks.Add(Repr(start, end));
                    start = i;
                }
                end = next;
            }
            if (end > start) chunks.Add(Repr(start, end));
            PutChunks(chunks, indent, isRoot);

            string Repr(int from, int to) => PythonText.Repr(new BytesValue(bytes[from..to]));
        }

        private void PutChunks(List<string> chunks, int indent, bool inBrackets)
        {
            if (inBrackets) _text.Append('(');
            for (var i = 0; i < chunks.Count; i++)
            {
                if (i > 0) _text.Append('\n').Append(' ', indent);
                _text.Append(chunks[i]);
            }
            if (inBrackets) _text.Append(')');
        }

        // repr with sorted keys; an ordered map prints by its own rule.
        private static string OneLine(Value value) => PythonText.Repr(SortKeys(value));

        private static Value SortKeys(Value value) => value switch
        {
            MapValue { IsOrdered: false, Count: > 0 } map =>
                MapValue.From(Sorted(map).Select(e => KeyValuePair.Create(SortKeys(e.Key), SortKeys(e.Value)))),
            ListValue { Count: > 0 } list => new ListValue([.. list.Items.Select(SortKeys)], list.IsTuple),
            _ => value,
        };

        // Kinds without a common order stand by the name of their kind.
        private static KeyValuePair<Value, Value>[] Sorted(MapValue map) =>
            PythonOrder.TrySortKeys(map) ?? [.. map.OrderBy(e => e.Key, Comparer<Value>.Create(CompareAny))];

        private static int CompareAny(Value left, Value right)
        {
            try
            {
                return PythonOrder.Compare(left, right);
            }
            catch (UnorderableValues)
            {
                return string.CompareOrdinal(left.KindName, right.KindName);
            }
        }
    }
}
