using System.Text;
using System.Text.RegularExpressions;

namespace SaltActors.Modules.Grains.Loading;

/// <summary>Python's <c>fnmatch</c> with case: <c>*</c>, <c>?</c>, <c>[seq]</c>, <c>[!seq]</c>; a bracket that never closes is itself.</summary>
internal static class GlobPattern
{
    internal static bool Matches(string pattern, string text)
    {
        if (pattern.AsSpan().IndexOfAny('*', '?', '[') < 0) return pattern == text;
        return Regex.IsMatch(text, ToRegex(pattern), RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    private static string ToRegex(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            var close = c == '[' ? Close(pattern, i) : -1;
            if (c == '*') regex.Append(".*");
            else if (c == '?') regex.Append('.');
            else if (close > 0)
            {
                var (isNot, from) = pattern[i + 1] == '!' ? (true, i + 2) : (false, i + 1);
                var set = pattern[from..close].Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal).Replace("]", @"\]", StringComparison.Ordinal);
                regex.Append('[').Append(isNot ? "^" : set.StartsWith('^') ? @"\" : "").Append(set).Append(']');
                i = close;
            }
            else regex.Append(Regex.Escape(c.ToString()));
        }
        return regex.Append(@"\z").ToString();
    }

    // A ] right after the opening bracket belongs to the set.
    private static int Close(string pattern, int open)
    {
        var from = open + 1;
        if (from < pattern.Length && pattern[from] == '!') from++;
        return from + 1 > pattern.Length ? -1 : pattern.IndexOf(']', from + 1 <= pattern.Length - 1 ? from + 1 : from);
    }
}
