using System.Text;
using System.Text.RegularExpressions;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Methods;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Output;
using static SaltActors.Rendering.Jinja.Filters.FilterTable;

namespace SaltActors.Rendering.Jinja.Filters;

/// <summary>Jinja's filters of text.</summary>
internal static partial class TextFilters
{
    internal static readonly Native[] All =
    [
        new("capitalize", "", static (_, s, _) => Soft(s).Like(TextMethods.Capitalize(Soft(s).Text))),
        new("center", "width?", static (run, s, a) => TextMethods.Pad(run, Soft(s), a.Int(0, 80), " ", 1)),
        new("lower", "", static (_, s, _) => Soft(s).Like(Soft(s).Text.ToLowerInvariant())),
        new("upper", "", static (_, s, _) => Soft(s).Like(Soft(s).Text.ToUpperInvariant().Replace("ß", "SS"))),
        new("title", "", static (_, s, _) => Soft(s).Like(Title(Soft(s).Text))),
        new("trim", "chars?", static (_, s, a) => Soft(s).Like(TextMethods.Strip(Soft(s).Text, a.MaybeText(0), true, true))),
        new("string", "", static (_, s, _) => Soft(s)),
        new("replace", "old new count?", static (run, s, a) => TextObj.Of(TextMethods.Replace(run, s.ToString(), a[0]!.ToString(), a[1]!.ToString(), a.MaybeInt(2) ?? -1))),
        new("format", "*values **named", Format),
        new("indent", "width? first? blank?", Indent),
        new("truncate", "length? killwords? end? leeway?", Truncate),
        new("wordcount", "", static (_, s, _) => Words().Count(Soft(s).Text)),
        new("wordwrap", "width? break_long_words? wrapstring? break_on_hyphens?", static (run, s, a) => Soft(s).Like(string.Join(a.MaybeText(2) ?? run.Settings.Syntax.NewlineSequence,
            PythonLines.Split(Soft(s).Text).Select(line => string.Join(a.MaybeText(2) ?? run.Settings.Syntax.NewlineSequence, Wrap(line, a.Int(0, 79), a.Flag(1, true), a.Flag(3, true))))))),
        new("urlencode", "", static (_, s, _) => TextObj.Of(UrlEncode(s))),
        new("pprint", "", static (_, s, _) => TextObj.Of(PrettyPrint.Format(Conversion.ToValue(s)))),
    ];

    private static string Title(string text) => string.Concat(WordStart().Split(text).Where(p => p.Length > 0).Select(TextMethods.Capitalize));

    private static TextObj Format(RenderRun run, Obj self, Bound a)
    {
        if (a.Rest.Length > 0 && a.Keywords.Length > 0) throw JinjaFault.Runtime("can't handle positional and keyword arguments at the same time");
        var named = new OrderedDictionary<Obj, Obj>();
        foreach (var (name, value) in a.Keywords) named[name] = value;
        Obj values = named.Count > 0 ? new DictObj(named) : ListObj.Tuple(a.Rest);
        return Soft(self).Like(PercentFormat.Format(run, Soft(self), values));
    }

    private static TextObj Indent(RenderRun run, Obj self, Bound a)
    {
        UndefinedObj.Refuse(self);
        if (self is not TextObj source) throw JinjaFault.Other($"unsupported operand type(s) for +=: '{self.TypeName}' and 'str'");
        var indent = a[0] is TextObj given ? given.Text : new string(' ', Math.Max(0, a.Int(0, 4)));
        var lines = PythonLines.Split(source.Text + "\n");
        run.CheckText(source.Text.Length + (long)lines.Length * indent.Length);
        var text = new StringBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0) text.Append('\n');
            if (i == 0 ? a.Flag(1, false) : lines[i].Length > 0 || a.Flag(2, false)) text.Append(indent);
            text.Append(lines[i]);
        }
        return source.Like(text.ToString());
    }

    private static TextObj Truncate(RenderRun run, Obj self, Bound a)
    {
        UndefinedObj.Refuse(self);
        if (self is not TextObj source) throw JinjaFault.Other($"object of type '{self.TypeName}' has no len()");
        var (length, end, leeway) = (a.Int(0, 255), a.Text(2, "..."), a.MaybeInt(3) ?? 5);
        var endLength = PythonLines.Length(end);
        if (length < endLength) throw JinjaFault.Other($"expected length >= {endLength}, got {length}");
        if (leeway < 0) throw JinjaFault.Other($"expected leeway >= 0, got {leeway}");
        if (source.Length <= length + leeway) return source;
        var cut = source.Text[..source.Offset(length - endLength)];
        if (!a.Flag(1, false) && cut.LastIndexOf(' ') is >= 0 and var blank) cut = cut[..blank];
        return source.Like(cut + end);
    }

    /// <summary>Python's <c>textwrap.wrap</c> without expanding tabs and without replacing blanks.</summary>
    private static List<string> Wrap(string line, int width, bool breaksLongWords, bool breaksAtHyphens)
    {
        if (width <= 0) throw JinjaFault.Other($"invalid width {width} (must be > 0)");
        var chunks = new Stack<string>((breaksAtHyphens ? Chunk() : SimpleChunk()).Matches(line).Select(m => m.Value).Where(c => c.Length > 0).Reverse());
        var lines = new List<string>();
        while (chunks.Count > 0)
        {
            if (lines.Count > 0 && IsBlank(chunks.Peek()))
            {
                chunks.Pop();
                if (chunks.Count == 0) break;
            }
            var current = new List<string>();
            var length = 0;
            while (chunks.Count > 0 && length + PythonLines.Length(chunks.Peek()) <= width)
            {
                length += PythonLines.Length(chunks.Peek());
                current.Add(chunks.Pop());
            }
            if (chunks.Count > 0 && PythonLines.Length(chunks.Peek()) > width)
            {
                if (breaksLongWords)
                {
                    var word = chunks.Pop();
                    var room = width < 1 ? 1 : width - length;
                    var end = room;
                    if (breaksAtHyphens && word.Length > room && room > 0 && word.LastIndexOf('-', room - 1) is > 0 and var hyphen
                        && word.AsSpan(0, hyphen).IndexOfAnyExcept('-') >= 0) end = hyphen + 1;
                    var cut = TextObj.Of(word).Offset(end);
                    if (cut > 0) current.Add(word[..cut]);
                    chunks.Push(word[cut..]);
                }
                else if (current.Count == 0) current.Add(chunks.Pop());
            }
            if (current.Count > 0 && IsBlank(current[^1])) current.RemoveAt(current.Count - 1);
            if (current.Count > 0) lines.Add(string.Concat(current));
        }
        return lines;
    }

    private static bool IsBlank(string text) => PythonLines.Trim(text).Length == 0;

    private static string UrlEncode(Obj self)
    {
        UndefinedObj.Refuse(self);
        if (self is TextObj || self.Iterate() is not { } items) return Quote(self.ToString(), "/");
        var pairs = self is DictObj dict ? dict.Entries.Select(e => (e.Key, e.Value)) : items.Select(p =>
        {
            var parts = p.Items().ToArray();
            return parts.Length == 2 ? (parts[0], parts[1]) : throw JinjaFault.Other($"not enough values to unpack (expected 2, got {parts.Length})");
        });
        return string.Join('&', pairs.Select(p => $"{Quote(p.Item1.ToString(), "").Replace("%20", "+")}={Quote(p.Item2.ToString(), "").Replace("%20", "+")}"));
    }

    private static string Quote(string text, string safe)
    {
        var quoted = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
            if (b < 128 && (char.IsAsciiLetterOrDigit((char)b) || "_.-~".Contains((char)b) || safe.Contains((char)b))) quoted.Append((char)b);
            else quoted.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        return quoted.ToString();
    }

    [GeneratedRegex(@"([-\s({\[<]+)")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();

    // As Python's textwrap cuts: blanks; dashes between words; a word up to a hyphen between letters, or up to its end.
    [GeneratedRegex("""
        [\t\n\v\f\r\ ]+
        | (?<=[\w!"'&.,?])-{2,}(?=\w)
        | [^\t\n\v\f\r\ ]+?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])|(?=[\t\n\v\f\r\ ]|\z)|(?<=[\w!"'&.,?])(?=-{2,}\w))
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Chunk();

    [GeneratedRegex(@"[\t\n\v\f\r ]+|[^\t\n\v\f\r ]+")]
    private static partial Regex SimpleChunk();
}
