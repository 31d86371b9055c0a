using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Core.Returners;

/// <summary>What a returner may know of the daemon that calls it.</summary>
public sealed record ReturnerContext
{
    /// <summary>The daemon's configuration.</summary>
    public required MapValue Options { get; init; }
    public MapValue Grains { get; init; } = MapValue.Empty;
    public MapValue Pillar { get; init; } = MapValue.Empty;
    /// <summary><c>--return_config</c>: the first word of other configuration keys, which are looked at first; null for none.</summary>
    public string? Alternative { get; init; }
    /// <summary><c>--return_kwargs</c>: options that win over all configuration.</summary>
    public MapValue Overrides { get; init; } = MapValue.Empty;
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Who writes, as the events of a master name it.</summary>
    public string Id => Options.TextOf("id") ?? "";

    /// <summary>With the choices of the person who published the job. For minions only: what a master's returner reads comes from the master.</summary>
    public ReturnerContext ChosenBy(MapValue load) => this with
    {
        Alternative = load.TextOf("ret_config") is { Length: > 0 } alternative ? alternative : null,
        Overrides = load.MapOf("ret_kwargs"),
    };

    /// <summary>A context from a call's, for functions that use a returner themselves.</summary>
    public static ReturnerContext Of(CallContext context) => new()
    {
        Options = context.Options,
        Grains = context.Grains,
        Pillar = context.Pillar,
        Clock = context.Clock,
    };
}

/// <summary>A returner's options, looked up where Salt does.</summary>
/// <remarks>
/// An option <c>host</c> of a returner that is configured as <c>mysql</c> is, the first that says something: <c>ret_kwargs</c>;
/// the key <c>host</c> in the map <c>alt.mysql</c>, and the key <c>alt.mysql.host</c>, where <c>alt</c> is <c>ret_config</c>; the key <c>host</c> in the map <c>mysql</c>; the key
/// <c>mysql.host</c>; the default. Keys are looked for in the configuration, the grains, the pillar, the pillar's <c>master</c>.
/// Empty values count as not set. Follows Salt 3006, salt/returners/__init__.py.
/// </remarks>
/// <param name="names">What the options may begin with; the first is Salt's.</param>
public sealed class ReturnerOptions(ReturnerContext context, params string[] names)
{
    private readonly MapValue[] _sources = [context.Options, context.Grains, context.Pillar, context.Pillar.MapOf("master")];

    /// <summary>The name under which errors speak of the options.</summary>
    public string Name { get; } = names[0];

    public Value? Find(string option)
    {
        if (context.Overrides.Get(option) is { } given) return given;
        if (context.Alternative is { } alternative)
            foreach (var name in names)
                if (Under($"{alternative}.{name}", option) is { } other) return other;
        foreach (var name in names)
            if (Under(name, option) is { } value) return value;
        return null;
    }

    public string? Text(string option) => Find(option) is { IsNull: false } value && value.ToString() is { Length: > 0 } text && text != "None" ? text : null;

    public string Text(string option, string standard) => Text(option) ?? standard;

    /// <exception cref="ReturnerFailed">The option is no number within the limits.</exception>
    public double Number(string option, double standard, double least, double most)
    {
        if (Text(option) is not { } text) return standard;
        return double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ReturnerFailed($"the option '{Name}.{option}' is {PythonText.Repr(Find(option)!)}, where a number from {least} to {most} was expected");
    }

    /// <exception cref="ReturnerFailed">The option is no port.</exception>
    public int Port(string option, int standard) => (int)Number(option, standard, 1, 65535);

    private Value? Under(string prefix, string option) =>
        Ask(prefix) is MapValue map && map.Get(option) is { IsTruthy: true } inside ? inside
        : Ask($"{prefix}.{option}") is { IsTruthy: true } value ? value
        : null;

    private Value? Ask(string key)
    {
        foreach (var source in _sources)
            if (source.Get(key) is { } value) return value;
        return null;
    }
}
