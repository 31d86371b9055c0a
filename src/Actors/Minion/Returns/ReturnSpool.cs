using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>Returns that the master has not acknowledged yet, one file each: <c>cachedir/returns/&lt;jid&gt;</c>, mode 0600.</summary>
public sealed class ReturnSpool(string cacheDir)
{
    private readonly string _folder = Path.Combine(cacheDir, "returns");

    /// <summary>What an earlier life of the minion could not deliver, the oldest first.</summary>
    public IReadOnlyList<(string Name, MapValue Load)> Left()
    {
        PrivateFiles.CreateFolder(_folder);
        var left = new List<(string, MapValue)>();
        foreach (var path in Directory.EnumerateFiles(_folder).Order(StringComparer.Ordinal))
            if (Read(path) is { } load) left.Add((Path.GetFileName(path), load));
            else File.Delete(path);
        return left;
    }

    /// <summary>Keeps a return, and gives the name to remove it by.</summary>
    public string Keep(MapValue load)
    {
        var name = load.TextOf("jid") is { } jid && Core.Identity.Jid.TryParse(jid, out _) ? jid : Guid.NewGuid().ToString("N");
        PrivateFiles.Write(Path.Combine(_folder, name), Msgpack.Pack(load, MsgpackDialect.Local));
        return name;
    }

    public void Remove(string name) => File.Delete(Path.Combine(_folder, name));

    private static MapValue? Read(string path)
    {
        try
        {
            return Msgpack.Unpack(File.ReadAllBytes(path), MsgpackDialect.Local) as MapValue;
        }
        catch (MsgpackBroken)
        {
            return null;   // never whole on disk, so never a return
        }
    }
}
