using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Arguments;

/// <summary>What the text of an argument means: a keyword or a place, and which value.</summary>
/// <remarks>The same rules on the command line and on the minion, where text from other programs arrives unread.</remarks>
public static partial class ArgumentText
{
    private const int JidLength = 20;

    /// <summary>Splits <c>name=value</c>. The name is null where the text is no keyword.</summary>
    public static (string? Name, string Value) SplitKeyword(string text)
    {
        var match = Keyword().Match(text);
        return match.Success ? (match.Groups[1].Value, match.Groups[2].Value) : (null, text);
    }

    /// <summary>The value of one text: YAML where that changes something a user can mean, otherwise the text itself.</summary>
    public static Value Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed is "" or "---" or "...") return text;
        if (trimmed.Contains('_', StringComparison.Ordinal) && trimmed.All(c => c == '_' || char.IsAsciiDigit(c))) return text;
        if (text.AsSpan().IndexOfAny('\t', '\r', '\n') >= 0) return text;
        if (text == "None") return Value.Null;
        if (LoadOrNull(text) is not { } value) return text;
        // What looks like a comment is a comment only where the rest is worth something by itself; then it is taken as it is.
        if (text.Contains('#', StringComparison.Ordinal)) return value is TextValue or NullValue ? text : value;
        return Kept(value, text);
    }

    /// <summary>A whole list of arguments, as <c>parse_input</c>: texts are read, keywords gathered into one map.</summary>
    /// <param name="noParse">Names whose values stay text (<c>--no-parse</c>).</param>
    public static CallArguments ParseAll(IEnumerable<Value> arguments, IReadOnlySet<string>? noParse = null)
    {
        var positional = ImmutableArray.CreateBuilder<Value>();
        var keywords = MapValue.Empty;
        foreach (var argument in arguments)
            switch (argument)
            {
                case TextValue { Text: var text } when SplitKeyword(text) is (string name, var value):
                    keywords = keywords.With(name, noParse?.Contains(name) == true ? value : Parse(value));
                    break;
                case TextValue { Text: var text }:
                    positional.Add(Sendable(Parse(text)));
                    break;
                case MapValue map when map.Get(CallArguments.KeywordMarker) is { IsTruthy: true }:
                    keywords = keywords.Over(map.Without(CallArguments.KeywordMarker));
                    break;
                default:
                    positional.Add(Sendable(argument));
                    break;
            }
        return new CallArguments(positional.ToImmutable(), keywords);
    }

    /// <summary>On the minion: only <c>name=value</c> among the texts is still read; everything else has its value already.</summary>
    public static CallArguments ParseReceived(ListValue arguments)
    {
        var (positional, keywords) = (ImmutableArray.CreateBuilder<Value>(arguments.Count), MapValue.Empty);
        foreach (var argument in arguments)
            if (argument is TextValue { Text: var text } && SplitKeyword(text) is (string name, var value)) keywords = keywords.With(name, Parse(value));
            else if (argument is MapValue map && map.Get(CallArguments.KeywordMarker) is { IsTruthy: true }) keywords = keywords.Over(map.Without(CallArguments.KeywordMarker));
            else positional.Add(argument);
        return new CallArguments(positional.ToImmutable(), keywords);
    }

    // A map counts only where braces were written, a list only with brackets; kinds that a user cannot have meant give the text back.
    private static Value Kept(Value value, string text) => value switch
    {
        MapValue => text.StartsWith('{') ? value : text,
        ListValue => text.StartsWith('[') ? value : text,
        TextValue { Text: "" } => text is "|" or "!" ? text : value,
        BoolValue or IntegerValue or FloatValue or TextValue or NullValue => value,
        _ => text,
    };

    private static Value? LoadOrNull(string text)
    {
        try
        {
            return YamlLoader.Load(text, "argument");
        }
        catch (YamlBroken)
        {
            return null;   // then it is text
        }
    }

    // A jid has more digits than a number may have on the wire.
    private static Value Sendable(Value value) => value is IntegerValue && value.ToString() is { Length: JidLength } digits && digits.All(char.IsAsciiDigit) ? digits : value;

    [GeneratedRegex(@"\A([^\W\d][\w.-]*)=(?!=)(.*)$")]
    private static partial Regex Keyword();
}
