using System.Globalization;
using System.Text;

namespace SaltActors.Rendering.Jinja.Lexing;

/// <summary>What stands between quotes, with Python's escapes taken out; an unknown escape stays as it is.</summary>
internal static class TextLiteral
{
    /// <returns>Null, with the problem, where an escape is cut short.</returns>
    internal static string? Read(ReadOnlySpan<char> inside, out string? problem)
    {
        problem = null;
        if (!inside.Contains('\\')) return inside.ToString();
        var text = new StringBuilder(inside.Length);
        for (var i = 0; i < inside.Length; i++)
        {
            var c = inside[i];
            if (c != '\\' || i + 1 == inside.Length)
            {
                text.Append(c);
                continue;
            }
            c = inside[++i];
            switch (c)
            {
                case '\n': break;
                case '\\' or '\'' or '"': text.Append(c); break;
                case 'a': text.Append('\a'); break;
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'v': text.Append('\v'); break;
                case 'x' or 'u' or 'U':
                    var length = c == 'x' ? 2 : c == 'u' ? 4 : 8;
                    if (i + length >= inside.Length || !int.TryParse(inside.Slice(i + 1, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                        || code is < 0 or > 0x10FFFF)
                    {
                        problem = $"truncated \\{(c == 'x' ? "xXX" : c == 'u' ? "uXXXX" : "UXXXXXXXX")} escape";
                        return null;
                    }
                    if (Rune.IsValid(code)) text.Append(new Rune(code).ToString());
                    else text.Append((char)code);
                    i += length;
                    break;
                case >= '0' and <= '7':
                    var octal = 0;
                    var end = Math.Min(i + 3, inside.Length);
                    for (; i < end && inside[i] is >= '0' and <= '7'; i++) octal = octal * 8 + inside[i] - '0';
                    i--;
                    text.Append((char)octal);
                    break;
                default: text.Append('\\').Append(c); break;
            }
        }
        return text.ToString();
    }
}
