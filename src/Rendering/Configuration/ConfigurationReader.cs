using System.Collections.Immutable;
using SaltActors.Core.Configuration;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Rendering.Configuration;

/// <summary>A configuration as it was read.</summary>
/// <param name="Options">All of it, defaults filled in.</param>
/// <param name="Given">What the files say, without the defaults.</param>
/// <param name="Warnings">What a person should know, each a sentence.</param>
/// <param name="Files">The files that were read, in order.</param>
public sealed record LoadedConfiguration(MapValue Options, MapValue Given, ImmutableArray<string> Warnings, ImmutableArray<string> Files);

/// <summary>Reads Salt's configuration: the main file, what it includes, and the defaults beneath.</summary>
/// <remarks>
/// The files of <c>default_include</c> are merged with each other, lists grown together; the result then takes the place of whole keys of the main file.
/// <c>include</c> comes after, the same way. A broken included file is said and passed over; a broken main file is an error.
/// </remarks>
public sealed class ConfigurationReader(IConfigurationFiles files, ConfigurationSurroundings? surroundings = null)
{
    private const int DeepestInclude = 10;
    private const string StandardFolder = "/etc/salt";
    private readonly ConfigurationSurroundings _surroundings = surroundings ?? ConfigurationSurroundings.OfProcess;

    /// <summary>The folder where configuration is looked for: as typed, else <c>SALT_CONFIG_DIR</c>, else <c>/etc/salt</c>.</summary>
    public string Folder(string? typed)
    {
        var folder = typed is { Length: > 0 } ? typed : _surroundings.Variable("SALT_CONFIG_DIR") is { Length: > 0 } set ? set : StandardFolder;
        return Path.GetFullPath(_surroundings.Expanded(folder));
    }

    /// <param name="configDir">The folder of the main file.</param>
    /// <exception cref="ConfigurationBroken">The main file is no YAML map, or a value is one that nothing can be made of.</exception>
    public LoadedConfiguration Read(ConfigurationRole role, string configDir)
    {
        var (standardPath, session) = (Path.Join(configDir, role.FileName()), new Session());
        var path = MainFile(role, standardPath);
        var main = ReadMain(path, session);
        // Included paths stand beside the file that was asked for, not the one a variable put in its place: Salt's rule.
        var standard = (main.Get(role.IncludeOption()) ?? role.Defaults().Get(role.IncludeOption())) is { IsTruthy: true } set ? set : Value.Null;
        var given = main.Over(Included(standard, standardPath, session, isQuiet: true, 0));
        given = given.Over(Included(main.Get("include") ?? Value.Null, standardPath, session, isQuiet: false, 0));
        if (role is ConfigurationRole.Client or ConfigurationRole.Api) return new UserConfiguration(files, _surroundings).Complete(role, given, Place(path, configDir), session);
        return Complete(role, given, Place(path, configDir), session);
    }

    internal static LoadedConfiguration Complete(ConfigurationRole role, MapValue given, ConfigurationPlace place, Session session)
    {
        try
        {
            var (options, warnings) = SaltConfiguration.Complete(role, given, place);
            return new LoadedConfiguration(options, given, [.. session.Warnings, .. warnings], [.. session.Files]);
        }
        catch (InvalidOption cause)
        {
            throw new ConfigurationBroken(cause.Message.StartsWith(place.MainFile, StringComparison.Ordinal) ? cause.Message : $"{place.MainFile}: {cause.Message}", cause);
        }
    }

    private ConfigurationPlace Place(string path, string configDir) => new(path, configDir, glob => files.Match(_surroundings.Expanded(glob)));

    // A variable counts only where no folder was typed, and its file is there.
    private string MainFile(ConfigurationRole role, string path) =>
        path == Path.Join(StandardFolder, role.FileName()) && _surroundings.Variable(role.Variable()) is { Length: > 0 } other && files.Read(other) is not null ? other : path;

    private MapValue ReadMain(string path, Session session)
    {
        try
        {
            return files.Read(path) is { } text ? Map(text, path, session) : MapValue.Empty;
        }
        catch (YamlBroken broken)
        {
            throw new ConfigurationBroken(broken.Message, broken);
        }
    }

    private MapValue Included(Value include, string from, Session session, bool isQuiet, int depth)
    {
        var merged = MapValue.Empty;
        foreach (var glob in include is ListValue several ? several.Items.Select(i => i.ToString()) : include.IsTruthy ? [include.ToString()] : [])
        {
            var whole = _surroundings.Expanded(glob);
            if (!Path.IsPathRooted(whole)) whole = Path.Join(Path.GetDirectoryName(from), whole);
            var paths = files.Match(whole);
            if (paths.Count == 0 && !isQuiet) session.Warnings.Add($"{from}: 'include' names '{whole}', which matches no file");
            foreach (var path in paths)
                if (ReadIncluded(path, session, depth) is { } one) merged = SaltConfiguration.MergeIncluded(merged, one);
        }
        return merged;
    }

    private MapValue? ReadIncluded(string path, Session session, int depth)
    {
        try
        {
            if (files.Read(path) is not { } text) return null;
            var own = Map(text, path, session);
            if (own.Get("include") is not { IsTruthy: true } more) return own;
            if (depth < DeepestInclude) return own.Over(Included(more, path, session, isQuiet: false, depth + 1));
            session.Warnings.Add($"{path}: files include each other more than {DeepestInclude} deep; what this one includes is passed over");
            return own;
        }
        catch (Exception broken) when (broken is YamlBroken or ConfigurationBroken)
        {
            session.Warnings.Add($"an included file is passed over: {broken.Message}");
            return null;
        }
    }

    internal static MapValue Map(string text, string path, Session session)
    {
        var loaded = YamlLoader.Load(text, path);
        session.Files.Add(path);
        if (!loaded.IsTruthy) return MapValue.Empty;
        if (loaded is not MapValue map) throw new ConfigurationBroken($"{path}: the file must hold options as 'name: value', found a {loaded.KindName}");
        session.Warnings.AddRange(ConfigurationCheck.Of(map, path));
        // An id that looks like a number is a name all the same.
        return map.Get("id") is { } id and not (TextValue or NullValue) ? map.With("id", PythonText.Str(id)) : map;
    }

    /// <summary>What is gathered along the way.</summary>
    internal sealed class Session
    {
        internal List<string> Warnings { get; } = [];
        internal List<string> Files { get; } = [];
    }
}
