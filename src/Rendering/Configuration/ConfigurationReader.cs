using System.Collections.Immutable;
using SaltActors.Core.Configuration;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Configuration;

/// <summary>A configuration as it was read.</summary>
/// <param name="Options">All of it, defaults filled in.</param>
/// <param name="Given">What the files say, without the defaults.</param>
/// <param name="Warnings">What a person should know, each a sentence.</param>
public sealed record LoadedConfiguration(MapValue Options, MapValue Given, ImmutableArray<string> Warnings);

/// <summary>Reads Salt's configuration: the main file, what it includes, and the defaults beneath.</summary>
/// <remarks>
/// The files of <c>default_include</c> are merged with each other, lists grown together; the result then takes the place of whole keys of the main file.
/// <c>include</c> comes after, the same way. A broken included file is said and passed over; a broken main file is an error.
/// </remarks>
public sealed class ConfigurationReader(IConfigurationFiles files)
{
    private const int IncludeDepth = 10;

    /// <param name="configDir">The folder of the main file.</param>
    /// <exception cref="ConfigurationBroken">The main file is no YAML map.</exception>
    public LoadedConfiguration Read(ConfigurationRole role, string configDir)
    {
        var name = role == ConfigurationRole.Master ? "master" : "minion";
        var path = Path.Combine(configDir, name);
        var warnings = ImmutableArray.CreateBuilder<string>();
        var main = ReadMain(path);
        warnings.AddRange(SaltConfiguration.Check(role, main, path));
        var standard = main.TextOf("default_include") ?? SaltConfiguration.Defaults(role).TextOf("default_include") ?? "";
        var given = main.Over(Included([standard], configDir, role, warnings, isQuiet: true, 0));
        if (main.Get("include") is { IsTruthy: true } include)
            given = given.Over(Included(include is ListValue several ? several.Items.Select(i => i.ToString()) : [include.ToString()], configDir, role, warnings, isQuiet: false, 0));
        if (given.Get("id") is { } id and not (TextValue or NullValue)) given = given.With("id", PythonText.Str(id));
        return new LoadedConfiguration(SaltConfiguration.Complete(role, given, configDir), given, warnings.ToImmutable());
    }

    private MapValue ReadMain(string path)
    {
        try
        {
            return files.Read(path) is { } text ? Map(text, path) : MapValue.Empty;
        }
        catch (YamlBroken broken)
        {
            throw new ConfigurationBroken(broken.Message, broken);
        }
    }

    private MapValue Included(IEnumerable<string> globs, string folder, ConfigurationRole role, ImmutableArray<string>.Builder warnings, bool isQuiet, int depth)
    {
        var merged = MapValue.Empty;
        foreach (var glob in globs.Where(g => g.Length > 0))
        {
            var paths = files.Match(Path.IsPathRooted(glob) ? glob : Path.Combine(folder, glob));
            if (paths.Count == 0 && !isQuiet) warnings.Add($"include: no file matches '{glob}'");
            foreach (var path in paths)
                try
                {
                    var one = Map(files.Read(path) ?? "", path);
                    warnings.AddRange(SaltConfiguration.Check(role, one, path));
                    if (one.Get("include") is { IsTruthy: true } more && depth < IncludeDepth)
                        one = SaltConfiguration.MergeIncluded(one.Without("include"),
                            Included(more is ListValue several ? several.Items.Select(i => i.ToString()) : [more.ToString()], Path.GetDirectoryName(path)!, role, warnings, isQuiet: false, depth + 1));
                    merged = SaltConfiguration.MergeIncluded(merged, one);
                }
                catch (Exception broken) when (broken is YamlBroken or ConfigurationBroken)
                {
                    warnings.Add($"the included file is passed over: {broken.Message}");
                }
        }
        return merged;
    }

    private static MapValue Map(string text, string path) => YamlLoader.Load(text, path) switch
    {
        NullValue => MapValue.Empty,
        MapValue map => map,
        var other => throw new ConfigurationBroken($"{path}: the file must hold options as 'name: value', found a {other.KindName}"),
    };
}
