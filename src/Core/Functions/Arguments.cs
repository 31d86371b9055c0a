using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Core.Functions;

/// <summary>Arguments as a caller gives them: values in places, and values under names.</summary>
public sealed record CallArguments(ImmutableArray<Value> Positional, MapValue Keywords)
{
    /// <summary>The key that marks the trailing map of keywords in a load's <c>arg</c>.</summary>
    public const string KeywordMarker = "__kwarg__";
    public static readonly CallArguments None = new([], MapValue.Empty);

    public static CallArguments Of(params ReadOnlySpan<Value> positional) => new([.. positional], MapValue.Empty);

    /// <summary>Splits a load's <c>arg</c>: every map with the marker gives keywords, later ones win; the rest are places.</summary>
    public static CallArguments FromLoad(ListValue arg)
    {
        var positional = ImmutableArray.CreateBuilder<Value>(arg.Count);
        var keywords = MapValue.Empty;
        foreach (var item in arg)
            if (item is MapValue map && map.Get(KeywordMarker) is { IsTruthy: true }) keywords = keywords.Over(map.Without(KeywordMarker));
            else positional.Add(item);
        return new(positional.ToImmutable(), keywords);
    }

    /// <summary>The inverse of <see cref="FromLoad"/>.</summary>
    public ListValue ToLoad() => Keywords.Count == 0
        ? new(Positional)
        : new(Positional.Add(MapValue.Of((KeywordMarker, true)).Over(Keywords)));

    /// <summary>As <c>fun_args</c> shows them: the keyword map last, without its marker.</summary>
    public ListValue ToFunArgs() => Keywords.Count == 0 ? new(Positional) : new(Positional.Add(Keywords));

    /// <summary>A load's <c>arg</c> as people see it: as it came, but without the mark of keyword maps. A compound call has lists in the list.</summary>
    public static ListValue Unmarked(ListValue arguments) => ListValue.From(arguments.Items.Select(a => a switch
    {
        MapValue map when map.Has(KeywordMarker) => map.Without(KeywordMarker),
        ListValue list => Unmarked(list),
        _ => a,
    }));
}

/// <summary>Arguments in the places of a function's parameters, with the readers that the generated calls use.</summary>
public sealed class BoundArguments
{
    private readonly FunctionSpec _function;
    private readonly Value?[] _places;

    private BoundArguments(FunctionSpec function, Value?[] places, ListValue rest, MapValue keywords) =>
        (_function, _places, Rest, Keywords) = (function, places, rest, keywords);

    public ListValue Rest { get; }
    public MapValue Keywords { get; }

    /// <summary>Puts arguments into places by Python's rules.</summary>
    /// <exception cref="InvalidKeywords">Names that the function does not know.</exception>
    /// <exception cref="ArgumentRefused">Too many places, a parameter given twice, or one that is missing.</exception>
    public static BoundArguments Bind(FunctionSpec function, CallArguments arguments)
    {
        var parameters = function.Parameters;
        var places = new Value?[parameters.Length];
        var rest = ImmutableArray<Value>.Empty;
        var (named, taken) = (parameters.Count(p => p.Kind == ParameterKind.Named), 0);
        foreach (var value in arguments.Positional)
            if (taken < named) places[taken++] = value;
            else rest = rest.Add(value);
        if (rest.Length > 0 && !parameters.Any(p => p.Kind == ParameterKind.Rest)) throw TooMany(function, arguments.Positional.Length);

        var keywords = arguments.Keywords;
        if (keywords.Count > 0)
        {
            var left = new MapValue.Builder();
            var unknown = new MapValue.Builder();
            foreach (var (key, value) in keywords)
            {
                var place = IndexOf(parameters, key.AsText());
                if (place >= 0)
                {
                    if (places[place] is not null) throw new ArgumentRefused($"{function.ShortName}() got multiple values for argument '{key}'");
                    places[place] = value;
                }
                else if (function.TakesKeywords) left[key] = value;
                else if (!key.ToString().StartsWith("__pub_", StringComparison.Ordinal)) unknown[key] = value;
            }
            if (unknown.Count > 0) throw new InvalidKeywords(unknown.Build());
            keywords = left.Build();
        }
        var missing = parameters.Where((p, i) => p.Kind == ParameterKind.Named && p.Default is null && places[i] is null).Select(p => $"'{p.Name}'").ToList();
        if (missing.Count > 0) throw Missing(function, missing);
        return new(function, places, new ListValue(rest), keywords);
    }

    public bool IsGiven(int place) => _places[place] is not null;

    public Value Value(int place) => _places[place] ?? _function.Parameters[place].Default ?? Values.Value.Null;

    /// <summary>The value, or null (C#'s) for Python's <c>None</c>.</summary>
    public Value? ValueOrNull(int place) => Value(place) is { IsNull: false } value ? value : null;

    /// <summary>Text; numbers and flags as Python prints them (<c>cmd.run true</c> runs a command named <c>True</c>).</summary>
    public string Text(int place) => TextOrNull(place) ?? throw Refused(place, "text", Values.Value.Null);

    public string? TextOrNull(int place) => Value(place) switch
    {
        NullValue => null,
        BytesValue b => System.Text.Encoding.UTF8.GetString(b.Bytes.Span),
        ListValue or MapValue => throw Refused(place, "text", Value(place)),
        var v => v.ToString(),
    };

    /// <summary>True or false by Python's truth of the value.</summary>
    public bool Flag(int place) => Value(place) is TextValue t ? t.Text.ToLowerInvariant() is not ("" or "false" or "no" or "off" or "0") : Value(place).IsTruthy;
    public bool? FlagOrNull(int place) => Value(place).IsNull ? null : Flag(place);

    public long Integer(int place) => IntegerOrNull(place) ?? throw Refused(place, "a whole number", Values.Value.Null);

    public long? IntegerOrNull(int place) => Value(place) switch
    {
        NullValue => null,
        TextValue t when long.TryParse(t.Text.Trim(), System.Globalization.CultureInfo.InvariantCulture, out var n) => n,
        FloatValue { Number: var f } when double.IsInteger(f) && Math.Abs(f) < long.MaxValue => (long)f,
        var v => v.AsInteger() ?? throw Refused(place, "a whole number", v),
    };

    public int Int(int place) => IntOrNull(place) ?? throw Refused(place, "a whole number", Values.Value.Null);

    public int? IntOrNull(int place) => IntegerOrNull(place) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var n => (int)n,
        _ => throw Refused(place, "a whole number of at most 32 bits", Value(place)),
    };

    public double Number(int place) => NumberOrNull(place) ?? throw Refused(place, "a number", Values.Value.Null);

    public double? NumberOrNull(int place) => Value(place) switch
    {
        NullValue => null,
        TextValue t when double.TryParse(t.Text.Trim(), System.Globalization.CultureInfo.InvariantCulture, out var n) => n,
        var v => v.AsNumber() ?? throw Refused(place, "a number", v),
    };

    public ListValue List(int place) => ListOrNull(place) ?? throw Refused(place, "a list", Values.Value.Null);
    public ListValue? ListOrNull(int place) => Value(place) switch { NullValue => null, ListValue l => l, var v => throw Refused(place, "a list", v) };
    public MapValue Map(int place) => MapOrNull(place) ?? throw Refused(place, "a map", Values.Value.Null);
    public MapValue? MapOrNull(int place) => Value(place) switch { NullValue => null, MapValue m => m, var v => throw Refused(place, "a map", v) };

    public T Parsed<T>(int place) where T : ISaltArgument<T> => T.FromValue(Value(place), _function.Parameters[place].Name);

    /// <summary>What is legal for a type that parses itself, in words for people.</summary>
    public static string TypeTextOf<T>() where T : ISaltArgument<T> => T.TypeText;

    private ArgumentRefused Refused(int place, string expected, Value found) =>
        new($"{_function.ShortName}() expected {expected} for '{_function.Parameters[place].Name}', found {found.KindName} {PythonText.Repr(found)}");

    private static int IndexOf(ImmutableArray<ParameterSpec> parameters, string? name)
    {
        for (var i = 0; i < parameters.Length; i++)
            if (parameters[i].Kind == ParameterKind.Named && parameters[i].Name == name) return i;
        return -1;
    }

    // The wording is Python's: users know it, and scripts look for it.
    private static ArgumentRefused TooMany(FunctionSpec function, int given)
    {
        var named = function.Parameters.Where(p => p.Kind == ParameterKind.Named).ToList();
        var required = named.Count(p => p.Default is null);
        var takes = required == named.Count ? $"{named.Count}" : $"from {required} to {named.Count}";
        var plural = named.Count == 1 ? "argument" : "arguments";
        return new($"{function.ShortName}() takes {takes} positional {plural} but {given} {(given == 1 ? "was" : "were")} given");
    }

    private static ArgumentRefused Missing(FunctionSpec function, List<string> missing)
    {
        var names = missing.Count switch
        {
            1 => missing[0],
            2 => $"{missing[0]} and {missing[1]}",
            _ => $"{string.Join(", ", missing.Take(missing.Count - 1))}, and {missing[^1]}",
        };
        return new($"{function.ShortName}() missing {missing.Count} required positional argument{(missing.Count == 1 ? "" : "s")}: {names}");
    }
}
