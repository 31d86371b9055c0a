using System.Collections.Frozen;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;
using SaltActors.Rendering.Output;

namespace SaltActors.Rendering.Jinja.Methods;

/// <summary>Methods of <c>str</c>, and of <c>Markup</c>, which escapes what is put into it.</summary>
internal static class TextMethods
{
    internal static readonly FrozenDictionary<string, Native> Table = Native.Methods("str",
        new Native("format", "*values **named", static (run, self, a) => Text(self).Like(BraceFormat.Format(run, Text(self), a.Rest, a.Keywords))),
        new Native("format_map", "map", static (run, self, a) => a[0] is DictObj map
            ? Text(self).Like(BraceFormat.Format(run, Text(self), [], [.. map.Entries.Select(e => KeyValuePair.Create(e.Key.ToString(), e.Value))]))
            : throw JinjaFault.Other("format_map() argument must be a map")),
        new Native("split", "sep? maxsplit?", static (_, self, a) => Parts(self, Split(Str(self), a.MaybeText(0), a.Int(1, -1)))),
        new Native("rsplit", "sep? maxsplit?", static (_, self, a) => Parts(self, SplitFromEnd(Str(self), a.MaybeText(0), a.Int(1, -1)))),
        new Native("splitlines", "keepends?", static (_, self, a) => Parts(self, PythonLines.Split(Str(self), a.Flag(0, false)))),
        new Native("strip", "chars?", static (_, self, a) => Of(self, Strip(Str(self), a.MaybeText(0), true, true))),
        new Native("lstrip", "chars?", static (_, self, a) => Of(self, Strip(Str(self), a.MaybeText(0), true, false))),
        new Native("rstrip", "chars?", static (_, self, a) => Of(self, Strip(Str(self), a.MaybeText(0), false, true))),
        new Native("removeprefix", "prefix", static (_, self, a) => Of(self, Str(self).StartsWith(a.Text(0), StringComparison.Ordinal) ? Str(self)[a.Text(0).Length..] : Str(self))),
        new Native("removesuffix", "suffix", static (_, self, a) => Of(self, Str(self).EndsWith(a.Text(0), StringComparison.Ordinal) ? Str(self)[..^a.Text(0).Length] : Str(self))),
        new Native("join", "items", static (run, self, a) => Join(run, Text(self), a[0]!.Iterate() ?? throw JinjaFault.Other("can only join an iterable"))),
        new Native("replace", "old new count?", static (run, self, a) => Of(self, Replace(run, Str(self), In(self, a[0]!), In(self, a[1]!), a.Int(2, -1)))),
        new Native("startswith", "prefix start? end?", static (_, self, a) => Any(a[0]!, "startswith", Cut(Text(self), a, 1), static (t, p) => t.StartsWith(p, StringComparison.Ordinal))),
        new Native("endswith", "suffix start? end?", static (_, self, a) => Any(a[0]!, "endswith", Cut(Text(self), a, 1), static (t, p) => t.EndsWith(p, StringComparison.Ordinal))),
        new Native("lower", "", static (_, self, _) => Of(self, Str(self).ToLowerInvariant())),
        new Native("casefold", "", static (_, self, _) => Of(self, Str(self).ToLowerInvariant().Replace("ß", "ss"))),
        new Native("upper", "", static (_, self, _) => Of(self, Str(self).ToUpperInvariant().Replace("ß", "SS"))),
        new Native("title", "", static (_, self, _) => Of(self, Title(Str(self)))),
        new Native("capitalize", "", static (_, self, _) => Of(self, Capitalize(Str(self)))),
        new Native("swapcase", "", static (_, self, _) => Of(self, string.Concat(Str(self).Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))))),
        new Native("partition", "sep", static (_, self, a) => Partition(self, a.Text(0), fromEnd: false)),
        new Native("rpartition", "sep", static (_, self, a) => Partition(self, a.Text(0), fromEnd: true)),
        new Native("find", "sub start? end?", static (_, self, a) => Find(Text(self), a, fromEnd: false)),
        new Native("rfind", "sub start? end?", static (_, self, a) => Find(Text(self), a, fromEnd: true)),
        new Native("index", "sub start? end?", static (_, self, a) => Find(Text(self), a, fromEnd: false) is >= 0 and var at ? at : throw JinjaFault.Other("substring not found")),
        new Native("rindex", "sub start? end?", static (_, self, a) => Find(Text(self), a, fromEnd: true) is >= 0 and var at ? at : throw JinjaFault.Other("substring not found")),
        new Native("count", "sub start? end?", static (_, self, a) => Count(Cut(Text(self), a, 1), a.Text(0))),
        new Native("ljust", "width fillchar?", static (run, self, a) => Pad(run, Text(self), a[0]!.AsInt(), a.Text(1, " "), 0)),
        new Native("rjust", "width fillchar?", static (run, self, a) => Pad(run, Text(self), a[0]!.AsInt(), a.Text(1, " "), 2)),
        new Native("center", "width fillchar?", static (run, self, a) => Pad(run, Text(self), a[0]!.AsInt(), a.Text(1, " "), 1)),
        new Native("zfill", "width", static (run, self, a) => ZeroFill(run, Text(self), a[0]!.AsInt())),
        new Native("expandtabs", "tabsize?", static (_, self, a) => Of(self, ExpandTabs(Str(self), a.Int(0, 8)))),
        new Native("encode", "encoding? errors?", static (_, self, a) => new Scalar(new BytesValue(MethodTables.Encode(Str(self), a.Text(0, "utf-8"))))),
        new Native("isdigit", "", static (_, self, _) => All(self, char.IsDigit)),
        new Native("isdecimal", "", static (_, self, _) => All(self, char.IsDigit)),
        new Native("isnumeric", "", static (_, self, _) => All(self, char.IsNumber)),
        new Native("isalpha", "", static (_, self, _) => All(self, char.IsLetter)),
        new Native("isalnum", "", static (_, self, _) => All(self, static c => char.IsLetter(c) || char.IsNumber(c))),
        new Native("isspace", "", static (_, self, _) => All(self, PythonLines.IsSpace)),
        new Native("isupper", "", static (_, self, _) => Str(self).Any(char.IsUpper) && !Str(self).Any(char.IsLower)),
        new Native("islower", "", static (_, self, _) => Str(self).Any(char.IsLower) && !Str(self).Any(char.IsUpper)),
        new Native("istitle", "", static (_, self, _) => Str(self).Any(char.IsLetter) && Title(Str(self)) == Str(self)),
        new Native("isascii", "", static (_, self, _) => Str(self).All(char.IsAscii)),
        new Native("isprintable", "", static (_, self, _) => !PythonText.Repr(Str(self).Replace("\\", "").Replace("'", "")).Contains('\\')),
        new Native("isidentifier", "", static (_, self, _) => IsIdentifier(Str(self))),
        new Native("unescape", "", static (_, self, _) => System.Net.WebUtility.HtmlDecode(Str(self))),
        new Native("striptags", "", static (_, self, _) => Filters.HtmlText.StripTags(Str(self))));

    private static TextObj Text(Obj self) => (TextObj)self;
    private static string Str(Obj self) => ((TextObj)self).Text;
    private static TextObj Of(Obj self, string text) => Text(self).Like(text);
    private static ListObj Parts(Obj self, IEnumerable<string> parts) => ListObj.Of(parts.Select(p => (Obj)Of(self, p)));
    private static bool All(Obj self, Func<char, bool> isSo) => Str(self).Length > 0 && Str(self).All(isSo);
    private static bool IsIdentifier(string text) => text.Length > 0 && (char.IsLetter(text[0]) || text[0] == '_') && text.All(c => char.IsLetterOrDigit(c) || c == '_');

    // What is put into markup is escaped, unless it is markup.
    private static string In(Obj self, Obj part)
    {
        UndefinedObj.Refuse(part);
        if (part is not TextObj text) throw JinjaFault.Other($"replace() argument must be str, not {part.TypeName}");
        return Text(self).IsMarkup ? Escaping.Escape(text) : text.Text;
    }

    internal static IEnumerable<string> Split(string text, string? separator, int most)
    {
        if (separator is { Length: 0 }) throw JinjaFault.Other("empty separator");
        if (separator is not null) return most < 0 ? text.Split(separator) : text.Split(separator, most == int.MaxValue ? most : most + 1);
        var parts = new List<string>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && PythonLines.IsSpace(text[at])) at++;
            if (at == text.Length) return parts;
            if (most >= 0 && parts.Count == most)
            {
                parts.Add(PythonLines.TrimEnd(text[at..]));
                return parts;
            }
            var end = at;
            while (end < text.Length && !PythonLines.IsSpace(text[end])) end++;
            parts.Add(text[at..end]);
            at = end;
        }
    }

    private static List<string> SplitFromEnd(string text, string? separator, int most)
    {
        if (separator is { Length: 0 }) throw JinjaFault.Other("empty separator");
        if (most < 0) return [.. Split(text, separator, -1)];
        var parts = new List<string>();
        if (separator is not null)
        {
            while (parts.Count < most && text.LastIndexOf(separator, StringComparison.Ordinal) is >= 0 and var place)
            {
                parts.Insert(0, text[(place + separator.Length)..]);
                text = text[..place];
            }
            parts.Insert(0, text);
            return parts;
        }
        while (true)
        {
            text = PythonLines.TrimEnd(text);
            if (text.Length == 0) return parts;
            var start = text.Length;
            while (start > 0 && !PythonLines.IsSpace(text[start - 1])) start--;
            if (parts.Count == most)
            {
                parts.Insert(0, text);
                return parts;
            }
            parts.Insert(0, text[start..]);
            text = text[..start];
        }
    }

    internal static string Strip(string text, string? chars, bool atStart, bool atEnd)
    {
        int from = 0, to = text.Length;
        bool Goes(char c) => chars is null ? PythonLines.IsSpace(c) : chars.Contains(c);
        while (atStart && from < to && Goes(text[from])) from++;
        while (atEnd && to > from && Goes(text[to - 1])) to--;
        return text[from..to];
    }

    private static TextObj Join(RenderRun run, TextObj separator, IEnumerable<Obj> items)
    {
        var text = new StringBuilder();
        var place = 0;
        foreach (var item in items)
        {
            UndefinedObj.Refuse(item);
            if (place > 0) text.Append(separator.Text);
            if (separator.IsMarkup) text.Append(Escaping.Escape(item));
            else text.Append(item is TextObj part ? part.Text : throw JinjaFault.Other($"sequence item {place}: expected str instance, {item.TypeName} found"));
            place++;
            run.CheckText(text.Length);
        }
        return separator.Like(text.ToString());
    }

    internal static string Replace(RenderRun run, string text, string old, string by, int most)
    {
        var whole = new StringBuilder();
        if (old.Length == 0)
        {
            // Before every character and at the end.
            var done = 0;
            for (var i = 0; i <= text.Length; i++)
            {
                if (most < 0 || done++ < most) whole.Append(by);
                if (i < text.Length) whole.Append(text[i]);
                if (i < text.Length && char.IsHighSurrogate(text[i]) && i + 1 < text.Length) whole.Append(text[++i]);
                run.CheckText(whole.Length);
            }
            return whole.ToString();
        }
        var at = 0;
        while (most != 0 && text.IndexOf(old, at, StringComparison.Ordinal) is >= 0 and var place)
        {
            whole.Append(text, at, place - at).Append(by);
            at = place + old.Length;
            most--;
            run.CheckText(whole.Length);
        }
        return at == 0 ? text : whole.Append(text, at, text.Length - at).ToString();
    }

    // text[start:end] by code points.
    private static string Cut(TextObj text, Bound a, int place)
    {
        if (a.MaybeInt(place) is null && a.MaybeInt(place + 1) is null) return text.Text;
        var length = text.Length!.Value;
        var (from, to) = Range(a, place, length);
        return from >= to ? from > length ? "\0" : "" : text.Text[text.Offset(from)..text.Offset(to)];
    }

    private static (int From, int To) Range(Bound a, int place, int length)
    {
        var (from, to) = (a.MaybeInt(place) ?? 0, a.MaybeInt(place + 1) ?? length);
        if (from < 0) from = Math.Max(0, from + length);
        if (to < 0) to = Math.Max(0, to + length);
        return (from, Math.Min(to, length));
    }

    private static bool Any(Obj wanted, string method, string text, Func<string, string, bool> holds)
    {
        UndefinedObj.Refuse(wanted);
        return wanted switch
        {
            TextObj one => holds(text, one.Text),
            ListObj { IsTuple: true } several => several.List.Any(o => holds(text, (o as TextObj)?.Text
                ?? throw JinjaFault.Other($"tuple for {method} must only contain str, not {o.TypeName}"))),
            _ => throw JinjaFault.Other($"{method} first arg must be str or a tuple of str, not {wanted.TypeName}"),
        };
    }

    internal static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var isInside = false;
        foreach (var c in text)
        {
            title.Append(isInside ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
            isInside = char.IsLetter(c);
        }
        return title.ToString();
    }

    internal static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static ListObj Partition(Obj self, string separator, bool fromEnd)
    {
        if (separator.Length == 0) throw JinjaFault.Other("empty separator");
        var text = Str(self);
        var place = fromEnd ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        if (place < 0) return fromEnd ? ListObj.Tuple(Of(self, ""), Of(self, ""), self) : ListObj.Tuple(self, Of(self, ""), Of(self, ""));
        return ListObj.Tuple(Of(self, text[..place]), Of(self, separator), Of(self, text[(place + separator.Length)..]));
    }

    private static int Find(TextObj text, Bound a, bool fromEnd)
    {
        var length = text.Length!.Value;
        var (from, to) = Range(a, 1, length);
        if (from > to) return -1;
        var part = text.Text[text.Offset(from)..text.Offset(to)];
        var place = fromEnd ? part.LastIndexOf(a.Text(0), StringComparison.Ordinal) : part.IndexOf(a.Text(0), StringComparison.Ordinal);
        return place < 0 ? -1 : from + PythonLines.Length(part[..place]);
    }

    private static int Count(string text, string part)
    {
        if (part.Length == 0) return PythonLines.Length(text) + 1;
        var count = 0;
        for (var at = 0; (at = text.IndexOf(part, at, StringComparison.Ordinal)) >= 0; at += part.Length) count++;
        return count;
    }

    /// <summary>Fills up to a width: <paramref name="where"/> the text goes is 0 for the start, 1 the middle, 2 the end.</summary>
    internal static TextObj Pad(RenderRun run, TextObj text, int width, string fill, int where)
    {
        if (PythonLines.Length(fill) != 1) throw JinjaFault.Other("The fill character must be exactly one character long");
        var room = width - text.Length!.Value;
        if (room <= 0) return text;
        run.CheckText(width);
        // Python's rule for an odd rest: left of it where the width is odd too.
        var left = where switch { 0 => 0, 2 => room, _ => room / 2 + (room & width & 1) };
        return text.Like(new StringBuilder().Insert(0, fill, left).Append(text.Text).Insert(left * fill.Length + text.Text.Length, fill, room - left).ToString());
    }

    private static TextObj ZeroFill(RenderRun run, TextObj text, int width)
    {
        var room = width - text.Length!.Value;
        if (room <= 0) return text;
        run.CheckText(width);
        var sign = text.Text.Length > 0 && text.Text[0] is '+' or '-' ? 1 : 0;
        return text.Like(text.Text.Insert(sign, new string('0', room)));
    }

    private static string ExpandTabs(string text, int size)
    {
        var wide = new StringBuilder();
        var column = 0;
        foreach (var c in text)
        {
            if (c == '\t')
            {
                var blanks = size > 0 ? size - column % size : 0;
                wide.Append(' ', blanks);
                column += blanks;
                continue;
            }
            wide.Append(c);
            column = c is '\n' or '\r' ? 0 : column + 1;
        }
        return wide.ToString();
    }
}
