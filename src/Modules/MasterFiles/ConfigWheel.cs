using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Modules.MasterFiles;

/// <summary>The wheel functions <c>config</c>: the master's configuration files. A change counts from the master's next start.</summary>
/// <remarks>Follows Salt 3006, salt/wheel/config.py.</remarks>
public static class ConfigWheel
{
    /// <summary>The whole configuration, defaults filled in.</summary>
    /// <returns>Option to value.</returns>
    /// <example><code>wheel.cmd('config.values')</code></example>
    [SaltWheel("config.values")]
    public static MapValue Values(CallContext context) => context.Options;

    /// <summary>Sets one option in the master's main file. Comments in the file are lost.</summary>
    /// <param name="key">The option.</param>
    /// <param name="value">Its value.</param>
    /// <remarks>Salt writes all defaults into the file beside it; here the file keeps what it says, and the one option.</remarks>
    /// <example><code>wheel.cmd('config.apply', ['worker_threads', 8])</code></example>
    [SaltWheel("config.apply")]
    public static Value Apply(CallContext context, string key, Value value)
    {
        var path = context.Options.TextOf("conf_file") is { Length: > 0 } named ? named : throw new CommandFailed("the master does not know which file it was configured by");
        if (Directory.Exists(path)) path = Path.Combine(path, "master");
        var given = File.Exists(path) ? Read(path) : MapValue.Empty;
        Write(path, Dumped(given.With(key, value)));
        return Value.Null;
    }

    /// <summary>Writes a file that the master's configuration includes (<c>default_include</c>).</summary>
    /// <param name="fileName">Its name, without <c>.conf</c>.</param>
    /// <param name="yamlContents">What it is to say.</param>
    /// <returns><c>Wrote NAME.conf</c>, or <c>Invalid path</c> where the name leads elsewhere.</returns>
    /// <example><code>wheel.cmd('config.update_config', ['gui', {'worker_threads': 8}])</code></example>
    [SaltWheel("config.update_config")]
    public static string UpdateConfig(CallContext context, string fileName, Value yamlContents)
    {
        var name = fileName + ".conf";
        var include = context.Options.TextOf("default_include") ?? "master.d/*.conf";
        var configDir = context.Options.TextOf("config_dir") ?? Path.GetDirectoryName(context.Options.TextOf("conf_file") ?? "/etc/salt/master")!;
        if (name != Path.GetFileName(name) || name.Contains('\0') || name[0] == '.') return "Invalid path";
        var folder = Path.Combine(configDir, Path.GetDirectoryName(include) ?? "");
        Directory.CreateDirectory(folder);
        Write(Path.Combine(folder, name), Dumped(yamlContents));
        return $"Wrote {name}";
    }

    private static MapValue Read(string path)
    {
        try
        {
            return YamlLoader.Load(File.ReadAllText(path), path) switch
            {
                MapValue map => map,
                NullValue => MapValue.Empty,
                var other => throw new CommandFailed($"{path} holds {other.KindName}, where a map of options was expected"),
            };
        }
        catch (Exception cause) when (cause is YamlBroken or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"{path} was not changed, because it cannot be read: {cause.Message}");
        }
    }

    // In its place in one step: a master that starts meanwhile never reads half of it.
    private static void Write(string path, string text)
    {
        var fresh = path + ".new";
        try
        {
            File.WriteAllText(fresh, text);
            if (!OperatingSystem.IsWindows() && File.Exists(path)) File.SetUnixFileMode(fresh, File.GetUnixFileMode(path));
            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"{path} could not be written: {cause.Message}");
        }
    }

    private static string Dumped(Value value) => YamlDumper.Dump(value, new YamlLayout());
}
