using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using SaltActors.Core.Targets;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;
using SaltActors.Rendering.Jinja.Objects;

namespace SaltActors.Rendering.Jinja.Filters.Salt;

/// <summary>Salt's filters of regular expressions, in Python's dialect. Salt: salt/utils/jinja.py.</summary>
internal static class PatternFilters
{
    private const int MostKept = 512;
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(5);
    private static readonly ConcurrentDictionary<(string, RegexOptions), Regex> Known = new();

    internal static readonly Native[] All =
    [
        new("regex_search", "rgx ignorecase? multiline?", static (run, s, a) => Groups(Find(Pattern(run, a[0]!, a.Flag(1, false), a.Flag(2, false)), Subject(s)))),
        new("regex_match", "rgx ignorecase? multiline?", static (run, s, a) =>
            Groups(Find(Pattern(run, a[0]!, a.Flag(1, false), a.Flag(2, false)), Subject(s)) is { Index: 0 } match ? match : Match.Empty)),
        new("regex_replace", "rgx val ignorecase? multiline?", static (run, s, a) => TextObj.Of(Replace(run, Pattern(run, a[0]!, a.Flag(2, false), a.Flag(3, false)), Subject(s), a.Text(1)))),
        new("regex_escape", "", static (_, s, _) => TextObj.Of(string.Concat(Subject(s).Select(c => " \t\n\r\v\f!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~".Contains(c) && !"!\"%',/:;<=>@`".Contains(c) ? $"\\{c}" : c.ToString())))),
    ];

    /// <summary>A pattern, read once. It matches anywhere; a time limit keeps it from running for ever.</summary>
    /// <exception cref="JinjaFault">The pattern is none.</exception>
    internal static Regex Pattern(RenderRun run, Obj pattern, bool ignoresCase, bool isMultiline)
    {
        UndefinedObj.Refuse(pattern);
        if (pattern is not TextObj { Text: var text }) throw JinjaFault.Other("first argument must be string or compiled pattern");
        var options = RegexOptions.CultureInvariant | (ignoresCase ? RegexOptions.IgnoreCase : 0) | (isMultiline ? RegexOptions.Multiline : 0);
        if (Known.TryGetValue((text, options), out var known)) return known;
        var translated = new PythonRegexTranslation(text);
        if (translated.Problem is { } problem) throw JinjaFault.Other(Words(text, problem));
        Regex made;
        try
        {
            made = new Regex(translated.Text[@"\A".Length..], options | translated.Options, LongestMatch);
        }
        catch (RegexParseException broken)
        {
            throw JinjaFault.Other(Words(text, broken.Message));
        }
        if (Known.Count >= MostKept) Known.Clear();
        return Known.GetOrAdd((text, options), made);
    }

    // Python's words for what is asked most.
    private static string Words(string pattern, string problem)
    {
        if (problem.EndsWith("a group is not closed", StringComparison.Ordinal))
        {
            var open = new Stack<int>();
            for (var i = 0; i < pattern.Length; i++)
                switch (pattern[i])
                {
                    case '\\': i++; break;
                    case '(': open.Push(i); break;
                    case ')' when open.Count > 0: open.Pop(); break;
                }
            return $"missing ), unterminated subpattern at position {(open.Count > 0 ? open.Peek() : 0)}";
        }
        var at = problem.LastIndexOf(", at ", StringComparison.Ordinal);
        if (at < 0) return problem;
        var rest = problem[(at + 5)..].Split(": ", 2);
        var words = rest[1] switch { "a ')' closes nothing" => "unbalanced parenthesis", "a repeat of a repeat" => "multiple repeat", var other => other };
        return $"{words} at position {rest[0]}";
    }

    internal static string Subject(Obj self)
    {
        UndefinedObj.Refuse(self);
        return (self as TextObj)?.Text ?? throw JinjaFault.Other($"expected string or bytes-like object, got '{self.TypeName}'");
    }

    private static Match Find(Regex pattern, string text)
    {
        try
        {
            return pattern.Match(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw JinjaFault.Limit($"the pattern {pattern} runs too long", $"{LongestMatch.TotalSeconds} s");
        }
    }

    private static Obj Groups(Match match) => !match.Success ? Obj.None
        : ListObj.Tuple(match.Groups.Values.Skip(1).Select(Obj (g) => g.Success ? g.Value : Obj.None));

    private static string Replace(RenderRun run, Regex pattern, string text, string by)
    {
        var parts = Template(pattern, by);
        try
        {
            var result = pattern.Replace(text, match =>
            {
                run.Tick();
                var filled = new StringBuilder();
                foreach (var (literal, group) in parts) filled.Append(group is null ? literal : match.Groups[group].Value);
                return filled.ToString();
            });
            run.CheckText(result.Length);
            return result;
        }
        catch (RegexMatchTimeoutException)
        {
            throw JinjaFault.Limit($"the pattern {pattern} runs too long", $"{LongestMatch.TotalSeconds} s");
        }
    }

    // Python's replacement: \1, \g<name>, \n and the like; a dollar means nothing.
    private static List<(string Literal, string? Group)> Template(Regex pattern, string by)
    {
        var parts = new List<(string, string?)>();
        var literal = new StringBuilder();
        for (var i = 0; i < by.Length; i++)
        {
            if (by[i] != '\\' || i + 1 == by.Length)
            {
                literal.Append(by[i] == '\\' ? throw JinjaFault.Other($"bad escape (end of pattern) at position {i}") : by[i]);
                continue;
            }
            var c = by[++i];
            if (c == 'g' && i + 1 < by.Length && by[i + 1] == '<' && by.IndexOf('>', i) is > 0 and var close)
            {
                Group(by[(i + 2)..close], i);
                i = close;
            }
            else if (c is >= '1' and <= '9')
            {
                var end = i + 1 < by.Length && char.IsAsciiDigit(by[i + 1]) ? i + 2 : i + 1;
                Group(by[i..end], i);
                i = end - 1;
            }
            else
                literal.Append(c switch
                {
                    'n' => '\n', 't' => '\t', 'r' => '\r', 'f' => '\f', 'v' => '\v', 'a' => '\a', 'b' => '\b', '0' => '\0', '\\' => '\\',
                    _ when char.IsAsciiLetter(c) => throw JinjaFault.Other($"bad escape \\{c} at position {i - 1}"),
                    _ => Kept(c),
                });
        }
        parts.Add((literal.ToString(), null));
        return parts;

        char Kept(char c)
        {
            literal.Append('\\');
            return c;
        }

        void Group(string name, int at)
        {
            if (!pattern.GetGroupNames().Contains(name)) throw JinjaFault.Other($"invalid group reference {name} at position {at}");
            parts.Add((literal.ToString(), null));
            parts.Add(("", name));
            literal.Clear();
        }
    }
}
