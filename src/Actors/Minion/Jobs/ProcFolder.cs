using System.Diagnostics;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Minion.Jobs;

/// <summary>What runs right now, one file a job: <c>cachedir/proc/&lt;jid&gt;</c>, the publish load and <c>pid</c> as msgpack. What is left there at a start was interrupted.</summary>
public sealed class ProcFolder(string cacheDir)
{
    // The system tells a process's start in clock ticks since its own, which is not exact.
    private static readonly TimeSpan ClockError = TimeSpan.FromSeconds(2);

    public string Folder { get; } = Path.Combine(cacheDir, "proc");

    /// <summary>The loads of jobs that a minion before us did not end. They stay until <see cref="Remove"/>; files that hold no job are removed at once.</summary>
    /// <remarks>A job of another program that still runs (<c>salt-call</c> uses the same folder) is that program's own.</remarks>
    public IReadOnlyList<MapValue> Interrupted()
    {
        Directory.CreateDirectory(Folder);
        var loads = new List<MapValue>();
        foreach (var path in Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal).ToList())
        {
            if (Read(path) is not { } load || load.TextOf("jid") != Path.GetFileName(path) || !Jid.TryParse(load.TextOf("jid"), out _)) File.Delete(path);
            else if (!BelongsToAnother(load, path)) loads.Add(load.Without("pid"));
        }
        return loads;
    }

    public void Add(string jid, MapValue entry) => PrivateFiles.Write(PathOf(jid), Msgpack.Pack(entry, MsgpackDialect.Wire));

    public void Remove(string jid)
    {
        if (Jid.TryParse(jid, out _)) File.Delete(PathOf(jid));
    }

    private string PathOf(string jid) => Path.Combine(Folder, jid);

    // A process with that number that began after the file was written is another one: numbers come again.
    private static bool BelongsToAnother(MapValue load, string path)
    {
        if (load.Get("pid")?.AsInteger() is not { } pid || pid == Environment.ProcessId || pid is < 1 or > int.MaxValue) return false;
        try
        {
            using var process = Process.GetProcessById((int)pid);
            return process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(path) + ClockError;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

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
