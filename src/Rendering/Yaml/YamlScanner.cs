namespace SaltActors.Rendering.Yaml;

/// <summary>Cuts YAML 1.1 text into tokens. It accepts and refuses what libyaml does, in the same words and at the same places: Salt's users know them.</summary>
/// <remarks>
/// YAML tells a key only by the colon after it. So whatever could be one is remembered (<see cref="_keys"/>, one for each level of flow brackets), and the
/// tokens wait until it is settled; then <c>Key</c> is put before it, and <c>BlockMappingStart</c> where a new map begins.
/// </remarks>
internal sealed partial class YamlScanner
{
    private const int LongestSimpleKey = 1024;

    /// <summary>What may yet turn out to be a key. A required one stands at the column of its map: without a colon, it is an error.</summary>
    private record struct SimpleKey(bool IsPossible, bool IsRequired, int TokenNumber, int Index, YamlMark Mark);

    private readonly string _text, _source;
    private readonly List<Token> _tokens = [];
    private readonly Stack<int> _indents = [];
    private readonly List<SimpleKey> _keys = [default];
    private int _at, _line = 1, _column, _taken, _indent = -1, _flow;
    private bool _mayBeKey = true, _hasEnded;

    /// <exception cref="YamlBroken">A character that YAML does not allow.</exception>
    internal YamlScanner(string text, string source)
    {
        (_text, _source) = (text, source);
        if (text.Length > 0 && text[0] == '\ufeff') _at = 1;
        CheckCharacters();
    }

    /// <summary>The next token, which stays.</summary>
    internal Token Peek()
    {
        while (NeedsMore()) Fetch();
        return _tokens[0];
    }

    internal Token Take()
    {
        var token = Peek();
        _tokens.RemoveAt(0);
        _taken++;
        return token;
    }

    internal YamlBroken Broken(YamlFault fault, string? context, YamlMark? contextMark, string problem, YamlMark mark) =>
        new(fault, context, contextMark, problem, mark, _source, LineOf(mark.Line));

    private bool NeedsMore()
    {
        if (_tokens.Count == 0) return true;
        // The first token may have to give way to a Key token, as long as it may be one.
        for (var i = 0; i < _keys.Count; i++)
            if (IsValid(i) && _keys[i].TokenNumber == _taken) return true;
        return false;
    }

    private void Fetch()
    {
        SkipToToken();
        for (var level = 0; level < _keys.Count; level++) IsValid(level);
        UnrollIndent(_column);
        var c = Here;
        if (c == '\0') { FetchEnd(); return; }
        if (_column == 0)
        {
            if (c == '%') { FetchDirective(); return; }
            if (IsDocumentMark('-')) { FetchDocumentMark(TokenKind.DocumentStart); return; }
            if (IsDocumentMark('.')) { FetchDocumentMark(TokenKind.DocumentEnd); return; }
        }
        switch (c)
        {
            case '[': FetchFlowStart(TokenKind.FlowSequenceStart); break;
            case '{': FetchFlowStart(TokenKind.FlowMappingStart); break;
            case ']': FetchFlowEnd(TokenKind.FlowSequenceEnd); break;
            case '}': FetchFlowEnd(TokenKind.FlowMappingEnd); break;
            case ',': FetchFlowEntry(); break;
            case '-' when IsBlankOrEnd(1): FetchBlockEntry(); break;
            case '?' when _flow > 0 || IsBlankOrEnd(1): FetchKey(); break;
            case ':' when _flow > 0 || IsBlankOrEnd(1): FetchValue(); break;
            case '*': StartSimple(); _tokens.Add(ScanAnchor(TokenKind.Alias)); break;
            case '&': StartSimple(); _tokens.Add(ScanAnchor(TokenKind.Anchor)); break;
            case '!': StartSimple(); _tokens.Add(ScanTag()); break;
            case '|' when _flow == 0: FetchBlockScalar(isLiteral: true); break;
            case '>' when _flow == 0: FetchBlockScalar(isLiteral: false); break;
            case '\'': StartSimple(); _tokens.Add(ScanQuoted(isSingle: true)); break;
            case '"': StartSimple(); _tokens.Add(ScanQuoted(isSingle: false)); break;
            default:
                if (!StartsPlain(c)) throw ScannerBroken("while scanning for the next token", Mark, "found character that cannot start any token");
                StartSimple();
                _tokens.Add(ScanPlain());
                break;
        }
    }

    private bool StartsPlain(char c) => c switch
    {
        '-' => !IsBlankAt(1),
        '?' or ':' => _flow == 0 && !IsBlankOrEnd(1),
        ',' or '[' or ']' or '{' or '}' or '#' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => false,
        _ => !IsBlankOrEnd(0),
    };

    // Blanks, comments and line breaks. A tab is no blank where it could be meant as indentation.
    private void SkipToToken()
    {
        while (true)
        {
            while (Here == ' ' || Here == '\t' && (_flow > 0 || !_mayBeKey)) Skip();
            if (Here == '#')
                while (!IsBreakOrEnd(0)) Skip();
            if (!IsBreak(0)) return;
            SkipLine();
            if (_flow == 0) _mayBeKey = true;
        }
    }

    private bool IsValid(int level)
    {
        var key = _keys[level];
        if (!key.IsPossible) return false;
        if (key.Mark.Line == _line && key.Index + LongestSimpleKey >= _at) return true;
        if (key.IsRequired) throw ScannerBroken("while scanning a simple key", key.Mark, "could not find expected ':'");
        _keys[level] = key with { IsPossible = false };
        return false;
    }

    private void SaveKey()
    {
        if (!_mayBeKey) return;
        RemoveKey();
        _keys[^1] = new SimpleKey(true, _flow == 0 && _indent == _column, _taken + _tokens.Count, _at, Mark);
    }

    private void RemoveKey()
    {
        var key = _keys[^1];
        if (key is { IsPossible: true, IsRequired: true }) throw ScannerBroken("while scanning a simple key", key.Mark, "could not find expected ':'");
        _keys[^1] = key with { IsPossible = false };
    }

    private void RollIndent(int column, int tokenNumber, TokenKind kind, YamlMark mark)
    {
        if (_flow > 0 || _indent >= column) return;
        _indents.Push(_indent);
        _indent = column;
        var token = new Token(kind, mark, mark);
        if (tokenNumber < 0) _tokens.Add(token);
        else _tokens.Insert(tokenNumber - _taken, token);
    }

    private void UnrollIndent(int column)
    {
        if (_flow > 0) return;
        while (_indent > column)
        {
            _tokens.Add(new Token(TokenKind.BlockEnd, Mark, Mark));
            _indent = _indents.Pop();
        }
    }

    private void FetchEnd()
    {
        // What follows the last line counts as a line of its own.
        if (_column != 0) (_column, _line) = (0, _line + 1);
        UnrollIndent(-1);
        RemoveKey();
        _mayBeKey = false;
        if (_hasEnded) return;
        _hasEnded = true;
        _tokens.Add(new Token(TokenKind.StreamEnd, Mark, Mark));
    }

    private void FetchDirective()
    {
        UnrollIndent(-1);
        RemoveKey();
        _mayBeKey = false;
        _tokens.Add(ScanDirective());
    }

    private void FetchDocumentMark(TokenKind kind)
    {
        UnrollIndent(-1);
        RemoveKey();
        _mayBeKey = false;
        AddSign(kind, 3);
    }

    private void FetchFlowStart(TokenKind kind)
    {
        SaveKey();
        _keys.Add(default);
        _flow++;
        _mayBeKey = true;
        AddSign(kind, 1);
    }

    private void FetchFlowEnd(TokenKind kind)
    {
        RemoveKey();
        if (_flow > 0)
        {
            _flow--;
            _keys.RemoveAt(_keys.Count - 1);
        }
        _mayBeKey = false;
        AddSign(kind, 1);
    }

    private void FetchFlowEntry()
    {
        RemoveKey();
        _mayBeKey = true;
        AddSign(TokenKind.FlowEntry, 1);
    }

    private void FetchBlockEntry()
    {
        // Inside brackets a dash is an error that the parser words better.
        if (_flow == 0)
        {
            if (!_mayBeKey) throw ScannerBroken(null, Mark, "block sequence entries are not allowed in this context");
            RollIndent(_column, -1, TokenKind.BlockSequenceStart, Mark);
        }
        RemoveKey();
        _mayBeKey = true;
        AddSign(TokenKind.BlockEntry, 1);
    }

    private void FetchKey()
    {
        if (_flow == 0)
        {
            if (!_mayBeKey) throw ScannerBroken(null, Mark, "mapping keys are not allowed in this context");
            RollIndent(_column, -1, TokenKind.BlockMappingStart, Mark);
        }
        RemoveKey();
        _mayBeKey = _flow == 0;
        AddSign(TokenKind.Key, 1);
    }

    private void FetchValue()
    {
        if (IsValid(_keys.Count - 1))
        {
            var key = _keys[^1];
            _tokens.Insert(key.TokenNumber - _taken, new Token(TokenKind.Key, key.Mark, key.Mark));
            RollIndent(key.Mark.Column - 1, key.TokenNumber, TokenKind.BlockMappingStart, key.Mark);
            _keys[^1] = key with { IsPossible = false };
            _mayBeKey = false;
        }
        else
        {
            if (_flow == 0)
            {
                if (!_mayBeKey) throw ScannerBroken(null, Mark, "mapping values are not allowed in this context");
                RollIndent(_column, -1, TokenKind.BlockMappingStart, Mark);
            }
            _mayBeKey = _flow == 0;
        }
        AddSign(TokenKind.Value, 1);
    }

    // Aliases, anchors, tags, plain and quoted scalars: each may begin a key.
    private void StartSimple()
    {
        SaveKey();
        _mayBeKey = false;
    }

    private void FetchBlockScalar(bool isLiteral)
    {
        RemoveKey();
        _mayBeKey = true;
        _tokens.Add(ScanBlockScalar(isLiteral));
    }

    private void AddSign(TokenKind kind, int length)
    {
        var start = Mark;
        for (var i = 0; i < length; i++) Skip();
        _tokens.Add(new Token(kind, start, Mark));
    }

    private YamlMark Mark => new(_line, _column + 1);
    private char Here => At(0);
    private char At(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';
    private bool IsBlankAt(int ahead) => At(ahead) is ' ' or '\t';
    private bool IsBreak(int ahead) => IsBreak(At(ahead));
    private static bool IsBreak(char c) => c is '\n' or '\r' or '\x85' or '\u2028' or '\u2029';
    private bool IsBreakOrEnd(int ahead) => At(ahead) == '\0' || IsBreak(ahead);
    private bool IsBlankOrEnd(int ahead) => IsBlankAt(ahead) || IsBreakOrEnd(ahead);
    private bool IsDocumentMark(char c) => _column == 0 && At(0) == c && At(1) == c && At(2) == c && IsBlankOrEnd(3);

    private void Skip()
    {
        // Two halves of one character are one column.
        if (!char.IsLowSurrogate(_text[_at])) _column++;
        _at++;
    }

    private char TakeChar()
    {
        var c = _text[_at];
        Skip();
        return c;
    }

    private void SkipLine()
    {
        _at += At(0) == '\r' && At(1) == '\n' ? 2 : 1;
        (_line, _column) = (_line + 1, 0);
    }

    // Line separators stay what they are, every other break becomes a newline.
    private char TakeLine()
    {
        var c = At(0) is var first and ('\u2028' or '\u2029') ? first : '\n';
        SkipLine();
        return c;
    }

    private void CheckCharacters()
    {
        for (var i = _at; i < _text.Length; i++)
        {
            var c = _text[i];
            if (c is (>= ' ' and <= '~') or '\n' or '\t' or '\r' or '\x85' or (>= '\xa0' and <= '\ud7ff') or (>= '\ue000' and <= '\ufffd' and not '\ufeff')) continue;
            if (char.IsHighSurrogate(c) && i + 1 < _text.Length && char.IsLowSurrogate(_text[i + 1]))
            {
                i++;
                continue;
            }
            var before = _text.AsSpan(0, i);
            var start = before.LastIndexOf('\n') + 1;
            var mark = new YamlMark(before.Count('\n') + 1, i - start + 1);
            throw Broken(YamlFault.Reader, null, null, $"unacceptable character #x{(int)c:x4}: control characters are not allowed\n  in \"<unicode string>\", position {i}", mark);
        }
    }

    private YamlBroken ScannerBroken(string? context, YamlMark start, string problem) => Broken(YamlFault.Scanner, context, start, problem, Mark);

    private string? LineOf(int number)
    {
        using var lines = new StringReader(_text);
        string? line = null;
        for (var i = 0; i < number && (line = lines.ReadLine()) is not null; i++) { }
        return line;
    }
}
