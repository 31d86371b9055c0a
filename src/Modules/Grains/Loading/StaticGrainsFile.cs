using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Loading;

/// <summary>YAML as this minion reads and writes it.</summary>
/// <param name="Load">Text to value; throws where the text is not YAML.</param>
/// <param name="Dump">Value to block style text.</param>
public sealed record YamlText(Func<string, Value> Load, Func<Value, string> Dump);

/// <summary>The file <c>grains</c> beside the minion's configuration.</summary>
public sealed class StaticGrainsFile(string path, YamlText yaml) : IGrainsFile
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Where the file is for a configuration: in the folder <c>conf_file</c>, or beside that file; null where the option is not set.</summary>
    public static string? PathFor(MapValue options) => options.TextOf("conf_file") switch
    {
        null or "" => null,
        var folder when Directory.Exists(folder) => Path.Combine(folder, "grains"),
        var file => Path.Combine(Path.GetDirectoryName(file) ?? "", "grains"),
    };

    public MapValue Read()
    {
        string text;
        try
        {
            if (!File.Exists(path)) return MapValue.Empty;
            text = File.ReadAllText(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"Unable to read existing grains file: {cause.Message}");
        }
        try
        {
            return yaml.Load(text) as MapValue ?? MapValue.Empty;
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            throw new CommandFailed($"Unable to read existing grains file: {cause.Message}");
        }
    }

    public void Write(MapValue grains)
    {
        var draft = $"{path}.{Environment.ProcessId}.new";
        try
        {
            var mode = OperatingSystem.IsWindows() || !File.Exists(path) ? Readable : File.GetUnixFileMode(path);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
            using (var writer = new StreamWriter(draft, options)) writer.Write(yaml.Dump(grains));
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            throw new CommandFailed($"Unable to write to grains file at {path}. Check permissions. ({cause.Message})");
        }
    }
}
