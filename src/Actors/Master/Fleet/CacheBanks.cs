using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>Values by bank and key, as Salt's file cache keeps them: <c>cachedir/BANK/KEY.p</c>, msgpack.</summary>
/// <remarks>A bank is a path of plain names: nothing outside <c>cachedir</c> is ever touched, nor are the master's own secrets in it.</remarks>
public sealed class CacheBanks(string cacheDir)
{
    // What lies in cachedir and is nobody's to read or replace by a bank's name.
    private static readonly string[] NoBanks = ["sessions", "tokens", "jobs", "proc"];

    /// <exception cref="CommandFailed">No legal bank or key, or the disk refuses.</exception>
    public void Store(string bank, string key, Value data) => Try(bank, key, path =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        PrivateFiles.Write(path, Msgpack.Pack(data, MsgpackDialect.Local));
        return true;
    });

    /// <exception cref="CommandFailed">No legal bank or key, or a file that cannot be read.</exception>
    public Value Fetch(string bank, string key) => Try(bank, key, path => File.Exists(path) ? Msgpack.Unpack(File.ReadAllBytes(path), MsgpackDialect.Local) : MapValue.Empty);

    /// <exception cref="CommandFailed">No legal bank.</exception>
    public ImmutableArray<string> List(string bank) => Try(bank, null, folder => !Directory.Exists(folder) ? []
        : Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Where(name => name[0] != '.')
            .Select(name => name.EndsWith(".p", StringComparison.Ordinal) ? name[..^2] : name).Order(StringComparer.Ordinal).ToImmutableArray());

    /// <exception cref="CommandFailed">No legal bank or key, or the disk refuses.</exception>
    public bool Flush(string bank, string? key) => Try(bank, key, path =>
    {
        if (key is null ? !Directory.Exists(path) : !File.Exists(path)) return false;
        if (key is null) Directory.Delete(path, recursive: true);
        else File.Delete(path);
        return true;
    });

    private T Try<T>(string bank, string? key, Func<string, T> act)
    {
        var names = bank.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || !names.All(IsName) || NoBanks.Contains(names[0])) throw new CommandFailed($"'{bank}' is no cache bank: names with '/' between them were expected, none beginning with a dot, the first none of {string.Join(", ", NoBanks)}");
        if (key is not null && !IsName(key)) throw new CommandFailed($"'{key}' is no key of a cache bank: a file name without a leading dot was expected");
        var folder = Path.Combine([cacheDir, .. names]);
        try
        {
            return act(key is null ? folder : Path.Combine(folder, key + ".p"));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or MsgpackBroken)
        {
            throw new CommandFailed($"the cache bank '{bank}' could not be used: {cause.Message}");
        }
    }

    private static bool IsName(string name) => name.Length is > 0 and < 200 && name[0] != '.' && !name.Any(c => c is '/' or '\\' || char.IsControl(c));
}
