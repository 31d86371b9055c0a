using System.Globalization;
using System.Text;
using Style = SaltActors.Rendering.Yaml.YamlDumperScalar.Style;

namespace SaltActors.Rendering.Yaml;

/// <summary>Puts indicators and scalars on lines: the writing half of libyaml's emitter, with its state.</summary>
internal sealed class YamlDumperWriter(YamlLayout options)
{
    private readonly StringBuilder _text = new();
    private readonly int _step = options.Indent is > 1 and < 10 ? options.Indent : 2;
    private readonly int _width = options.Width;
    private int _column, _flowLevel;
    private bool _isSpace = true;

    /// <summary>The column of the current level; -1 before the first.</summary>
    internal int Indent { get; set; } = -1;
    /// <summary>Only indentation and block indicators stand on this line so far.</summary>
    internal bool IsIndention { get; private set; } = true;
    internal bool InFlow => _flowLevel > 0;

    internal string End()
    {
        WriteIndent();
        return _text.ToString();
    }

    /// <summary>One level deeper; gives the level before, to be put back.</summary>
    internal int IncreaseIndent(bool isFlow, bool stays)
    {
        var outer = Indent;
        Indent = outer < 0 ? isFlow ? _step : 0 : stays ? outer : outer + _step;
        return outer;
    }

    internal void WriteIndent()
    {
        var indent = Math.Max(Indent, 0);
        if (!IsIndention || _column > indent || _column == indent && !_isSpace) PutBreak();
        while (_column < indent) Put(' ');
        _isSpace = IsIndention = true;
    }

    internal void Indicator(string indicator, bool spaceBefore, bool isSpace, bool isIndention)
    {
        if (spaceBefore && !_isSpace) Put(' ');
        foreach (var c in indicator) Put(c);
        _isSpace = isSpace;
        IsIndention = IsIndention && isIndention;
    }

    internal int OpenFlow(string bracket)
    {
        Indicator(bracket, spaceBefore: true, isSpace: true, isIndention: false);
        _flowLevel++;
        return IncreaseIndent(isFlow: true, stays: false);
    }

    internal void NextFlowItem(bool isFirst)
    {
        if (!isFirst) Indicator(",", spaceBefore: false, isSpace: false, isIndention: false);
        BreakLongLine();
    }

    internal void BreakLongLine()
    {
        if (_column > _width) WriteIndent();
    }

    internal void CloseFlow(string bracket, int outer)
    {
        _flowLevel--;
        Indent = outer;
        Indicator(bracket, spaceBefore: false, isSpace: false, isIndention: false);
    }

    internal void Scalar(YamlDumperScalar scalar, bool isSimpleKey)
    {
        var style = scalar.StyleFor(InFlow, isSimpleKey, options.AllowUnicode);
        var tag = scalar.Tag ?? (style != Style.Plain && !scalar.IsQuotedImplicit ? "!" : null);
        if (tag is not null) Indicator(tag, spaceBefore: true, isSpace: false, isIndention: false);
        var outer = IncreaseIndent(isFlow: true, stays: false);
        switch (style)
        {
            case Style.Plain: Plain(scalar.Content, !isSimpleKey); break;
            case Style.Single: Single(scalar.Content, !isSimpleKey); break;
            case Style.Double: Double(scalar.Content, !isSimpleKey); break;
            case Style.Literal: Literal(scalar.Content); break;
        }
        Indent = outer;
    }

    private void Plain(string text, bool mayBreak)
    {
        if (!_isSpace && (text.Length > 0 || InFlow)) Put(' ');
        var afterSpace = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == ' ')
            {
                if (mayBreak && !afterSpace && _column > _width && (i + 1 == text.Length || text[i + 1] != ' ')) WriteIndent();
                else Put(c);
                afterSpace = true;
                continue;
            }
            Put(c);
            afterSpace = IsIndention = false;
        }
        _isSpace = IsIndention = false;
    }

    private void Single(string text, bool mayBreak)
    {
        Indicator("'", spaceBefore: true, isSpace: false, isIndention: false);
        bool afterSpace = false, afterBreak = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == ' ')
            {
                if (mayBreak && !afterSpace && _column > _width && i > 0 && i < text.Length - 1 && text[i + 1] != ' ') WriteIndent();
                else Put(c);
                afterSpace = true;
            }
            else if (YamlDumperScalar.IsBreak(c))
            {
                // A line feed alone would be read as a space.
                if (!afterBreak && c == '\n') PutBreak();
                PutBreak(c);
                IsIndention = afterBreak = true;
            }
            else
            {
                if (afterBreak) WriteIndent();
                if (c == '\'') Put(c);
                Put(c);
                IsIndention = afterSpace = afterBreak = false;
            }
        }
        if (afterBreak) WriteIndent();
        Indicator("'", spaceBefore: false, isSpace: false, isIndention: false);
        _isSpace = IsIndention = false;
    }

    private void Double(string text, bool mayBreak)
    {
        Indicator("\"", spaceBefore: true, isSpace: false, isIndention: false);
        var afterSpace = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\\' || YamlDumperScalar.IsBreak(c) || !YamlDumperScalar.IsPrintable(c, options.AllowUnicode))
            {
                i += PutEscape(text, i);
                afterSpace = false;
            }
            else if (c == ' ' && mayBreak && !afterSpace && _column > _width && i > 0 && i < text.Length - 1)
            {
                WriteIndent();
                if (text[i + 1] == ' ') Put('\\');
                afterSpace = true;
            }
            else
            {
                Put(c);
                afterSpace = c == ' ';
            }
        }
        Indicator("\"", spaceBefore: false, isSpace: false, isIndention: false);
        _isSpace = IsIndention = false;
    }

    // Returns how many extra chars were consumed.
    private int PutEscape(string text, int i)
    {
        var extra = char.IsSurrogatePair(text, i) ? 1 : 0;
        int code = extra == 1 ? char.ConvertToUtf32(text, i) : text[i];
        var escape = code switch
        {
            0 => "\\0",
            7 => "\\a",
            8 => "\\b",
            9 => "\\t",
            10 => "\\n",
            11 => "\\v",
            12 => "\\f",
            13 => "\\r",
            0x1B => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            0x85 => "\\N",
            0xA0 => "\\_",
            0x2028 => "\\L",
            0x2029 => "\\P",
            <= 0xFF => "\\x" + code.ToString("X2", CultureInfo.InvariantCulture),
            <= 0xFFFF => "\\u" + code.ToString("X4", CultureInfo.InvariantCulture),
            _ => "\\U" + code.ToString("X8", CultureInfo.InvariantCulture),
        };
        foreach (var c in escape) Put(c);
        return extra;
    }

    // Only base64 comes here: lines without leading blanks that end with one line feed, so no hints are needed.
    private void Literal(string text)
    {
        Indicator("|", spaceBefore: true, isSpace: false, isIndention: false);
        PutBreak();
        _isSpace = IsIndention = true;
        foreach (var line in text.AsSpan().TrimEnd('\n').EnumerateLines())
        {
            WriteIndent();
            foreach (var c in line) Put(c);
            PutBreak();
            _isSpace = IsIndention = true;
        }
    }

    private void Put(char c)
    {
        _text.Append(c);
        _column++;
    }

    private void PutBreak(char c = '\n')
    {
        _text.Append(c);
        _column = 0;
    }
}
