using System.Text;

namespace SaltActors.Rendering.Yaml;

/// <summary>The tokens that hold names: directives, anchors, aliases, tags.</summary>
internal sealed partial class YamlScanner
{
    private const int LongestVersionNumber = 9;
    private static bool IsNameChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private Token ScanDirective()
    {
        const string Context = "while scanning a directive";
        var start = Mark;
        Skip();
        var name = TakeName();
        if (name.Length == 0) throw ScannerBroken(Context, start, "could not find expected directive name");
        if (!IsBlankOrEnd(0)) throw ScannerBroken(Context, start, "found unexpected non-alphabetical character");
        var token = name switch
        {
            "YAML" => ScanVersion(start),
            "TAG" => ScanTagDirective(start),
            _ => throw ScannerBroken(Context, start, "found unknown directive name"),
        };
        while (IsBlankAt(0)) Skip();
        if (Here == '#')
            while (!IsBreakOrEnd(0)) Skip();
        if (!IsBreakOrEnd(0)) throw ScannerBroken(Context, start, "did not find expected comment or line break");
        if (IsBreak(0)) SkipLine();
        return token;
    }

    private Token ScanVersion(YamlMark start)
    {
        while (IsBlankAt(0)) Skip();
        var major = ScanVersionNumber(start);
        if (Here != '.') throw ScannerBroken("while scanning a %YAML directive", start, "did not find expected digit or '.' character");
        Skip();
        return new Token(TokenKind.VersionDirective, start, Mark, $"{major}.{ScanVersionNumber(start)}");
    }

    private string ScanVersionNumber(YamlMark start)
    {
        var digits = new StringBuilder();
        while (char.IsAsciiDigit(Here))
        {
            if (digits.Length == LongestVersionNumber) throw ScannerBroken("while scanning a %YAML directive", start, "found extremely long version number");
            digits.Append(TakeChar());
        }
        if (digits.Length == 0) throw ScannerBroken("while scanning a %YAML directive", start, "did not find expected version number");
        return digits.ToString().TrimStart('0') is { Length: > 0 } number ? number : "0";
    }

    private Token ScanTagDirective(YamlMark start)
    {
        const string Context = "while scanning a %TAG directive";
        while (IsBlankAt(0)) Skip();
        var handle = ScanTagHandle(isDirective: true, start);
        if (!IsBlankAt(0)) throw ScannerBroken(Context, start, "did not find expected whitespace");
        while (IsBlankAt(0)) Skip();
        var prefix = ScanTagUri("", mayHoldFlowSigns: true, Context, start);
        if (!IsBlankOrEnd(0)) throw ScannerBroken(Context, start, "did not find expected whitespace or line break");
        return new Token(TokenKind.TagDirective, start, Mark, prefix, handle);
    }

    private Token ScanAnchor(TokenKind kind)
    {
        var start = Mark;
        Skip();
        var name = TakeName();
        if (name.Length == 0 || !IsBlankOrEnd(0) && Here is not ('?' or ':' or ',' or ']' or '}' or '%' or '@' or '`'))
            throw ScannerBroken(kind == TokenKind.Anchor ? "while scanning an anchor" : "while scanning an alias", start, "did not find expected alphabetic or numeric character");
        return new Token(kind, start, Mark, name);
    }

    private Token ScanTag()
    {
        const string Context = "while scanning a tag";
        var start = Mark;
        string handle = "", suffix;
        if (At(1) == '<')
        {
            Skip();
            Skip();
            suffix = ScanTagUri("", mayHoldFlowSigns: true, Context, start);
            if (Here != '>') throw ScannerBroken(Context, start, "did not find the expected '>'");
            Skip();
        }
        else
        {
            handle = ScanTagHandle(isDirective: false, start);
            if (handle.Length > 1 && handle[^1] == '!') suffix = ScanTagUri("", mayHoldFlowSigns: false, Context, start);
            else
            {
                suffix = ScanTagUri(handle, mayHoldFlowSigns: false, Context, start);
                (handle, suffix) = suffix.Length == 0 ? ("", "!") : ("!", suffix);
            }
        }
        if (!IsBlankOrEnd(0) && !(_flow > 0 && Here == ',')) throw ScannerBroken(Context, start, "did not find expected whitespace or line break");
        return new Token(TokenKind.Tag, start, Mark, suffix, handle);
    }

    private string ScanTagHandle(bool isDirective, YamlMark start)
    {
        var context = isDirective ? "while scanning a tag directive" : "while scanning a tag";
        if (Here != '!') throw ScannerBroken(context, start, "did not find expected '!'");
        var handle = new StringBuilder().Append(TakeChar());
        while (IsNameChar(Here)) handle.Append(TakeChar());
        if (Here == '!') handle.Append(TakeChar());
        else if (isDirective && handle.Length > 1) throw ScannerBroken("while parsing a tag directive", start, "did not find expected '!'");
        return handle.ToString();
    }

    // What was read as a handle belongs to the suffix, its exclamation mark apart.
    private string ScanTagUri(string head, bool mayHoldFlowSigns, string context, YamlMark start)
    {
        var uri = new StringBuilder(head.Length > 1 ? head[1..] : "");
        var isEmpty = head.Length == 0;
        while (IsNameChar(Here) || Here is ';' or '/' or '?' or ':' or '@' or '&' or '=' or '+' or '$' or '.' or '%' or '!' or '~' or '*' or '\'' or '(' or ')'
            || mayHoldFlowSigns && Here is ',' or '[' or ']')
        {
            isEmpty = false;
            if (Here == '%') ScanUriEscape(uri, context, start);
            else uri.Append(TakeChar());
        }
        if (isEmpty) throw ScannerBroken(context, start, "did not find expected tag URI");
        return uri.ToString();
    }

    private void ScanUriEscape(StringBuilder uri, string context, YamlMark start)
    {
        Span<byte> octets = stackalloc byte[4];
        var (count, width) = (0, 0);
        do
        {
            if (Here != '%' || !char.IsAsciiHexDigit(At(1)) || !char.IsAsciiHexDigit(At(2))) throw ScannerBroken(context, start, "did not find URI escaped octet");
            var octet = (byte)(HexValue(At(1)) << 4 | HexValue(At(2)));
            if (count == 0)
            {
                width = octet switch { < 0x80 => 1, >= 0xC0 and < 0xE0 => 2, >= 0xE0 and < 0xF0 => 3, >= 0xF0 and < 0xF8 => 4, _ => 0 };
                if (width == 0) throw ScannerBroken(context, start, "found an incorrect leading UTF-8 octet");
            }
            else if ((octet & 0xC0) != 0x80) throw ScannerBroken(context, start, "found an incorrect trailing UTF-8 octet");
            octets[count++] = octet;
            Skip();
            Skip();
            Skip();
        }
        while (count < width);
        uri.Append(Encoding.UTF8.GetString(octets[..count]));
    }

    private static int HexValue(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

    private string TakeName()
    {
        var from = _at;
        while (IsNameChar(Here)) Skip();
        return _text[from.._at];
    }
}
