using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace SaltActors.Rendering.Output;

/// <summary>Lines, blanks and wrapping as Python's <c>str</c> and <c>textwrap</c> understand them.</summary>
public static partial class PythonLines
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\v\f\u001C\u001D\u001E\u0085\u2028\u2029");

    /// <summary><c>text.splitlines(keepends)</c>: also at vertical tab, form feed, U+001C to U+001E, U+0085, U+2028, U+2029; no empty last line.</summary>
    public static ImmutableArray<string> Split(string text, bool keepEnds = false)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var start = 0;
        while (start < text.Length)
        {
            var length = text.AsSpan(start).IndexOfAny(LineEnds);
            if (length < 0)
            {
                lines.Add(text[start..]);
                break;
            }
            var end = start + length;
            var next = end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            lines.Add(text[start..(keepEnds ? next : end)]);
            start = next;
        }
        return lines.ToImmutable();
    }

    /// <summary><c>c.isspace()</c>.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    /// <summary><c>text.rstrip()</c>.</summary>
    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return text[..end];
    }

    /// <summary><c>text.strip()</c>.</summary>
    public static string Trim(string text)
    {
        var trimmed = TrimEnd(text);
        var start = 0;
        while (start < trimmed.Length && IsSpace(trimmed[start])) start++;
        return trimmed[start..];
    }

    /// <summary><c>len(text)</c>: code points.</summary>
    public static int Length(string text)
    {
        var pairs = 0;
        for (var i = 1; i < text.Length; i++)
            if (char.IsSurrogatePair(text[i - 1], text[i])) pairs++;
        return text.Length - pairs;
    }

    /// <summary><c>textwrap.TextWrapper(width, initial_indent=indent, subsequent_indent=indent).fill(text)</c>.</summary>
    public static string Fill(string text, int width, string indent)
    {
        var chunks = new Stack<string>(Chunk().Matches(Flatten(text)).Select(m => m.Value).Reverse());
        var lines = new List<string>();
        var room = Math.Max(width - indent.Length, 1);
        while (chunks.Count > 0)
        {
            if (lines.Count > 0 && IsBlank(chunks.Peek()))
            {
                chunks.Pop();
                continue;
            }
            var line = new List<string>();
            var length = 0;
            while (chunks.Count > 0 && length + chunks.Peek().Length <= room)
            {
                length += chunks.Peek().Length;
                line.Add(chunks.Pop());
            }
            if (chunks.Count > 0 && chunks.Peek().Length > room)
            {
                var word = chunks.Pop();
                var end = BreakAt(word, room - length);
                line.Add(word[..end]);
                chunks.Push(word[end..]);
            }
            if (line.Count > 0 && IsBlank(line[^1])) line.RemoveAt(line.Count - 1);
            if (line.Count > 0) lines.Add(indent + string.Concat(line));
        }
        return string.Join('\n', lines);
    }

    // A word too long for a line is cut behind a hyphen where one is near, else anywhere.
    private static int BreakAt(string word, int room)
    {
        if (room <= 0) return 0;
        var hyphen = word.LastIndexOf('-', room - 1);
        return hyphen > 0 && word.AsSpan(0, hyphen).IndexOfAnyExcept('-') >= 0 ? hyphen + 1 : room;
    }

    private static string Flatten(string text)
    {
        var flat = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c == '\t') flat.Append(' ', 8 - flat.Length % 8);
            else flat.Append(c is '\n' or '\v' or '\f' or '\r' ? ' ' : c);
        return flat.ToString();
    }

    private static bool IsBlank(string text) => text.AsSpan().Trim(' ').IsEmpty;

    // Blanks; dashes between words; a word up to a hyphen between letters, or up to its end.
    [GeneratedRegex("""
        \ +
        | (?<=[\w!"'&.,?])-{2,}(?=\w)
        | [^\ ]+?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[\w!"'&.,?]-))(?=[^\d\W]-?[^\d\W])|(?=\ |\z)|(?<=[\w!"'&.,?])(?=-{2,}\w))
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Chunk();
}
