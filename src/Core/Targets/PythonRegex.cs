using System.Text.RegularExpressions;

namespace SaltActors.Core.Targets;

/// <summary>Regular expressions as users write them for Salt: Python's, found at the start of the text only, like <c>re.match</c>.</summary>
public static partial class PythonRegex
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>Null where the pattern is no regular expression.</summary>
    public static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex(@"\A(?:" + Translate(pattern) + ")", RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException)
        {
            return null;   // the caller decides what a broken pattern means
        }
    }

    /// <summary>Whether the text begins with a match; a match that takes too long is none.</summary>
    public static bool Matches(Regex? regex, string text)
    {
        try
        {
            return regex is not null && regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    // What the two dialects write differently. Flags at the start stand outside the group that anchors.
    private static string Translate(string pattern) => Names().Replace(References().Replace(pattern.Replace(@"\Z", @"\z", StringComparison.Ordinal), @"\k<$1>"), "(?<$1>");

    [GeneratedRegex(@"\(\?P<(\w+)>")]
    private static partial Regex Names();

    [GeneratedRegex(@"\(\?P=(\w+)\)")]
    private static partial Regex References();
}
