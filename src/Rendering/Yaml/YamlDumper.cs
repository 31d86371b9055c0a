using System.Globalization;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Yaml;

/// <summary>Which collections are written on one line, between brackets.</summary>
public enum YamlFlow
{
    /// <summary>None but the empty ones: PyYAML's <c>default_flow_style=False</c>.</summary>
    Never,
    /// <summary>All: <c>default_flow_style=True</c>.</summary>
    Always,
    /// <summary>Those that hold scalars alone: <c>default_flow_style=None</c>.</summary>
    Leaves,
}

/// <summary>How a value is written as YAML.</summary>
public sealed record YamlLayout
{
    public static readonly YamlLayout Default = new();
    /// <summary>Columns a level; outside 2 to 9 it is 2, as in libyaml.</summary>
    public int Indent { get; init; } = 2;
    /// <summary>Text is folded at the first space past this column.</summary>
    public int Width { get; init; } = 80;
    public YamlFlow Flow { get; init; }
    /// <summary>Plain maps by key; a map whose keys have no order, and an ordered map, keep theirs.</summary>
    public bool SortKeys { get; init; } = true;
    /// <summary>False escapes everything beyond ASCII.</summary>
    public bool AllowUnicode { get; init; } = true;
}

/// <summary>Values to YAML 1.1, byte for byte as PyYAML's safe dumper over libyaml 0.2.5 writes them.</summary>
/// <remarks>
/// Follows libyaml's emitter (src/emitter.c) and PyYAML's representer and resolver. Values are trees, so no anchors are written.
/// The text ends with a line feed.
/// </remarks>
public static class YamlDumper
{
    public static string Dump(Value value, YamlLayout? options = null)
    {
        options ??= YamlLayout.Default;
        var writer = new YamlDumperWriter(options);
        new Walk(options, writer).Node(value, inMapping: false, isSimpleKey: false);
        return writer.End();
    }

    internal static YamlDumperScalar ScalarOf(Value value) => value switch
    {
        NullValue => YamlDumperScalar.Plain("null"),
        BoolValue b => YamlDumperScalar.Plain(b.IsTrue ? "true" : "false"),
        IntegerValue i => YamlDumperScalar.Plain(i.Number.ToString(CultureInfo.InvariantCulture)),
        FloatValue f => YamlDumperScalar.Plain(Float(f.Number)),
        TimeValue t => YamlDumperScalar.Plain(PythonText.Str(t)),
        TextValue t => YamlDumperScalar.Text(t.Text),
        BytesValue b => YamlDumperScalar.Tagged("!!binary", Base64(b.Bytes.Span)),
        _ => throw new ArgumentException($"a {value.KindName} is no scalar", nameof(value)),
    };

    private static string Float(double number)
    {
        if (double.IsNaN(number)) return ".nan";
        if (double.IsInfinity(number)) return number > 0 ? ".inf" : "-.inf";
        var text = PythonText.Float(number);
        // YAML 1.1 wants a point before the exponent.
        return text.Contains('.') ? text : text.Replace("e", ".0e");
    }

    private static string Base64(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var i = 0; i < bytes.Length; i += 57)
            text.Append(Convert.ToBase64String(bytes[i..Math.Min(i + 57, bytes.Length)])).Append('\n');
        return text.ToString();
    }

    private sealed class Walk(YamlLayout options, YamlDumperWriter writer)
    {
        internal void Node(Value value, bool inMapping, bool isSimpleKey)
        {
            switch (value)
            {
                case ListValue list when IsFlow(list.Count, list): FlowList(list); break;
                case ListValue list: BlockList(list, inMapping); break;
                case MapValue map when IsFlow(map.Count, map.Keys.Concat(map.Values)): FlowMap(map); break;
                case MapValue map: BlockMap(map); break;
                default: writer.Scalar(ScalarOf(value), isSimpleKey); break;
            }
        }

        private bool IsFlow(int count, IEnumerable<Value> parts) =>
            count == 0 || writer.InFlow || options.Flow == YamlFlow.Always
            || options.Flow == YamlFlow.Leaves && parts.All(p => p is not (ListValue or MapValue or BytesValue));

        private void BlockList(ListValue list, bool inMapping)
        {
            var outer = writer.IncreaseIndent(isFlow: false, stays: inMapping && !writer.IsIndention);
            foreach (var item in list)
            {
                writer.WriteIndent();
                writer.Indicator("-", spaceBefore: true, isSpace: false, isIndention: true);
                Node(item, inMapping: false, isSimpleKey: false);
            }
            writer.Indent = outer;
        }

        private void BlockMap(MapValue map)
        {
            var outer = writer.IncreaseIndent(isFlow: false, stays: false);
            foreach (var (key, value) in Entries(map))
            {
                writer.WriteIndent();
                if (IsSimpleKey(key))
                {
                    Node(key, inMapping: true, isSimpleKey: true);
                    writer.Indicator(":", spaceBefore: false, isSpace: false, isIndention: false);
                }
                else
                {
                    writer.Indicator("?", spaceBefore: true, isSpace: false, isIndention: true);
                    Node(key, inMapping: true, isSimpleKey: false);
                    writer.WriteIndent();
                    writer.Indicator(":", spaceBefore: true, isSpace: false, isIndention: true);
                }
                Node(value, inMapping: true, isSimpleKey: false);
            }
            writer.Indent = outer;
        }

        private void FlowList(ListValue list)
        {
            var outer = writer.OpenFlow("[");
            for (var i = 0; i < list.Count; i++)
            {
                writer.NextFlowItem(isFirst: i == 0);
                Node(list[i], inMapping: false, isSimpleKey: false);
            }
            writer.CloseFlow("]", outer);
        }

        private void FlowMap(MapValue map)
        {
            var outer = writer.OpenFlow("{");
            var isFirst = true;
            foreach (var (key, value) in Entries(map))
            {
                writer.NextFlowItem(isFirst);
                isFirst = false;
                if (IsSimpleKey(key))
                {
                    Node(key, inMapping: true, isSimpleKey: true);
                    writer.Indicator(":", spaceBefore: false, isSpace: false, isIndention: false);
                }
                else
                {
                    writer.Indicator("?", spaceBefore: true, isSpace: false, isIndention: false);
                    Node(key, inMapping: true, isSimpleKey: false);
                    writer.BreakLongLine();
                    writer.Indicator(":", spaceBefore: true, isSpace: false, isIndention: false);
                }
                Node(value, inMapping: true, isSimpleKey: false);
            }
            writer.CloseFlow("}", outer);
        }

        // A key stands before its colon where it is one line of at most 128 bytes.
        private static bool IsSimpleKey(Value key) => key switch
        {
            ListValue list => list.Count == 0,
            MapValue map => map.Count == 0,
            _ => ScalarOf(key) is var scalar && !scalar.IsMultiline
                && Encoding.UTF8.GetByteCount(scalar.Content) + (scalar.Tag?.Length ?? 0) <= 128,
        };

        private IEnumerable<KeyValuePair<Value, Value>> Entries(MapValue map) =>
            options.SortKeys && !map.IsOrdered && PythonOrder.TrySortKeys(map) is { } sorted ? sorted : map;
    }
}
