using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Globals;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Output;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Jinja.Filters.Salt;

/// <summary>Salt's filters that write and read data. Salt: salt/utils/jinja.py, SerializerExtension.</summary>
internal static class SerializerFilters
{
    private static readonly Native Lists = new("json_encode_list", "", static (_, s, _) => Bytes(s));

    internal static readonly Native[] All =
    [
        new("yaml", "flow_style?", static (run, s, a) => TextObj.Markup(s is UndefinedObj ? "NULL" : Checked(run, Yaml(Value(s), a.Flag(0, true) ? YamlFlow.Always : YamlFlow.Never)))),
        new("json", "sort_keys? indent?", static (run, s, a) => TextObj.Markup(Checked(run, Output.PythonLines.Trim(Json(s, new JsonLayout { SortKeys = a.Flag(0, true), Indent = IndentOf(a[1]) }))))),
        new("tojson", "indent? **options", static (run, s, a) => TextObj.Of(Checked(run, Json(s, new JsonLayout
        {
            EnsureAscii = true, Indent = IndentOf(a[0]), SortKeys = Array.Find(a.Keywords, k => k.Key == "sort_keys").Value?.IsTruthy ?? false,
        }).Replace("<", "\\u003c").Replace(">", "\\u003e").Replace("&", "\\u0026").Replace("'", "\\u0027")))),
        new("python", "", static (run, s, _) => TextObj.Markup(s is UndefinedObj ? s.Repr() : Checked(run, PrettyPrint.Format(Value(s), indent: 1).Trim()))),
        new("xml", "", static (_, s, _) => TextObj.Markup(XmlText.Write(s))),
        new("load_yaml", "", static (_, s, _) => DataFormats.Read(DataFormat.Yaml, Source(s))),
        new("load_json", "", static (_, s, _) => DataFormats.Read(DataFormat.Json, Source(s))),
        new("load_text", "", static (_, s, _) => DataFormats.Read(DataFormat.Text, Source(s))),
        new("yaml_encode", "", static (_, s, _) => YamlEncode(s)),
        new("yaml_dquote", "", static (_, s, _) => TextObj.Of(DoubleQuoted(Quotable(s)))),
        new("yaml_squote", "", static (_, s, _) => TextObj.Of(SingleQuoted(Quotable(s)))),
        new("dict_to_sls_yaml_params", "flow_style?", static (_, s, a) => s is DictObj map
            ? TextObj.Markup(Yaml(ListValue.From(((MapValue)Value(map)).Select(e => (Value)MapValue.From([e]))), a.Flag(0, false) ? YamlFlow.Always : YamlFlow.Never))
            : throw (s as UndefinedObj)?.Fault() ?? JinjaFault.Other($"'{s.TypeName}' object has no attribute 'items'")),
        Lists, Lists.As("json_decode_list"), Lists.As("json_encode_dict"), Lists.As("json_decode_dict"),
    ];

    // A number in quotes is the text of it.
    private static string Quotable(Obj subject) => subject is Scalar scalar ? YamlDumper.Dump(scalar.Value).Split('\n')[0] : PatternFilters.Subject(subject);

    private static string Checked(RenderRun run, string text)
    {
        run.CheckText(text.Length);
        return text;
    }

    private static Value Value(Obj self)
    {
        UndefinedObj.Refuse(self);
        return Conversion.ToValue(self);
    }

    private static string Yaml(Value value, YamlFlow flow)
    {
        var text = YamlDumper.Dump(value, new YamlLayout { Flow = flow }).TrimEnd();
        return text.EndsWith("\n...", StringComparison.Ordinal) ? text[..^4] : text;
    }

    private static string? IndentOf(Obj? indent) => indent switch
    {
        null or { IsNone: true } => null,
        TextObj text => text.Text,
        _ => new string(' ', Math.Clamp(indent.AsInt(), 0, 1000)),
    };

    private static string Json(Obj self, JsonLayout layout)
    {
        var items = 0;
        if (Unwritable(self, ref items) is { } kind) throw JinjaFault.Other($"Object of type {kind} is not JSON serializable");
        try
        {
            return JsonText.Write(Value(self), layout);
        }
        catch (NotJson refused)
        {
            throw new JinjaFault(FaultKind.Other, refused.Message, refused);
        }
    }

    private static string Source(Obj self) => self switch
    {
        UndefinedObj undefined => throw undefined.Fault(),
        TextObj text => text.Text,
        ModuleObj module => module.Text,
        Scalar { Value: BytesValue bytes } => Encoding.UTF8.GetString(bytes.Bytes.Span),
        _ => throw JinjaFault.Other($"text was expected, found {self.TypeName}"),
    };

    private static TextObj YamlEncode(Obj self)
    {
        return self switch
        {
            UndefinedObj => throw JinjaFault.Other("('cannot represent an object', Undefined)"),
            TextObj text => TextObj.Of(DoubleQuoted(text.Text)),
            Scalar { Value: not BytesValue } => TextObj.Of(Yaml(Value(self), YamlFlow.Always)),
            _ => throw JinjaFault.Other("yaml_encode() only works with YAML scalar data; failed for " + $"<class '{self.TypeName}'>"),
        };
    }

    // As PyYAML's emitter writes it: everything beyond ASCII is escaped.
    private static string DoubleQuoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                0 => "\\0",
                7 => "\\a",
                8 => "\\b",
                9 => "\\t",
                10 => "\\n",
                11 => "\\v",
                12 => "\\f",
                13 => "\\r",
                27 => "\\e",
                0x85 => "\\N",
                0xA0 => "\\_",
                0x2028 => "\\L",
                0x2029 => "\\P",
                >= ' ' and <= '~' => rune.ToString(),
                <= 0xFF => $"\\x{rune.Value:X2}",
                <= 0xFFFF => $"\\u{rune.Value:X4}",
                _ => $"\\U{rune.Value:X8}",
            });
        return quoted.Append('"').ToString();
    }

    // Line feeds in a row become one more, since folding takes one away.
    private static string SingleQuoted(string text)
    {
        var quoted = new StringBuilder("'");
        for (var i = 0; i < text.Length; i++)
            quoted.Append(text[i] switch { '\'' => "''", '\n' when i == 0 || text[i - 1] != '\n' => "\n\n", var c => c.ToString() });
        return quoted.Append('\'').ToString();
    }

    // The kind that JSON lacks, or null. What nobody changed is a value, and known to be sound.
    private static string? Unwritable(Obj obj, ref int items)
    {
        RenderRun.Descend();
        RenderRun.OfThread?.CheckItems(++items);
        switch (obj)
        {
            case Scalar or TextObj or ListObj { Untouched: not null } or DictObj { Untouched: not null }: return null;
            case ListObj or DictObj:
                foreach (var part in obj is DictObj map ? map.Entries.Values : (IEnumerable<Obj>)((ListObj)obj).List)
                    if (Unwritable(part, ref items) is { } kind) return kind;
                return null;
            default: return obj.TypeName;
        }
    }

    private static Obj Bytes(Obj self) => self switch
    {
        TextObj text => new Scalar(new BytesValue(Encoding.UTF8.GetBytes(text.Text))),
        ListObj list => new ListObj([.. list.List.Select(Bytes)], list.IsTuple),
        DictObj map => new DictObj(new(map.Entries.Select(e => KeyValuePair.Create(Bytes(e.Key), Bytes(e.Value)))), map.IsOrdered),
        _ => self,
    };
}
