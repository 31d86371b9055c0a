using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SaltActors.Core.Targets;

/// <summary>One pattern in Python's dialect, written in .NET's and anchored at the start; what Python refuses is refused.</summary>
/// <remarks>
/// Different between the two: names of groups and their numbers, <c>\Z</c>, octal escapes and <c>\U</c>, possessive repeats, <c>{,n}</c>, brackets inside a set
/// (a subtraction in .NET), ASCII classes, unknown escapes (an error in Python), flags (only in front). Not translated: <c>\N{name}</c>, which is refused; and to a
/// dot or a set a character beyond the basic plane is two.
/// </remarks>
public sealed class PythonRegexTranslation
{
    private const int NothingBefore = -1, JustRepeated = -2, DeepestNesting = 250;
    private readonly string _pattern;
    private readonly StringBuilder _out = new(@"\A(?:");
    private readonly Stack<(int Start, bool IsVerbose, int Number)> _open = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<int> _closed = [];
    // .NET numbers named groups last; where there are names, every group says its number.
    private readonly bool _hasNames;
    private int _at, _groups, _atom = NothingBefore;
    private bool _isVerbose, _isAscii;

    public PythonRegexTranslation(string pattern)
    {
        (_pattern, _hasNames) = (pattern, pattern.Contains("(?P<", StringComparison.Ordinal));
        while (Problem is null && _at < pattern.Length) Next();
        if (Problem is null && _open.Count > 0) Refuse("a group is not closed");
        _out.Append(')');
    }

    public string Text => _out.ToString();
    public RegexOptions Options { get; private set; }
    /// <summary>Null where the translation is whole.</summary>
    public string? Problem { get; private set; }

    private char Peek(int ahead = 0) => _at + ahead < _pattern.Length ? _pattern[_at + ahead] : '\0';
    private bool Has(string text) => string.CompareOrdinal(_pattern, _at, text, 0, text.Length) == 0;
    private void Refuse(string problem) => Problem ??= $"'{_pattern}', at {_at}: {problem}";

    private void Next()
    {
        var c = _pattern[_at];
        if (_isVerbose && c == '#') Comment();
        else if (_isVerbose && char.IsWhiteSpace(c)) _at++;
        else
            switch (c)
            {
                case '\\': Escape(); break;
                case '[': Set(); break;
                case '(': Open(); break;
                case ')': Close(); break;
                case '*' or '+' or '?': Repeat(c.ToString(), 1); break;
                case '{': Braces(); break;
                case '^' or '$' or '|':
                    _atom = NothingBefore;
                    _out.Append(_pattern[_at++]);
                    break;
                case '.': Whole(1, "."); break;
                default: Literal(Rune.TryGetRuneAt(_pattern, _at, out var rune) && rune.Utf16SequenceLength == 2 ? _pattern.Substring(_at, 2) : c.ToString(), advance: true); break;
            }
    }

    private void Comment()
    {
        var end = _pattern.IndexOf('\n', _at);
        _at = end < 0 ? _pattern.Length : end + 1;
    }

    // A character beyond the basic plane is two for .NET, and must be repeated as one.
    private void Literal(string text, bool advance)
    {
        if (advance) _at += text.Length;
        _atom = _out.Length;
        _out.Append(text.Length == 2 ? $"(?:{text})" : Quoted(text[0]));
    }

    private static string Quoted(char c) => c < 128 && !char.IsAsciiLetterOrDigit(c) && c is not '_' and > ' ' ? $"\\{c}" : c < ' ' ? $"\\x{(int)c:x2}" : c.ToString();

    private void Braces()
    {
        var at = _at + 1;
        var low = Digits(ref at);
        var hasComma = at < _pattern.Length && _pattern[at] == ',';
        if (hasComma) at++;
        var high = hasComma ? Digits(ref at) : low;
        if (at >= _pattern.Length || _pattern[at] != '}' || low.Length == 0 && !hasComma) Literal("{", advance: true);
        else Repeat($"{{{(low.Length == 0 ? "0" : low)},{high}}}", at + 1 - _at);

        string Digits(ref int from)
        {
            var start = from;
            while (from < _pattern.Length && char.IsAsciiDigit(_pattern[from])) from++;
            return _pattern[start..from];
        }
    }

    private void Repeat(string repeat, int length)
    {
        if (_atom < 0)
        {
            Refuse(_atom == JustRepeated ? "a repeat of a repeat" : "nothing to repeat");
            return;
        }
        _at += length;
        _out.Append(repeat);
        if (Peek() == '?') _out.Append(_pattern[_at++]);
        else if (Peek() == '+')
        {
            _at++;
            _out.Insert(_atom, "(?>").Append(')');
        }
        _atom = JustRepeated;
    }

    private void Close()
    {
        if (!_open.TryPop(out var group))
        {
            Refuse("a ')' closes nothing");
            return;
        }
        _at++;
        _out.Append(')');
        _closed.Add(group.Number);
        (_atom, _isVerbose) = (group.Start, group.IsVerbose);
    }

    private void Open()
    {
        if (_open.Count >= DeepestNesting) Refuse($"more than {DeepestNesting} groups inside each other");
        else if (Peek(1) != '?')
        {
            _groups++;
            Enter(1, _hasNames ? string.Create(CultureInfo.InvariantCulture, $"(?<{_groups}>") : "(", _groups);
        }
        else if (Has("(?P<"))
        {
            if (Name(4, '>') is not { } name) return;
            if (!_names.Add(name)) Refuse($"the group '{name}' is there twice");
            Enter(5 + name.Length, $"(?<{name}>", ++_groups);
        }
        else if (Has("(?P="))
        {
            if (Name(4, ')') is not { } name) return;
            if (!_names.Contains(name)) Refuse($"there is no group '{name}' before");
            Whole(5 + name.Length, $"\\k<{name}>");
        }
        else if (Has("(?#"))
        {
            var end = _pattern.IndexOf(')', _at);
            if (end < 0) Refuse("a comment is not closed");
            _at = end + 1;
        }
        else if (Has("(?("))
        {
            if (Name(3, ')', mayBeNumber: true) is not { } name) return;
            if (!char.IsAsciiDigit(name[0]) && !_names.Contains(name)) Refuse($"there is no group '{name}' before");
            Enter(4 + name.Length, $"(?({name})");
        }
        else if (Has("(?<=") || Has("(?<!")) Enter(4, _pattern.Substring(_at, 4));
        else if (Peek(2) is ':' or '=' or '!' or '>') Enter(3, _pattern.Substring(_at, 3));
        else Flags();
    }

    private void Enter(int length, string text, int number = 0)
    {
        _open.Push((_out.Length, _isVerbose, number));
        _at += length;
        _atom = NothingBefore;
        _out.Append(text);
    }

    private void Whole(int length, string text)
    {
        _at += length;
        _atom = _out.Length;
        _out.Append(text);
    }

    private string? Name(int from, char end, bool mayBeNumber = false)
    {
        var close = _pattern.IndexOf(end, _at + from);
        var name = close < 0 ? "" : _pattern[(_at + from)..close];
        if (mayBeNumber && name.Length is > 0 and < 4 && name.All(char.IsAsciiDigit)) return name;
        if (name.Length > 0 && (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetterOrDigit(c) || c == '_')) return name;
        Refuse($"'{name}' is no name of a group");
        return null;
    }

    // "(?im)" in front of everything, or "(?i-s:" around a part.
    private void Flags()
    {
        var at = _at + 2;
        while (at < _pattern.Length && (char.IsAsciiLetter(_pattern[at]) || _pattern[at] == '-')) at++;
        var flags = _pattern[(_at + 2)..at];
        var end = at < _pattern.Length ? _pattern[at] : '\0';
        var (on, off) = flags.IndexOf('-', StringComparison.Ordinal) is >= 0 and var dash ? (flags[..dash], flags[(dash + 1)..]) : (flags, "");
        if (end is not (':' or ')') || flags.Length == 0 || !on.All("aimsux".Contains) || !off.All("imsx".Contains) || flags.EndsWith('-')) Refuse("an unknown extension of a group");
        else if (end == ':')
        {
            var kept = string.Concat(on.Where("ims".Contains)) + (off.Any("ims".Contains) ? "-" + string.Concat(off.Where("ims".Contains)) : "");
            Enter(at + 1 - _at, $"(?{kept}:");
            _isVerbose = (_isVerbose || on.Contains('x', StringComparison.Ordinal)) && !off.Contains('x', StringComparison.Ordinal);
        }
        else if (off.Length > 0 || _groups > 0 || _open.Count > 0 || _out.Length > @"\A(?:".Length) Refuse("flags for all of the pattern must stand in front");
        else
        {
            foreach (var flag in on)
                switch (flag)
                {
                    case 'i': Options |= RegexOptions.IgnoreCase; break;
                    case 'm': Options |= RegexOptions.Multiline; break;
                    case 's': Options |= RegexOptions.Singleline; break;
                    case 'x': _isVerbose = true; break;
                    case 'a': _isAscii = true; break;
                }
            _at = at + 1;
        }
    }

    private void Escape()
    {
        var c = Peek(1);
        switch (c)
        {
            case 'A' or 'b' or 'B' or 'Z':
                Whole(2, c == 'Z' ? @"\z" : $"\\{c}");
                _atom = NothingBefore;
                break;
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W': Whole(2, _isAscii ? $"[{(char.IsUpper(c) ? "^" : "")}{Ascii(c)}]" : $"\\{c}"); break;
            case >= '1' and <= '9' when !IsOctal(3): Reference(); break;
            default:
                if (EscapedCharacter() is { } character) Literal(character, advance: false);
                break;
        }
    }

    private void Reference()
    {
        var length = char.IsAsciiDigit(Peek(2)) ? 2 : 1;
        var number = int.Parse(_pattern.AsSpan(_at + 1, length), NumberStyles.None, CultureInfo.InvariantCulture);
        if (!_closed.Contains(number)) Refuse($"there is no closed group {number} before");
        else Whole(1 + length, NameOrNumber(number));
    }

    private static string NameOrNumber(int number) => string.Create(CultureInfo.InvariantCulture, $"\\k<{number}>");

    private static string Ascii(char kind) => char.ToLowerInvariant(kind) switch { 'd' => "0-9", 'w' => "a-zA-Z0-9_", _ => @" \t\n\r\f\v" };

    private bool IsOctal(int digits)
    {
        for (var i = 1; i <= digits; i++)
            if (Peek(i) is < '0' or > '7') return false;
        return true;
    }

    /// <summary>Reads an escape that stands for one character, in a set or outside.</summary>
    private string? EscapedCharacter()
    {
        var c = Peek(1);
        if (_at + 1 >= _pattern.Length) Refuse("it ends with a backslash");
        else if ("afnrtv".IndexOf(c, StringComparison.Ordinal) is >= 0 and var control)
        {
            _at += 2;
            return "\a\f\n\r\t\v"[control].ToString();
        }
        else if (c is 'x' or 'u' or 'U')
        {
            var length = c switch { 'x' => 2, 'u' => 4, _ => 8 };
            if (_at + 2 + length <= _pattern.Length && uint.TryParse(_pattern.AsSpan(_at + 2, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code <= 0x10FFFF)
            {
                _at += 2 + length;
                return Rune.IsValid(code) ? new Rune(code).ToString() : ((char)code).ToString();
            }
            Refuse($"\\{c} needs {length} hexadecimal digits");
        }
        else if (char.IsAsciiDigit(c))
        {
            var length = 0;
            while (length < 3 && IsOctal(length + 1)) length++;
            var code = 0;
            for (var i = 1; i <= length; i++) code = code * 8 + Peek(i) - '0';
            if (length == 0 || code > 255) Refuse($"\\{c} is no octal number up to 377");
            _at += 1 + length;
            return ((char)code).ToString();
        }
        else if (char.IsAsciiLetter(c)) Refuse($"\\{c} has no meaning");
        else
        {
            var length = Rune.TryGetRuneAt(_pattern, _at + 1, out var rune) ? rune.Utf16SequenceLength : 1;
            _at += 1 + length;
            return _pattern.Substring(_at - length, length);
        }
        return null;
    }

    private void Set()
    {
        _atom = _out.Length;
        _out.Append('[');
        _at++;
        if (Peek() == '^')
        {
            _out.Append('^');
            _at++;
        }
        for (var isFirst = true; Problem is null; isFirst = false)
        {
            if (_at >= _pattern.Length)
            {
                Refuse("a set is not closed");
                return;
            }
            var c = _pattern[_at];
            if (c == ']' && !isFirst) break;
            if (c != '\\')
            {
                _out.Append(c == '-' ? "-" : Quoted(c));
                _at++;
            }
            else if (Peek(1) is 'd' or 'D' or 's' or 'S' or 'w' or 'W')
            {
                _out.Append(_isAscii && char.IsLower(Peek(1)) ? Ascii(Peek(1)) : $"\\{Peek(1)}");
                _at += 2;
                if (Peek() == '-' && Peek(1) is not (']' or '\0')) Refuse("a range cannot begin with a class");
            }
            else if (Peek(1) == 'b')
            {
                _out.Append(@"\b");
                _at += 2;
            }
            else if (EscapedCharacter() is { } character) _out.Append(character.Length == 1 ? Quoted(character[0]) : character);
        }
        _at++;
        _out.Append(']');
    }
}
