using System.Text.RegularExpressions;

namespace SaltActors.Rendering.Yaml;

/// <summary>A scalar on its way into YAML, with what its characters allow.</summary>
/// <remarks>The rules are libyaml's: <c>yaml_emitter_analyze_scalar</c> and <c>yaml_emitter_select_scalar_style</c>.</remarks>
internal sealed partial record YamlDumperScalar
{
    private YamlDumperScalar(string content, string? tag, bool isPlainImplicit, bool isQuotedImplicit)
    {
        (Content, Tag, IsPlainImplicit, IsQuotedImplicit) = (content, tag, isPlainImplicit, isQuotedImplicit);
        IsMultiline = content.AsSpan().IndexOfAny("\r\n\u0085\u2028\u2029") >= 0;
    }

    /// <summary>Null, bool, number or time: a reader gets the kind back from plain characters alone.</summary>
    internal static YamlDumperScalar Plain(string content) => new(content, null, isPlainImplicit: true, isQuotedImplicit: false);
    /// <summary>Text; plain only where no reader takes it for something else.</summary>
    internal static YamlDumperScalar Text(string content) => new(content, null, !LooksLikeAnotherKind(content), isQuotedImplicit: true);
    /// <summary>Carries its tag, and is written as a literal block.</summary>
    internal static YamlDumperScalar Tagged(string tag, string content) => new(content, tag, false, false);

    internal string Content { get; }
    internal string? Tag { get; }
    internal bool IsPlainImplicit { get; }
    internal bool IsQuotedImplicit { get; }
    internal bool IsMultiline { get; }

    internal enum Style { Plain, Single, Double, Literal }

    internal Style StyleFor(bool inFlow, bool isSimpleKey, bool allowUnicode)
    {
        var allowed = Analyze(Content, allowUnicode);
        if (isSimpleKey && IsMultiline) return Style.Double;
        if (Tag is not null) return allowed.Literal && !inFlow && !isSimpleKey ? Style.Literal : Style.Double;
        var isPlain = (inFlow ? allowed.FlowPlain : allowed.BlockPlain)
            && !(Content.Length == 0 && (inFlow || isSimpleKey)) && IsPlainImplicit;
        return isPlain ? Style.Plain : allowed.Single ? Style.Single : Style.Double;
    }

    /// <summary>Whether libyaml writes the character as it is; a tab and everything beyond the basic plane are not.</summary>
    internal static bool IsPrintable(char c, bool allowUnicode) => c switch
    {
        '\n' or (>= ' ' and <= '~') => true,
        '\uFEFF' or '\uFFFE' or '\uFFFF' => false,
        >= '\u00A0' and (< '\uD800' or > '\uDFFF') => allowUnicode,
        _ => false,
    };

    internal static bool IsBreak(char c) => c is '\r' or '\n' or '\u0085' or '\u2028' or '\u2029';

    private readonly record struct Allowed(bool FlowPlain, bool BlockPlain, bool Single, bool Literal);

    private static Allowed Analyze(string text, bool allowUnicode)
    {
        if (text.Length == 0) return new(false, true, true, false);
        var isDocumentMark = text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal);
        bool blockIndicator = isDocumentMark, flowIndicator = isDocumentMark, special = false, breaks = false;
        bool edgeSpaceOrBreak = IsSpaceOrBreak(text[0]) || IsSpaceOrBreak(text[^1]), breakSpace = false, spaceBreak = false;
        bool afterBlank = true, afterSpace = false, afterBreak = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var beforeBlank = i + 1 == text.Length || IsBlank(text[i + 1]);
            if (i == 0)
            {
                if (",[]{}&*!|>'\"%@`#".Contains(c)) flowIndicator = blockIndicator = true;
                else if (c is '?' or ':') (flowIndicator, blockIndicator) = (true, blockIndicator || beforeBlank);
                else if (c == '-' && beforeBlank) flowIndicator = blockIndicator = true;
            }
            else if (c is ',' or '?' or '[' or ']' or '{' or '}') flowIndicator = true;
            else if (c == ':') (flowIndicator, blockIndicator) = (true, blockIndicator || beforeBlank);
            else if (c == '#' && afterBlank) flowIndicator = blockIndicator = true;

            if (!IsPrintable(c, allowUnicode)) special = true;
            if (c == ' ')
            {
                breakSpace |= afterBreak;
                (afterSpace, afterBreak) = (true, false);
            }
            else if (IsBreak(c))
            {
                breaks = true;
                spaceBreak |= afterSpace;
                (afterSpace, afterBreak) = (false, true);
            }
            else
            {
                afterSpace = afterBreak = false;
            }
            afterBlank = IsBlank(c);
        }
        var quoted = breakSpace || spaceBreak || special;
        var plain = !quoted && !edgeSpaceOrBreak && !breaks;
        return new(plain && !flowIndicator, plain && !blockIndicator, !quoted, !spaceBreak && !special && text[^1] != ' ');
    }

    private static bool IsSpaceOrBreak(char c) => c == ' ' || IsBreak(c);
    private static bool IsBlank(char c) => c is ' ' or '\t' or '\0' || IsBreak(c);

    private static bool LooksLikeAnotherKind(string text) => text.Length == 0 || text[0] switch
    {
        'y' or 'Y' or 'n' or 'N' or 't' or 'T' or 'f' or 'F' or 'o' or 'O' => Word().IsMatch(text),
        '~' or '=' => text.Length == 1,
        '<' => text == "<<",
        '.' or '+' or '-' or (>= '0' and <= '9') => Number().IsMatch(text) || Timestamp().IsMatch(text),
        _ => false,
    };

    [GeneratedRegex(@"^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|null|Null|NULL)\z")]
    private static partial Regex Word();

    // YAML 1.1 floats, then whole numbers, both with base 60.
    [GeneratedRegex("""
        ^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?
        |\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?
        |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
        |[-+]?\.(?:inf|Inf|INF)
        |\.(?:nan|NaN|NAN)
        |[-+]?0b[01_]+
        |[-+]?0[0-7_]+
        |[-+]?(?:0|[1-9][0-9_]*)
        |[-+]?0x[0-9a-fA-F_]+
        |[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Number();

    [GeneratedRegex("""
        ^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}
        |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[\ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
         (?:[\ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Timestamp();
}
