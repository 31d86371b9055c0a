using System.Globalization;
using System.Text;

namespace SaltActors.Rendering.Yaml;

/// <summary>The tokens that hold text: scalars of every style.</summary>
internal sealed partial class YamlScanner
{
    private static readonly System.Buffers.SearchValues<char> Ordinary =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+=@%$*&!|<>;()'\"\\^~`");

    // Of the scalar that is being read, from its start: its text, the _blanks since its last character, the first line break since then, and the others.
    private readonly StringBuilder _scalar = new(), _blanks = new(), _firstBreak = new(), _breaks = new();

    private Token ScanPlain()
    {
        var (start, end, indent, isAfterBreak) = (Mark, Mark, _indent + 1, false);
        var text = Cleared();
        while (!IsDocumentMark('-') && !IsDocumentMark('.') && Here != '#')
        {
            while (!IsBlankOrEnd(0))
            {
                if (_flow > 0 && Here == ':' && At(1) is ',' or '?' or '[' or ']' or '{' or '}') throw ScannerBroken("while scanning a plain scalar", start, "found unexpected ':'");
                if (Here == ':' && IsBlankOrEnd(1) || _flow > 0 && Here is ',' or '[' or ']' or '{' or '}') break;
                if (isAfterBreak || _blanks.Length > 0)
                {
                    Join(isAfterBreak);
                    isAfterBreak = false;
                }
                if (OrdinaryRun() is > 0 and var run)
                {
                    text.Append(_text, _at, run);
                    (_at, _column) = (_at + run, _column + run);
                }
                else text.Append(TakeChar());
                end = Mark;
            }
            if (!IsBlankAt(0) && !IsBreak(0)) break;
            while (IsBlankAt(0) || IsBreak(0))
                if (IsBlankAt(0))
                {
                    if (isAfterBreak && _column < indent && Here == '\t') throw ScannerBroken("while scanning a plain scalar", start, "found a tab character that violates indentation");
                    if (isAfterBreak) Skip();
                    else _blanks.Append(TakeChar());
                }
                else isAfterBreak = TakeBreak(isAfterBreak);
            if (_flow == 0 && _column < indent) break;
        }
        // What follows on a new line may be a key.
        if (isAfterBreak) _mayBeKey = true;
        return new Token(TokenKind.Scalar, start, end, text.ToString(), IsPlain: true);
    }

    // How many characters from here mean nothing but themselves, and are a column each.
    private int OrdinaryRun() => _text.AsSpan(_at).IndexOfAnyExcept(Ordinary) is >= 0 and var end ? end : _text.Length - _at;

    private Token ScanQuoted(bool isSingle)
    {
        var (start, quote) = (Mark, isSingle ? '\'' : '"');
        var text = Cleared();
        Skip();
        while (true)
        {
            if (IsDocumentMark('-') || IsDocumentMark('.')) throw ScannerBroken("while scanning a quoted scalar", start, "found unexpected document indicator");
            if (Here == '\0') throw ScannerBroken("while scanning a quoted scalar", start, "found unexpected end of stream");
            var isAfterBreak = false;
            while (!IsBlankOrEnd(0))
            {
                if (isSingle && Here == '\'' && At(1) == '\'')
                {
                    text.Append('\'');
                    Skip();
                    Skip();
                }
                else if (Here == quote) break;
                else if (!isSingle && Here == '\\' && IsBreak(1))
                {
                    Skip();
                    SkipLine();
                    isAfterBreak = true;
                    break;
                }
                else if (!isSingle && Here == '\\') ScanEscape(text, start);
                else text.Append(TakeChar());
            }
            if (Here == quote) break;
            while (IsBlankAt(0) || IsBreak(0))
                if (!IsBlankAt(0)) isAfterBreak = TakeBreak(isAfterBreak);
                else if (isAfterBreak) Skip();
                else _blanks.Append(TakeChar());
            Join(isAfterBreak);
        }
        Skip();
        return new Token(TokenKind.Scalar, start, Mark, text.ToString());
    }

    private void ScanEscape(StringBuilder text, YamlMark start)
    {
        var length = 0;
        switch (At(1))
        {
            case '0': text.Append('\0'); break;
            case 'a': text.Append('\a'); break;
            case 'b': text.Append('\b'); break;
            case 't' or '\t': text.Append('\t'); break;
            case 'n': text.Append('\n'); break;
            case 'v': text.Append('\v'); break;
            case 'f': text.Append('\f'); break;
            case 'r': text.Append('\r'); break;
            case 'e': text.Append('\x1b'); break;
            case var same and (' ' or '"' or '/' or '\\'): text.Append(same); break;
            case 'N': text.Append('\x85'); break;
            case '_': text.Append('\xa0'); break;
            case 'L': text.Append('\u2028'); break;
            case 'P': text.Append('\u2029'); break;
            case 'x': length = 2; break;
            case 'u': length = 4; break;
            case 'U': length = 8; break;
            default: throw ScannerBroken("while parsing a quoted scalar", start, "found unknown escape character");
        }
        Skip();
        Skip();
        if (length == 0) return;
        long code = 0;
        for (var i = 0; i < length; i++)
        {
            if (!char.IsAsciiHexDigit(At(i))) throw ScannerBroken("while parsing a quoted scalar", start, "did not find expected hexdecimal number");
            code = code << 4 | (uint)int.Parse(At(i).ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        if (code is >= 0xD800 and <= 0xDFFF or > 0x10FFFF) throw ScannerBroken("while parsing a quoted scalar", start, "found invalid Unicode character escape code");
        text.Append(new Rune((int)code).ToString());
        for (var i = 0; i < length; i++) Skip();
    }

    private Token ScanBlockScalar(bool isLiteral)
    {
        const string Context = "while scanning a block scalar";
        var start = Mark;
        Skip();
        var (chomping, increment) = (0, 0);
        if (Here is '+' or '-')
        {
            chomping = TakeChar() == '+' ? 1 : -1;
            increment = ScanIndicator(start);
        }
        else if (char.IsAsciiDigit(Here))
        {
            increment = ScanIndicator(start);
            if (Here is '+' or '-') chomping = TakeChar() == '+' ? 1 : -1;
        }
        while (IsBlankAt(0)) Skip();
        if (Here == '#')
            while (!IsBreakOrEnd(0)) Skip();
        if (!IsBreakOrEnd(0)) throw ScannerBroken(Context, start, "did not find expected comment or line break");
        if (IsBreak(0)) SkipLine();

        var text = Cleared();
        var indent = increment == 0 ? 0 : _indent >= 0 ? _indent + increment : increment;
        var (wasBlank, end) = (false, Mark);
        ScanBlockBreaks(ref indent, start, ref end);
        while (_column == indent && Here != '\0')
        {
            // Folding joins two lines that both begin with text.
            var isBlank = IsBlankAt(0);
            if (!isLiteral && _firstBreak.Length > 0 && _firstBreak[0] == '\n' && !wasBlank && !isBlank)
            {
                if (_breaks.Length == 0) text.Append(' ');
            }
            else text.Append(_firstBreak);
            _firstBreak.Clear();
            text.Append(_breaks);
            _breaks.Clear();
            wasBlank = isBlank;
            while (!IsBreakOrEnd(0)) text.Append(TakeChar());
            end = Mark;
            if (IsBreak(0)) _firstBreak.Append(TakeLine());
            ScanBlockBreaks(ref indent, start, ref end);
        }
        if (chomping != -1) text.Append(_firstBreak);
        if (chomping == 1) text.Append(_breaks);
        return new Token(TokenKind.Scalar, start, end, text.ToString());
    }

    private int ScanIndicator(YamlMark start)
    {
        if (!char.IsAsciiDigit(Here)) return 0;
        if (Here == '0') throw ScannerBroken("while scanning a block scalar", start, "found an indentation indicator equal to 0");
        return TakeChar() - '0';
    }

    // Empty lines; the first that is not tells the indentation, where nothing else has.
    private void ScanBlockBreaks(ref int indent, YamlMark start, ref YamlMark end)
    {
        var deepest = 0;
        end = Mark;
        while (true)
        {
            while ((indent == 0 || _column < indent) && Here == ' ') Skip();
            deepest = Math.Max(deepest, _column);
            if ((indent == 0 || _column < indent) && Here == '\t') throw ScannerBroken("while scanning a block scalar", start, "found a tab character where an indentation space is expected");
            if (!IsBreak(0)) break;
            _breaks.Append(TakeLine());
            end = Mark;
        }
        if (indent == 0) indent = Math.Max(Math.Max(deepest, _indent + 1), 1);
    }

    private StringBuilder Cleared()
    {
        _scalar.Clear();
        _blanks.Clear();
        _firstBreak.Clear();
        _breaks.Clear();
        return _scalar;
    }

    private bool TakeBreak(bool isAfterBreak)
    {
        if (isAfterBreak) _breaks.Append(TakeLine());
        else
        {
            _blanks.Clear();
            _firstBreak.Append(TakeLine());
        }
        return true;
    }

    // One break becomes a blank, more of them lose one.
    private void Join(bool isAfterBreak)
    {
        if (!isAfterBreak) _scalar.Append(_blanks);
        else if (_firstBreak.Length == 0 || _firstBreak[0] != '\n') _scalar.Append(_firstBreak).Append(_breaks);
        else if (_breaks.Length == 0) _scalar.Append(' ');
        else _scalar.Append(_breaks);
        _blanks.Clear();
        _firstBreak.Clear();
        _breaks.Clear();
    }
}
