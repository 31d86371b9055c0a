using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>Returns that a returner has not taken yet, one file for each and every returner: <c>cachedir/returner_queue/&lt;jid&gt;.&lt;returner&gt;</c>, msgpack, mode 0600.</summary>
public sealed class ReturnerSpool(string cacheDir)
{
    private const string ReturnerField = "returner", LoadField = "load";

    public string Folder { get; } = Path.Combine(cacheDir, "returner_queue");

    /// <summary>The names of what an earlier life of the minion could not deliver, the oldest job first. Files that were never whole are removed.</summary>
    public IReadOnlyList<(string Name, string Returner)> Left()
    {
        if (!Directory.Exists(Folder)) return [];
        var left = new List<(string, string)>();
        foreach (var path in Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal).ToList())
            if (Path.GetFileName(path) is var name && name[0] != '.' && Read(name) is var (returner, _)) left.Add((name, returner));
            else File.Delete(path);
        return left;
    }

    /// <summary>Keeps a return for a returner; gives the name to read and remove it by.</summary>
    public string Keep(string returner, MapValue load)
    {
        PrivateFiles.CreateFolder(Folder);
        var job = load.TextOf("jid") is { } jid && Jid.TryParse(jid, out _) ? jid : Guid.NewGuid().ToString("N");
        // A returner's name comes from whoever published the job: letters and digits of it are enough to tell files apart.
        var name = $"{job}.{string.Concat(returner.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_'))}";
        PrivateFiles.Write(Path.Combine(Folder, name), Msgpack.Pack(MapValue.Of((ReturnerField, returner), (LoadField, load)), MsgpackDialect.Local));
        return name;
    }

    /// <summary>A kept return, or null where there is none, or none that is whole.</summary>
    public (string Returner, MapValue Load)? Read(string name)
    {
        var path = Path.Combine(Folder, name);
        try
        {
            return File.Exists(path) && Msgpack.Unpack(File.ReadAllBytes(path), MsgpackDialect.Local) is MapValue kept
                && kept.TextOf(ReturnerField) is { } returner && kept.Get(LoadField) is MapValue load ? (returner, load) : null;
        }
        catch (MsgpackBroken)
        {
            return null;   // never whole on disk, so never a return
        }
    }

    public void Remove(string name) => File.Delete(Path.Combine(Folder, name));
}
