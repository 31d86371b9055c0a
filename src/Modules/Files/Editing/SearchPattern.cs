using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Editing;

/// <summary>Regular expressions of Python's, found anywhere in a text, and texts to put in the place of what they found.</summary>
internal static class SearchPattern
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="flags">Names (<c>IGNORECASE</c>, <c>MULTILINE</c>, <c>DOTALL</c> …), a list of these, or Python's number.</param>
    /// <exception cref="NamedError">The pattern is none, or there is no such flag.</exception>
    public static Regex Compile(string pattern, Value? flags = null)
    {
        var translated = new PythonRegexTranslation(pattern);
        if (translated.Problem is { } problem) throw new NamedError("error", problem);
        try
        {
            // The translation is anchored at the start, as re.match is.
            return new Regex(translated.Text[@"\A".Length..], translated.Options | Flags(flags) | RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException broken)
        {
            throw new NamedError("error", $"'{pattern}': {broken.Message}");
        }
    }

    /// <summary>What Python's <c>re.escape</c> gives.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (@"()[]{}?*+-|^$\.&~# ".Contains(c) || c is '\t' or '\n' or '\r' or '\v' or '\f') escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }

    /// <summary>A replacement with its groups filled in: <c>\1</c>, <c>\g&lt;1&gt;</c>, <c>\g&lt;name&gt;</c>, <c>\n</c> and its like.</summary>
    /// <exception cref="NamedError">It names a group that the pattern does not have, or an escape that Python does not know.</exception>
    public static string Expand(string template, Match match)
    {
        if (!template.Contains('\\')) return template;
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '\\' || i + 1 == template.Length)
            {
                text.Append(template[i]);
                continue;
            }
            var c = template[++i];
            if (c == 'g' && i + 1 < template.Length && template[i + 1] == '<' && template.IndexOf('>', i) is > 0 and var close)
            {
                text.Append(GroupOf(match, template[(i + 2)..close]));
                i = close;
            }
            else if (c is >= '1' and <= '9')
            {
                var digits = i + 1 < template.Length && char.IsAsciiDigit(template[i + 1]) ? 2 : 1;
                text.Append(GroupOf(match, template.Substring(i, digits)));
                i += digits - 1;
            }
            else if ("abfnrtv0\\".IndexOf(c) is >= 0 and var known) text.Append("\a\b\f\n\r\t\v\0\\"[known]);
            else if (char.IsAsciiLetter(c)) throw new NamedError("error", $"bad escape \\{c} at position {i - 1}");
            else text.Append('\\').Append(c);
        }
        return text.ToString();
    }

    private static string GroupOf(Match match, string name)
    {
        var groups = match.Groups;
        var known = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number < groups.Count || groups.ContainsKey(name)
            : groups.ContainsKey(name);
        return known ? groups[name].Value : throw new NamedError("error", $"invalid group reference {name}");
    }

    private static RegexOptions Flags(Value? flags)
    {
        switch (flags)
        {
            case null or NullValue: return RegexOptions.None;
            case ListValue list: return list.Items.Aggregate(RegexOptions.None, (all, f) => all | Flags(f));
            case TextValue { Text: var name } when !long.TryParse(name, CultureInfo.InvariantCulture, out _): return Named(name.ToUpperInvariant());
        }
        var number = flags.AsInteger() ?? (long.TryParse(flags.AsText(), CultureInfo.InvariantCulture, out var n) ? n
            : throw new NamedError("SaltInvocationError", $"Invalid re flags given: {flags}"));
        // Python's re.I, re.M, re.S, re.X; re.L, re.U and re.A change nothing that files of text can tell.
        return ((number & 2) != 0 ? RegexOptions.IgnoreCase : 0) | ((number & 8) != 0 ? RegexOptions.Multiline : 0)
            | ((number & 16) != 0 ? RegexOptions.Singleline : 0) | ((number & 64) != 0 ? RegexOptions.IgnorePatternWhitespace : 0);
    }

    private static RegexOptions Named(string name) => name switch
    {
        "IGNORECASE" or "I" => RegexOptions.IgnoreCase,
        "MULTILINE" or "M" => RegexOptions.Multiline,
        "DOTALL" or "S" => RegexOptions.Singleline,
        "VERBOSE" or "X" => RegexOptions.IgnorePatternWhitespace,
        "UNICODE" or "U" or "LOCALE" or "L" or "ASCII" or "A" or "" => RegexOptions.None,
        _ => throw new NamedError("SaltInvocationError", $"Invalid re flag given: {name}"),
    };
}
