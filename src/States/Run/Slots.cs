using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.States.Run;

/// <summary>Arguments that are asked for just before a state runs: <c>__slot__:salt:mod.fun(arguments).key ~ text</c>.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, __eval_slot(). One that is not formed so stays as it is written.</remarks>
internal sealed partial class Slots(CallContext call)
{
    private const string Prefix = "__slot__:";

    public async Task<MapValue> FillAsync(MapValue data)
    {
        if (!data.Any(e => Has(e.Value))) return data;
        var filled = data.ToBuilder();
        foreach (var (key, value) in data) filled[key] = await FillAsync(value, depth: 0).ConfigureAwait(false);
        return filled.Build();
    }

    private async Task<Value> FillAsync(Value value, int depth)
    {
        switch (value)
        {
            case TextValue { Text: var text } when text.StartsWith(Prefix, StringComparison.Ordinal): return await EvaluateAsync(text).ConfigureAwait(false);
            case ListValue list when depth == 0:
                var items = new List<Value>(list.Count);
                foreach (var item in list) items.Add(await FillAsync(item, 1).ConfigureAwait(false));
                return ListValue.From(items);
            case MapValue map when depth <= 1:
                var entries = map.ToBuilder();
                foreach (var (key, inner) in map)
                    if (inner is TextValue) entries[key] = await FillAsync(inner, 2).ConfigureAwait(false);
                return entries.Build();
            default: return value;
        }
    }

    private static bool Has(Value value) => value switch
    {
        TextValue text => text.Text.StartsWith(Prefix, StringComparison.Ordinal),
        ListValue list => list.Any(Has),
        MapValue map => map.Any(e => Has(e.Value)),
        _ => false,
    };

    private async Task<Value> EvaluateAsync(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            call.Services.Log?.Write(LogSeverity.Error, $"Malformed slot: {text}");
            return text;
        }
        if (call.Functions.Find(FunctionKind.Execution, match.Groups["fun"].Value) is null)
        {
            call.Services.Log?.Write(LogSeverity.Error, $"Bad slot: {text}: there is no function {match.Groups["fun"].Value}");
            return text;
        }
        var arguments = SlotArguments.Read(match.Groups["args"].Value);
        var answer = await call.ForInnerCalls().Call(match.Groups["fun"].Value, arguments).ConfigureAwait(false);
        var path = match.Groups["path"].Value;
        if (path.Length > 0) answer = KeyPath.Find(answer, path.Replace('.', ':')[1..]) ?? Value.Null;
        return match.Groups["append"] is { Success: true, Value: var more } ? answer.ToString() + more : answer;
    }

    [GeneratedRegex(@"^__slot__:salt:(?<fun>[\w.]+)\((?<args>.*)\)(?<path>(?:\.[\w]+)*)(?:\s*~\s*(?<append>.*))?$", RegexOptions.Singleline)]
    private static partial Regex Form();
}

/// <summary>The arguments of a slot: values with commas between them, <c>name=value</c> for keywords, quotes around what holds commas or blanks.</summary>
internal static class SlotArguments
{
    public static CallArguments Read(string text)
    {
        var places = new List<Value>();
        var names = new MapValue.Builder();
        foreach (var part in Split(text))
        {
            var equals = part.IndexOf('=');
            var isKeyword = equals > 0 && part[..equals].All(c => char.IsLetterOrDigit(c) || c == '_');
            if (isKeyword) names[part[..equals]] = Value(part[(equals + 1)..]);
            else places.Add(Value(part));
        }
        return new([.. places], names.Build());
    }

    private static IEnumerable<string> Split(string text)
    {
        var part = new System.Text.StringBuilder();
        char quote = '\0';
        var depth = 0;
        foreach (var c in text)
        {
            if (quote != '\0') { if (c == quote) quote = '\0'; part.Append(c); continue; }
            if (c is '"' or '\'') { quote = c; part.Append(c); continue; }
            if (c is '[' or '{' or '(') depth++;
            if (c is ']' or '}' or ')') depth--;
            if (c == ',' && depth == 0) { yield return part.ToString(); part.Clear(); continue; }
            // Blanks outside quotes disappear.
            if (!char.IsWhiteSpace(c)) part.Append(c);
        }
        if (part.Length > 0) yield return part.ToString();
    }

    private static Value Value(string text) => text.Length > 1 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : Rendering.Arguments.ArgumentText.Parse(text);
}
