using System.Text;
using System.Text.RegularExpressions;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;
using static SaltActors.Rendering.Jinja.Filters.FilterTable;

namespace SaltActors.Rendering.Jinja.Filters;

/// <summary>Jinja's filters of HTML.</summary>
internal static class MarkupFilters
{
    private static readonly Native Escape = new("escape", "", static (_, s, _) => TextObj.Markup(Escaping.Escape(s)));

    internal static readonly Native[] All =
    [
        Escape, Escape.As("e"),
        new("forceescape", "", static (_, s, _) => TextObj.Markup(Escaping.Escape(s.ToString()))),
        new("safe", "", static (_, s, _) => TextObj.Markup(s.ToString())),
        new("striptags", "", static (_, s, _) => TextObj.Of(HtmlText.StripTags(s.ToString()))),
        new("xmlattr", "autospace?", XmlAttributes),
        new("urlize", "trim_url_limit? nofollow? target? rel? extra_schemes?", static (_, s, a) =>
            TextObj.Of(HtmlText.Urlize(Soft(s).Text, a.MaybeInt(0), a.Flag(1, false), a.MaybeText(2), a[3] is null ? "noopener" : a.MaybeText(3) ?? ""))),
    ];

    private static TextObj XmlAttributes(RenderRun run, Obj self, Bound a)
    {
        UndefinedObj.Refuse(self);
        if (self is not DictObj map) throw JinjaFault.Other($"'{self.TypeName}' object has no attribute 'items'");
        var text = new StringBuilder();
        foreach (var (key, value) in map.Entries)
        {
            if (value.IsNone || value is UndefinedObj) continue;
            if (key.ToString().AsSpan().IndexOfAny(" \t\n\r\f\v/>=") >= 0) throw JinjaFault.Other($"Invalid character in attribute name: {key.Repr()}");
            if (text.Length > 0) text.Append(' ');
            text.Append(Escaping.Escape(key)).Append("=\"").Append(Escaping.Escape(value)).Append('"');
        }
        if (a.Flag(0, true) && text.Length > 0) text.Insert(0, ' ');
        return TextObj.Of(text.ToString());
    }
}

/// <summary>What HTML filters do with text.</summary>
internal static partial class HtmlText
{
    /// <summary>Without comments and tags, blanks made one, entities resolved: markupsafe's <c>striptags</c>.</summary>
    internal static string StripTags(string text)
    {
        var bare = Tags().Replace(Comments().Replace(text, ""), "");
        return System.Net.WebUtility.HtmlDecode(string.Join(' ', Methods.TextMethods.Split(bare, null, -1)));
    }

    /// <summary>Turns addresses of the web and of mail into links.</summary>
    internal static string Urlize(string text, int? limit, bool noFollow, string? target, string relation)
    {
        string Shown(string url) => limit is { } most && url.Length > most ? url[..most] + "..." : url;
        var rels = relation.Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(noFollow ? ["nofollow"] : Array.Empty<string>()).Distinct().Order(StringComparer.Ordinal);
        var rel = string.Join(' ', rels);
        var attributes = (rel.Length > 0 ? $" rel=\"{Escaping.Escape(rel)}\"" : "") + (target is null ? "" : $" target=\"{Escaping.Escape(target)}\"");
        var words = Blanks().Split(Escaping.Escape(text));
        for (var i = 0; i < words.Length; i++)
        {
            var (head, middle, tail) = ("", words[i], "");
            var opening = Opening().Match(middle);
            if (opening.Success) (head, middle) = (opening.Value, middle[opening.Length..]);
            if (middle.EndsWith(')') || middle.EndsWith('>') || middle.EndsWith('.') || middle.EndsWith(',') || middle.EndsWith("&gt;", StringComparison.Ordinal))
            {
                var closing = Closing().Match(middle);
                if (closing.Success) (middle, tail) = (middle[..closing.Index], closing.Value);
            }
            // A bracket that opens inside the address closes there.
            foreach (var (open, close) in new[] { ("(", ")"), ("<", ">"), ("&lt;", "&gt;") })
            {
                var missing = Count(middle, open) - Count(middle, close);
                for (; missing > 0 && tail.IndexOf(close, StringComparison.Ordinal) is >= 0 and var at; missing--)
                {
                    middle += tail[..(at + close.Length)];
                    tail = tail[(at + close.Length)..];
                }
            }
            if (Address().IsMatch(middle))
                middle = middle.StartsWith("https://", StringComparison.Ordinal) || middle.StartsWith("http://", StringComparison.Ordinal)
                    ? $"<a href=\"{middle}\"{attributes}>{Shown(middle)}</a>" : $"<a href=\"https://{middle}\"{attributes}>{Shown(middle)}</a>";
            else if (middle.StartsWith("mailto:", StringComparison.Ordinal) && Mail().IsMatch(middle[7..])) middle = $"<a href=\"{middle}\">{middle[7..]}</a>";
            else if (middle.Contains('@') && !middle.StartsWith("www.", StringComparison.Ordinal) && !middle.Contains(':') && !middle.StartsWith('@') && Mail().IsMatch(middle))
                middle = $"<a href=\"mailto:{middle}\">{middle}</a>";
            words[i] = head + middle + tail;
        }
        return string.Concat(words);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex("<.*?>", RegexOptions.Singleline)]
    private static partial Regex Tags();

    [GeneratedRegex(@"(\s+)")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^([(<]|&lt;)+")]
    private static partial Regex Opening();

    [GeneratedRegex(@"([)>.,\n]|&gt;)+$")]
    private static partial Regex Closing();

    [GeneratedRegex(@"^((https?://|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\])))(?::[\d]{1,5})?(?:[/?#]\S*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"^\S+@\w[\w.-]*\.\w+$")]
    private static partial Regex Mail();
}
