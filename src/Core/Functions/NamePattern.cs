namespace SaltActors.Core.Functions;

/// <summary>Shell-like patterns over names, as Python's <c>fnmatch</c>: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[!a-z]</c>; case matters.</summary>
public static class NamePattern
{
    public static bool Matches(string pattern, string name) => Matches(pattern.AsSpan(), name.AsSpan());

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // After a star that fails to fit, the star takes one more character and the rest is tried again: never more than n × m steps.
        var (p, n, afterStar, retry) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (afterStar, retry) = (++p, n);
                continue;
            }
            if (p < pattern.Length && MatchesOne(pattern[p..], name[n], out var length))
            {
                (p, n) = (p + length, n + 1);
                continue;
            }
            if (afterStar < 0) return false;
            (p, n) = (afterStar, ++retry);
        }
        return pattern[p..].TrimStart('*').IsEmpty;
    }

    private static bool MatchesOne(ReadOnlySpan<char> pattern, char c, out int length)
    {
        length = 1;
        if (pattern[0] == '?') return true;
        if (pattern[0] != '[') return pattern[0] == c;
        var isNegated = pattern.Length > 1 && pattern[1] == '!';
        var first = isNegated ? 2 : 1;
        // A bracket that closes at once is a member of the set.
        var close = first < pattern.Length ? pattern[(first + 1)..].IndexOf(']') : -1;
        if (close < 0) return c == '[';
        var set = pattern.Slice(first, close + 1);
        length = first + set.Length + 1;
        var isIn = false;
        for (var i = 0; i < set.Length; i++)
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                isIn |= c >= set[i] && c <= set[i + 2];
                i += 2;
            }
            else isIn |= set[i] == c;
        return isIn != isNegated;
    }
}
