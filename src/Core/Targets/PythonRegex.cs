using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace SaltActors.Core.Targets;

/// <summary>Regular expressions as users write them for Salt: Python's, found at the start of the text only, like <c>re.match</c>.</summary>
public static class PythonRegex
{
    private const int MostKept = 512;
    private const string Start = @"\A";
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);
    private static readonly ConcurrentDictionary<string, (Regex? Regex, string? Problem)> Kept = new(StringComparer.Ordinal);

    /// <summary>Null where the pattern is no regular expression of Python's. The same pattern is compiled once.</summary>
    public static Regex? Compile(string pattern) => Compile(pattern, out _);

    /// <param name="problem">Why the pattern is no regular expression, for a person; null where it is one.</param>
    public static Regex? Compile(string pattern, out string? problem)
    {
        if (!Kept.TryGetValue(pattern, out var kept))
        {
            // As Python does it: a full cache starts over.
            if (Kept.Count >= MostKept) Kept.Clear();
            Kept[pattern] = kept = CompileNew(pattern, isBound: true);
        }
        problem = kept.Problem;
        return kept.Regex;
    }

    /// <summary>The same, found anywhere in a text, like <c>re.search</c>. Not kept: for patterns that are read once.</summary>
    public static Regex? CompileSearch(string pattern, out string? problem)
    {
        (var regex, problem) = CompileNew(pattern, isBound: false);
        return regex;
    }

    /// <summary>Whether the text begins with a match. False for a null regex, and where the match takes too long.</summary>
    public static bool Matches(Regex? regex, string text)
    {
        try
        {
            return regex is not null && regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;   // a pattern that explodes must not hold up a minion or the master
        }
    }

    private static (Regex?, string?) CompileNew(string pattern, bool isBound)
    {
        var translated = new PythonRegexTranslation(pattern);
        if (translated.Problem is { } problem) return (null, problem);
        try
        {
            return (new Regex(isBound ? translated.Text : translated.Text[Start.Length..], translated.Options | RegexOptions.CultureInvariant, Limit), null);
        }
        catch (ArgumentException cause)
        {
            return (null, cause.Message);
        }
    }
}
