using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;

namespace SaltActors.Modules.DataStore;

/// <summary>A map that a minion keeps in a JSON file of its cache folder.</summary>
/// <param name="path">The file; it need not be there.</param>
internal sealed class StoreFile(string path)
{
    private static readonly Lock OneWriter = new();

    /// <exception cref="CommandFailed">The call has no cache folder.</exception>
    public static StoreFile Of(CallContext context, string name) => context.Options.TextOf("cachedir") is { Length: > 0 } folder
        ? new(Path.Join(folder, name))
        : throw new CommandFailed($"there is no place to keep '{name}': the option cachedir is not set");

    /// <returns>Empty where there is no file.</returns>
    /// <exception cref="CommandFailed">It holds no map, or may not be read.</exception>
    public MapValue Read()
    {
        try
        {
            if (!File.Exists(path)) return MapValue.Empty;
            return JsonText.Read(File.ReadAllText(path)) as MapValue ?? throw new CommandFailed($"{path}: expected a map");
        }
        catch (JsonRefused broken)
        {
            throw new CommandFailed($"{path} is broken: {broken.Message}");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"{path} cannot be read: {cause.Message}");
        }
    }

    /// <summary>Reads, changes and writes with no other writer of this process in between.</summary>
    /// <param name="change">Gives the new map and an answer; null for the map leaves the file alone.</param>
    /// <exception cref="CommandFailed">The file holds no map, or may not be written.</exception>
    public T Change<T>(Func<MapValue, (MapValue? Next, T Answer)> change)
    {
        lock (OneWriter)
        {
            var (next, answer) = change(Read());
            if (next is not null) Write(next);
            return answer;
        }
    }

    private void Write(MapValue map)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var fresh = path + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(fresh, options)) file.Write(System.Text.Encoding.UTF8.GetBytes(JsonText.Write(map)));
            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"{path} cannot be written: {cause.Message}");
        }
    }
}
