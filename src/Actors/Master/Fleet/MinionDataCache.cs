using System.Collections.Concurrent;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Master.Fleet;

/// <summary>What the minions told of themselves: grains and pillar of each, in memory, and on disk as Salt keeps them.</summary>
/// <remarks><c>cachedir/minions/&lt;id&gt;/data.p</c>, msgpack of <c>{grains, pillar}</c>; genuine tools read it. Safe from every thread.</remarks>
public sealed class MinionDataCache(string cacheDir)
{
    private sealed record Entry(DateTime Written, MapValue Data);
    private readonly ConcurrentDictionary<MinionId, Entry> _entries = new();

    /// <summary>The map of <c>grains</c> and <c>pillar</c>, or null where nothing is known.</summary>
    public MapValue? Find(MinionId id)
    {
        var file = new FileInfo(PathOf(id));
        if (!file.Exists)
        {
            _entries.TryRemove(id, out _);
            return null;
        }
        if (_entries.TryGetValue(id, out var entry) && entry.Written == file.LastWriteTimeUtc) return entry.Data;
        return Read(file) is { } data ? (_entries[id] = new Entry(file.LastWriteTimeUtc, data)).Data : null;
    }

    /// <summary>Keeps a minion's data. What equals the stored data is not written again.</summary>
    public void Store(MinionId id, MapValue grains, MapValue pillar)
    {
        var data = MapValue.Of(("grains", grains), ("pillar", pillar));
        if (Find(id) is { } known && known.Equals(data)) return;
        var path = PathOf(id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        PrivateFiles.Write(path, Msgpack.Pack(data, MsgpackDialect.Local));
        _entries[id] = new Entry(File.GetLastWriteTimeUtc(path), data);
    }

    /// <summary>Forgets the named parts; the file goes where nothing is left in it. False where nothing was known.</summary>
    public bool Forget(MinionId id, bool grains, bool pillar)
    {
        if ((!grains && !pillar) || Find(id) is not { } known) return false;
        var left = grains ? known.Without("grains") : known;
        if (pillar) left = left.Without("pillar");
        var path = PathOf(id);
        if (left.MapOf("grains").Count == 0 && left.MapOf("pillar").Count == 0)
        {
            File.Delete(path);
            _entries.TryRemove(id, out _);
            return true;
        }
        PrivateFiles.Write(path, Msgpack.Pack(left, MsgpackDialect.Local));
        _entries[id] = new Entry(File.GetLastWriteTimeUtc(path), left);
        return true;
    }

    private string PathOf(MinionId id) => Path.Combine(cacheDir, "minions", id.Text, "data.p");

    private static MapValue? Read(FileInfo file)
    {
        try
        {
            return Msgpack.Unpack(File.ReadAllBytes(file.FullName), MsgpackDialect.Local) as MapValue;
        }
        catch (Exception cause) when (cause is MsgpackBroken or IOException)
        {
            // A half-written or foreign file says nothing about the minion; it will send its data again.
            return null;
        }
    }
}
