using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>What runs right now, one file a job: <c>cachedir/proc/&lt;jid&gt;</c>. What is left there at a start was interrupted.</summary>
public sealed class ProcFolder(string cacheDir)
{
    private readonly string _folder = Path.Combine(cacheDir, "proc");

    /// <summary>Takes what a minion before us left: the loads of jobs that it did not end.</summary>
    public IReadOnlyList<MapValue> TakeInterrupted()
    {
        Directory.CreateDirectory(_folder);
        var loads = new List<MapValue>();
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            if (Read(path) is { } load) loads.Add(load);
            File.Delete(path);
        }
        return loads;
    }

    public void Add(string jid, MapValue entry) => PrivateFiles.Write(PathOf(jid), Msgpack.Pack(entry, MsgpackDialect.Wire));
    public void Remove(string jid) => File.Delete(PathOf(jid));

    private string PathOf(string jid) => Path.Combine(_folder, jid);

    private static MapValue? Read(string path)
    {
        try
        {
            return Msgpack.Unpack(File.ReadAllBytes(path), MsgpackDialect.Wire) as MapValue;
        }
        catch (MsgpackBroken)
        {
            return null;   // half a file: the machine went down while it was written, and there is no job to speak of
        }
    }
}
