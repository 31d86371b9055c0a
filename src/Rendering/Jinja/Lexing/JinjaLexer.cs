using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja.Errors;

namespace SaltActors.Rendering.Jinja.Lexing;

/// <summary>Template text to words: the text between the delimiters as data, comments dropped, blanks treated as the syntax says.</summary>
/// <remarks>Follows Jinja 3.1: the earliest delimiter wins, of those at one place the longest.</remarks>
public sealed class JinjaLexer
{
    private enum Start { Block, Comment, LineComment, LineStatement, Variable }
    private enum Sign { None, Strip, Keep }

    private static readonly string[] Operators = ["**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];
    private readonly TemplateSource _source;
    private readonly JinjaSyntax _syntax;
    private readonly string _text;
    private readonly (Start Kind, string Text)[] _starts;
    private readonly List<Token> _tokens = [];
    private readonly Stack<string> _open = new();
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private int _at, _line = 1, _lineStart, _counted;
    private bool _isLineStarting = true;

    private JinjaLexer(TemplateSource source, JinjaSyntax syntax)
    {
        (_source, _syntax) = (source, syntax);
        var text = source.Text.Contains('\r') ? source.Text.Replace("\r\n", "\n").Replace('\r', '\n') : source.Text;
        _text = !syntax.KeepTrailingNewline && text.EndsWith('\n') ? text[..^1] : text;
        var starts = new List<(Start Kind, string Text)> { (Start.Variable, syntax.VariableStart), (Start.Comment, syntax.CommentStart), (Start.Block, syntax.BlockStart) };
        if (syntax.LineStatementPrefix is { } statement) starts.Add((Start.LineStatement, statement));
        if (syntax.LineCommentPrefix is { } comment) starts.Add((Start.LineComment, comment));
        _starts = [.. starts.OrderByDescending(s => s.Text.Length).ThenByDescending(s => s.Kind)];
    }

    /// <exception cref="JinjaFault">A comment or raw block without its end, a character that starts nothing, brackets that do not match.</exception>
    public static List<Token> Read(TemplateSource source, JinjaSyntax syntax)
    {
        var lexer = new JinjaLexer(source, syntax);
        while (lexer._at < lexer._text.Length) lexer.Data();
        lexer.Add(TokenKind.End, "");
        return lexer._tokens;
    }

    private void Add(TokenKind kind, string text)
    {
        Count(_at);
        _tokens.Add(new(kind, text, _line, _at - _lineStart + 1));
    }

    // Lines up to a place; places only grow.
    private void Count(int place)
    {
        for (; _counted < place; _counted++)
            if (_text[_counted] == '\n')
            {
                _line++;
                _lineStart = _counted + 1;
            }
    }

    private JinjaFault Refuse(string problem)
    {
        Count(Math.Min(_at, _text.Length));
        return new(FaultKind.Syntax, problem) { Template = _source, Line = _line, Column = _at - _lineStart + 1 };
    }

    private bool Has(string word, int at) => string.CompareOrdinal(_text, at, word, 0, word.Length) == 0;

    private void Data()
    {
        var dataStart = _at;
        for (var i = _at; i < _text.Length; i++)
        {
            if (_syntax.LineStatementPrefix is null && _syntax.LineCommentPrefix is null)
            {
                i = NextStart(i);
                if (i < 0) break;
            }
            foreach (var (kind, word) in _starts)
                if (MatchStart(kind, word, i) is { } behind)
                {
                    Open(kind, dataStart, i, behind);
                    return;
                }
        }
        AddData(dataStart, _text.Length);
        _at = _text.Length;
    }

    private int NextStart(int from)
    {
        var next = -1;
        foreach (var (_, word) in _starts)
        {
            var place = _text.IndexOf(word, from, next < 0 ? _text.Length - from : Math.Min(next + word.Length - 1, _text.Length) - from, StringComparison.Ordinal);
            if (place >= 0 && (next < 0 || place < next)) next = place;
        }
        return next;
    }

    // Where the delimiter ends, or null where it does not stand here.
    private int? MatchStart(Start kind, string word, int at)
    {
        if (kind is not (Start.LineStatement or Start.LineComment)) return Has(word, at) ? at + word.Length : null;
        var isLineStart = at == 0 || _text[at - 1] == '\n';
        if (!isLineStart && (kind == Start.LineStatement || char.IsWhiteSpace(_text[at - 1]))) return null;
        var i = at;
        while (i < _text.Length && (kind == Start.LineStatement ? _text[i] is ' ' or '\t' or '\v' : _text[i] is not ('\n' or '\r') && char.IsWhiteSpace(_text[i]))) i++;
        return Has(word, i) ? i + word.Length : null;
    }

    private void Open(Start kind, int dataStart, int at, int behind)
    {
        var rawEnd = kind == Start.Block ? MatchRaw(behind) : null;
        var sign = behind < _text.Length ? _text[behind] switch { '-' => Sign.Strip, '+' => Sign.Keep, _ => Sign.None } : Sign.None;
        if (sign != Sign.None) behind++;
        var dataEnd = at;
        if (sign == Sign.Strip)
            while (dataEnd > dataStart && IsSpace(_text[dataEnd - 1])) dataEnd--;
        else if (sign == Sign.None && _syntax.LstripBlocks && kind != Start.Variable) dataEnd = WithoutIndent(dataStart, at);
        AddData(dataStart, dataEnd);
        _at = at;
        if (rawEnd is { } rawStart)
        {
            _at = rawStart;
            Raw(rawStart);
            return;
        }
        switch (kind)
        {
            case Start.Comment: Comment(behind); break;
            case Start.LineComment:
                var end = _text.IndexOf('\n', behind);
                Move(end < 0 ? _text.Length : end);
                break;
            default: Code(kind, behind); break;
        }
    }

    private void Move(int to)
    {
        _isLineStarting = to > 0 && _text[to - 1] == '\n';
        _at = to;
    }

    private void AddData(int from, int to)
    {
        if (to <= from) return;
        _at = from;
        var data = _text[from..to];
        Add(TokenKind.Data, _syntax.NewlineSequence == "\n" ? data : data.Replace("\n", _syntax.NewlineSequence));
    }

    private static bool IsSpace(char c) => Output.PythonLines.IsSpace(c);

    private int SkipSpace(int at)
    {
        while (at < _text.Length && IsSpace(_text[at])) at++;
        return at;
    }

    // Behind "{%", an optional sign, "raw" and "%}": where the raw text starts.
    private int? MatchRaw(int at)
    {
        if (at < _text.Length && _text[at] is '-' or '+') at++;
        at = SkipSpace(at);
        if (!Has("raw", at)) return null;
        at = SkipSpace(at + 3);
        return Has("-" + _syntax.BlockEnd, at) ? SkipSpace(at + 1 + _syntax.BlockEnd.Length) : Has(_syntax.BlockEnd, at) ? at + _syntax.BlockEnd.Length : null;
    }

    // Where data ends without the blanks between the start of its last line and what follows.
    private int WithoutIndent(int from, int to)
    {
        var feed = to > from ? _text.LastIndexOf('\n', to - 1, to - from) : -1;
        if (feed < 0 && !_isLineStarting) return to;
        var lineStart = feed < 0 ? from : feed + 1;
        return _text.AsSpan(lineStart, to - lineStart).Trim().IsEmpty ? lineStart : to;
    }

    private void Raw(int start)
    {
        _isLineStarting = _text[start - 1] == '\n';
        for (var i = _text.IndexOf(_syntax.BlockStart, start, StringComparison.Ordinal); i >= 0; i = _text.IndexOf(_syntax.BlockStart, i + 1, StringComparison.Ordinal))
        {
            var at = i + _syntax.BlockStart.Length;
            var sign = at < _text.Length ? _text[at] : '\0';
            if (sign is '-' or '+') at++;
            at = SkipSpace(at);
            if (!Has("endraw", at)) continue;
            at = SkipSpace(at + 6);
            if (MatchEnd(_syntax.BlockEnd, at, mayKeep: true, trims: _syntax.TrimBlocks) is not { } behind) continue;
            var end = i;
            if (sign == '-')
                while (end > start && IsSpace(_text[end - 1])) end--;
            else if (sign != '+' && _syntax.LstripBlocks) end = WithoutIndent(start, end);
            AddData(start, end);
            Move(behind);
            return;
        }
        throw Refuse("Missing end of raw directive");
    }

    // The end of a block with its sign: where it ends, or null where it does not stand here.
    private int? MatchEnd(string word, int at, bool mayKeep, bool trims)
    {
        if (at >= _text.Length) return null;
        if (_text[at] == '-' && Has(word, at + 1)) return SkipSpace(at + 1 + word.Length);
        if (mayKeep && _text[at] == '+' && Has(word, at + 1)) return at + 1 + word.Length;
        if (!Has(word, at)) return null;
        at += word.Length;
        return trims && at < _text.Length && _text[at] == '\n' ? at + 1 : at;
    }

    private void Comment(int start)
    {
        var end = _text.IndexOf(_syntax.CommentEnd, start, StringComparison.Ordinal);
        if (end < 0) throw Refuse("Missing end of comment tag");
        if (end > start && _text[end - 1] is '-' or '+') end--;
        Move(MatchEnd(_syntax.CommentEnd, end, mayKeep: true, trims: _syntax.TrimBlocks) ?? end + _syntax.CommentEnd.Length);
    }

    private void Code(Start kind, int behind)
    {
        var isVariable = kind == Start.Variable;
        Add(isVariable ? TokenKind.VariableBegin : TokenKind.BlockBegin, "");
        _at = behind;
        _open.Clear();
        while (true)
        {
            if (_open.Count == 0 && End(kind) is { } end)
            {
                Add(isVariable ? TokenKind.VariableEnd : TokenKind.BlockEnd, "");
                Move(end);
                return;
            }
            if (_at >= _text.Length) return;
            Word();
        }
    }

    private int? End(Start kind)
    {
        if (kind == Start.Variable) return MatchEnd(_syntax.VariableEnd, _at, mayKeep: false, trims: false);
        if (kind == Start.Block) return MatchEnd(_syntax.BlockEnd, _at, mayKeep: true, trims: _syntax.TrimBlocks);
        var behind = SkipSpace(_at);
        if (behind == _text.Length) return behind;
        var feed = behind == _at ? -1 : _text.LastIndexOf('\n', behind - 1, behind - _at);
        return feed < 0 ? null : feed + 1;
    }

    private void Word()
    {
        var c = _text[_at];
        if (IsSpace(c))
        {
            _at = SkipSpace(_at);
            return;
        }
        if (char.IsAsciiDigit(c))
        {
            Number();
            return;
        }
        if (c is '\'' or '"')
        {
            Quoted(c);
            return;
        }
        if (c == '_' || char.IsLetterOrDigit(c) || char.IsSurrogate(c))
        {
            var end = _at;
            while (end < _text.Length && (_text[end] == '_' || char.IsLetterOrDigit(_text[end]) || char.GetUnicodeCategory(_text[end]) is System.Globalization.UnicodeCategory.NonSpacingMark)) end++;
            if (end == _at) throw Refuse($"unexpected char {PythonText.Repr(c.ToString())} at {_at}");
            var name = _text[_at..end];
            if (!_names.TryAdd(name, name)) name = _names[name];
            if (char.IsDigit(name[0])) throw Refuse("Invalid character in identifier");
            Add(TokenKind.Name, name);
            _at = end;
            return;
        }
        foreach (var sign in Operators)
            if (Has(sign, _at))
            {
                Balance(sign);
                Add(TokenKind.Operator, sign);
                _at += sign.Length;
                return;
            }
        throw Refuse($"unexpected char {PythonText.Repr(c.ToString())} at {_at}");
    }

    private void Balance(string sign)
    {
        switch (sign)
        {
            case "(": _open.Push(")"); break;
            case "[": _open.Push("]"); break;
            case "{": _open.Push("}"); break;
            case ")" or "]" or "}":
                if (!_open.TryPop(out var expected)) throw Refuse($"unexpected '{sign}'");
                if (expected != sign) throw Refuse($"unexpected '{sign}', expected '{expected}'");
                break;
        }
    }

    private void Quoted(char quote)
    {
        var end = _at + 1;
        while (end < _text.Length && _text[end] != quote) end += _text[end] == '\\' ? 2 : 1;
        if (end >= _text.Length) throw Refuse($"unexpected char {PythonText.Repr(quote.ToString())} at {_at}");
        var text = TextLiteral.Read(_text.AsSpan(_at + 1, end - _at - 1), out var problem);
        Add(TokenKind.Text, text ?? throw Refuse(problem!));
        _at = end + 1;
    }

    private void Number()
    {
        var start = _at;
        if (_text[start] == '0' && start + 1 < _text.Length && char.ToLowerInvariant(_text[start + 1]) is 'x' or 'o' or 'b')
        {
            var isDigit = char.ToLowerInvariant(_text[start + 1]) switch { 'x' => (Func<char, bool>)char.IsAsciiHexDigit, 'o' => c => c is >= '0' and <= '7', _ => c => c is '0' or '1' };
            var behind = Run(start + 2, isDigit, mayStartUnderscored: true);
            if (behind > start + 2)
            {
                Add(TokenKind.Integer, _text[start..behind].Replace("_", ""));
                _at = behind;
                return;
            }
        }
        var end = Run(start, char.IsAsciiDigit);
        var kind = TokenKind.Integer;
        if (start == 0 || _text[start - 1] != '.')
        {
            var fraction = end + 1 < _text.Length && _text[end] == '.' && char.IsAsciiDigit(_text[end + 1]) ? Run(end + 1, char.IsAsciiDigit) : end;
            var exponent = fraction;
            if (exponent < _text.Length && _text[exponent] is 'e' or 'E')
            {
                var digits = exponent + 1 < _text.Length && _text[exponent + 1] is '+' or '-' ? exponent + 2 : exponent + 1;
                if (digits < _text.Length && char.IsAsciiDigit(_text[digits])) exponent = Run(digits, char.IsAsciiDigit);
            }
            if (exponent > end) (kind, end) = (TokenKind.Float, exponent);
        }
        // A whole number that starts with zero is zeros alone: what follows is another word.
        if (kind == TokenKind.Integer && _text[start] == '0') end = Run(start, static c => c == '0');
        Add(kind, _text[start..end].Replace("_", ""));
        _at = end;
    }

    private int Run(int at, Func<char, bool> isDigit, bool mayStartUnderscored = false)
    {
        var isAfterDigit = mayStartUnderscored;
        while (at < _text.Length)
        {
            if (isDigit(_text[at])) isAfterDigit = true;
            else if (_text[at] == '_' && isAfterDigit && at + 1 < _text.Length && isDigit(_text[at + 1])) isAfterDigit = false;
            else break;
            at++;
        }
        return at;
    }
}
