using System.Collections.Frozen;
using System.Text;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Evaluation;

namespace SaltActors.Rendering.Jinja.Objects;

/// <summary>What a call hands over. Keywords keep their order; none is there twice.</summary>
public readonly record struct CallArguments(Obj[] Positional, KeyValuePair<string, Obj>[] Keywords)
{
    public static readonly CallArguments None = new([], []);
    public static CallArguments Of(params Obj[] positional) => new(positional, []);
}

/// <summary>Arguments sorted into the parameters of a <see cref="Signature"/>: by place, null where not given.</summary>
public sealed class Bound(Obj?[] values, Obj[] rest, KeyValuePair<string, Obj>[] keywords)
{
    public Obj? this[int place] => values[place];
    /// <summary>What stands behind the named parameters, where the signature has <c>*</c>.</summary>
    public Obj[] Rest { get; } = rest;
    /// <summary>Keywords that no parameter has, where the signature has <c>**</c>.</summary>
    public KeyValuePair<string, Obj>[] Keywords { get; } = keywords;

    public bool Flag(int place, bool otherwise) => values[place]?.IsTruthy ?? otherwise;
    public int Int(int place, int otherwise) => values[place]?.AsInt() ?? otherwise;
    public int? MaybeInt(int place) => values[place] is { IsNone: false } o ? o.AsInt() : null;

    /// <summary>Text; another kind is refused.</summary>
    public string Text(int place, string otherwise = "") => values[place] switch
    {
        null => otherwise,
        TextObj t => t.Text,
        UndefinedObj u => throw u.Fault(),
        var o => throw JinjaFault.Other($"expected str instance, {o.TypeName} found"),
    };

    public string? MaybeText(int place) => values[place] switch
    {
        null or { IsNone: true } => null,
        TextObj t => t.Text,
        UndefinedObj u => throw u.Fault(),
        var o => throw JinjaFault.Other($"must be str or None, not {o.TypeName}"),
    };
}

/// <summary>The parameters of a native function, written as <c>"width first? *rest **options"</c>; a question mark makes one optional.</summary>
public sealed class Signature
{
    private readonly string[] _names;
    private readonly int _required;
    private readonly bool _hasRest, _hasKeywords;

    public Signature(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _hasKeywords = words.Any(w => w.StartsWith("**", StringComparison.Ordinal));
        _hasRest = words.Any(w => w.StartsWith('*') && !w.StartsWith("**", StringComparison.Ordinal));
        var named = words.Where(w => !w.StartsWith('*')).ToArray();
        _required = named.Count(w => !w.EndsWith('?'));
        _names = [.. named.Select(w => w.TrimEnd('?'))];
    }

    /// <exception cref="JinjaFault">Python's TypeError for arguments that do not fit.</exception>
    /// <param name="function">How errors call it.</param>
    /// <param name="hidden">How many parameters stand before those here: the filtered object of a filter.</param>
    /// <param name="owner">The type of a built-in method, whose errors have other words; null for functions.</param>
    public Bound Bind(string function, CallArguments arguments, int hidden = 0, string? owner = null)
    {
        var values = _names.Length == 0 ? [] : new Obj?[_names.Length];
        var (given, keywords) = arguments;
        if (owner is not null && !_hasRest && (given.Length > _names.Length || given.Length + keywords.Length < _required)) throw JinjaFault.Other(Words(function, given.Length, owner));
        if (given.Length > _names.Length && !_hasRest)
        {
            var (least, most, count) = (_required + hidden, _names.Length + hidden, given.Length + hidden);
            throw JinjaFault.Other($"{function}() takes {(least == most ? "" : $"from {least} to ")}{most} positional argument{(most == 1 ? "" : "s")} but {count} {(count == 1 ? "was" : "were")} given");
        }
        for (var i = 0; i < given.Length && i < values.Length; i++) values[i] = given[i];
        List<KeyValuePair<string, Obj>>? others = null;
        foreach (var (name, value) in keywords)
        {
            var place = Array.IndexOf(_names, name);
            if (place < 0)
            {
                if (!_hasKeywords) throw JinjaFault.Other($"{function}() got an unexpected keyword argument '{name}'");
                (others ??= []).Add(new(name, value));
            }
            else if (values[place] is not null) throw JinjaFault.Other($"{function}() got multiple values for argument '{name}'");
            else values[place] = value;
        }
        for (var i = 0; i < _required; i++)
            if (values[i] is null)
            {
                var missing = Enumerable.Range(0, _required).Where(p => values[p] is null).Select(p => $"'{_names[p]}'").ToArray();
                var names = missing.Length == 1 ? missing[0] : string.Join(", ", missing[..^1]) + (missing.Length > 2 ? "," : "") + " and " + missing[^1];
                throw JinjaFault.Other($"{function}() missing {missing.Length} required positional argument{(missing.Length == 1 ? "" : "s")}: {names}");
            }
        return new(values, given.Length > _names.Length ? given[_names.Length..] : [], others is null ? [] : [.. others]);
    }

    // Python says it in these ways for methods written in C.
    private string Words(string function, int count, string owner) => _names.Length == 0 ? $"{owner}.{function}() takes no arguments ({count} given)"
        : _names.Length == 1 && _required == 1 ? $"{owner}.{function}() takes exactly one argument ({count} given)"
        : $"{function} expected {(count < _required ? $"at least {_required}" : $"at most {_names.Length}")} argument{((count < _required ? _required : _names.Length) == 1 ? "" : "s")}, got {count}";
}

/// <summary>One function written here: a filter, a test, a method, a global. <paramref name="Body"/> gets the object it works on first.</summary>
public sealed record Native(string Name, Signature Signature, Func<RenderRun, Obj, Bound, Obj> Body)
{
    public Native(string name, string signature, Func<RenderRun, Obj, Bound, Obj> body) : this(name, new Signature(signature), body) { }

    /// <summary>How errors call the function.</summary>
    public string Caption { get; init; } = Name;
    /// <summary>1 where <c>self</c> counts as an argument: filters and tests.</summary>
    public int Hidden { get; init; }
    /// <summary>The type of a built-in method, else null.</summary>
    public string? Owner { get; init; }

    public Obj Invoke(RenderRun run, Obj self, CallArguments arguments) => Body(run, self, Signature.Bind(Caption, arguments, Hidden, Owner));

    internal static FrozenDictionary<string, Native> Table(params IEnumerable<Native> natives) => natives.ToFrozenDictionary(n => n.Name, StringComparer.Ordinal);

    /// <summary>The methods of a type.</summary>
    internal static FrozenDictionary<string, Native> Methods(string owner, params IEnumerable<Native> natives) => Table(natives.Select(n => n with { Owner = owner }));
}

/// <summary>A native function as an object, bound to what it works on.</summary>
public sealed class NativeObj(Native native, Obj self, bool isMethod = true) : Obj
{
    public override string TypeName => isMethod ? "builtin_function_or_method" : "function";
    public override bool IsCallable => true;
    public override Obj Call(RenderRun run, CallArguments arguments) => native.Invoke(run, self, arguments);
    public override void AppendRepr(StringBuilder text) => text.Append(isMethod
        ? $"<built-in method {native.Name} of {self.TypeName} object at 0x7f0000000000>" : $"<function {native.Name} at 0x7f0000000000>");
}

/// <summary>A function of the host, or any other delegate, as an object.</summary>
public sealed class DelegateObj(string name, Func<RenderRun, CallArguments, Obj> body) : Obj
{
    public override string TypeName => "function";
    public override bool IsCallable => true;
    public override Obj Call(RenderRun run, CallArguments arguments) => body(run, arguments);
    public override void AppendRepr(StringBuilder text) => text.Append($"<function {name} at 0x7f0000000000>");
}
