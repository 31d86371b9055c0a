using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options;

/// <summary>One set of settings from the configuration and the command line.</summary>
public static class MergedOptions
{
    /// <summary>
    /// What was typed, or set by the Saltfile, wins; then the configuration; an option that neither names has its default.
    /// So <c>output: json</c> in the master's file is the default of <c>--out</c>.
    /// </summary>
    /// <param name="configuration">The effective configuration, defaults included.</param>
    public static MapValue Merge(MapValue configuration, ParsedCommandLine parsed)
    {
        var merged = configuration.ToBuilder();
        foreach (var (key, value) in parsed.Options)
        {
            var isTyped = parsed.IsTyped(PythonText.Str(key));
            if (isTyped || !merged.Has(key) || merged.Get(key) is { IsNull: true }) merged[key] = value;
        }
        return merged.Build();
    }
}
