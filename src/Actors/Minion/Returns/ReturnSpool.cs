using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>Returns that the master has not acknowledged yet, one file each: <c>cachedir/returns/&lt;jid&gt;</c>, msgpack, mode 0600.</summary>
/// <param name="suffix">Set for a master after the first: each has a folder of its own.</param>
public sealed class ReturnSpool(string cacheDir, string suffix = "")
{
    /// <summary>The largest return that is sent, in bytes: no more than a message may have on its way.</summary>
    public const int LargestBytes = 60 * 1024 * 1024;

    public string Folder { get; } = Path.Combine(cacheDir, "returns" + suffix);

    /// <summary>The names of what an earlier life of the minion could not deliver, the oldest job first. Files that were never whole are removed.</summary>
    public IReadOnlyList<string> Left()
    {
        PrivateFiles.CreateFolder(Folder);
        var left = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal).ToList())
            if (Path.GetFileName(path) is var name && name[0] != '.' && Read(name) is not null) left.Add(name);
            else File.Delete(path);
        return left;
    }

    public bool Holds(string jid) => Jid.TryParse(jid, out _) && File.Exists(PathOf(jid));

    /// <summary>Keeps a return; gives the name to read and remove it by, and the load as it will be sent: one that is too large is replaced by an error that says so.</summary>
    public (string Name, MapValue Load) Keep(MapValue load)
    {
        var name = load.TextOf("jid") is { } jid && Jid.TryParse(jid, out _) ? jid : Guid.NewGuid().ToString("N");
        var packed = Msgpack.Pack(load, MsgpackDialect.Local);
        if (packed.Length > LargestBytes)
        {
            load = load.With("return", $"ERROR: the return has {packed.Length} bytes, more than the {LargestBytes} that can be sent; have the function answer less")
                .With("retcode", 1).With("success", false).With("out", "nested");
            packed = Msgpack.Pack(load, MsgpackDialect.Local);
        }
        PrivateFiles.Write(PathOf(name), packed);
        return (name, load);
    }

    /// <summary>A kept return, or null where there is none, or none that is whole.</summary>
    public MapValue? Read(string name)
    {
        try
        {
            return File.Exists(PathOf(name)) ? Msgpack.Unpack(File.ReadAllBytes(PathOf(name)), MsgpackDialect.Local) as MapValue : null;
        }
        catch (MsgpackBroken)
        {
            return null;   // never whole on disk, so never a return
        }
    }

    public void Remove(string name) => File.Delete(PathOf(name));

    private string PathOf(string name) => Path.Combine(Folder, name);
}
