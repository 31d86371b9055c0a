using System.Collections.Immutable;
using System.Text;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary>The layout of Salt's <c>local_cache</c> on disk.</summary>
/// <remarks>
/// <c>jobs/&lt;first 2 hex&gt;/&lt;rest&gt;/</c> of the jid's hash: <c>jid</c>, <c>.load.p</c>, <c>.minions.p</c> (<c>.minions.&lt;syndic&gt;.p</c> from a lower master), and for each
/// minion <c>return.p</c> and <c>out.p</c>; msgpack. Every method throws what the file system throws.
/// </remarks>
public sealed class LocalCacheFolder(string cacheDir, string hashType)
{
    private const string JidFile = "jid", LoadFile = ".load.p", ReturnFile = "return.p", OutputterFile = "out.p";
    private readonly string _jobs = Path.Combine(cacheDir, "jobs");

    /// <summary>A job's folder.</summary>
    public string FolderOf(Jid jid)
    {
        var hash = WireNames.HashHex(hashType, Encoding.UTF8.GetBytes(jid.Text));
        return Path.Combine(_jobs, hash[..2], hash[2..]);
    }

    public void WriteJob(Jid jid, MapValue load, IEnumerable<string> minions)
    {
        var folder = Directory.CreateDirectory(FolderOf(jid)).FullName;
        File.WriteAllText(Path.Combine(folder, JidFile), jid.Text);
        WriteMinions(jid, minions, null);
        File.WriteAllBytes(Path.Combine(folder, LoadFile), Msgpack.Pack(load, MsgpackDialect.Local));
    }

    /// <param name="syndic">The lower master whose minions these are, or null for our own.</param>
    public void WriteMinions(Jid jid, IEnumerable<string> minions, MinionId? syndic)
    {
        var folder = Directory.CreateDirectory(FolderOf(jid)).FullName;
        var name = syndic is { } lower ? $".minions.{lower}.p" : ".minions.p";
        File.WriteAllBytes(Path.Combine(folder, name), Msgpack.Pack(ListValue.OfTexts(minions), MsgpackDialect.Local));
    }

    /// <summary>Writes a return; the first of a minion stays.</summary>
    public void WriteReturn(Jid jid, MinionId id, MapValue load)
    {
        var path = Path.Combine(FolderOf(jid), id.Text);
        if (File.Exists(Path.Combine(path, ReturnFile))) return;
        var folder = Directory.CreateDirectory(path).FullName;
        var content = MapValue.Of(("return", load.Get("return") ?? Value.Null), ("retcode", load.Get("retcode") ?? 0), ("success", load.Get("success") ?? true));
        // The outputter first: with the return, all is there.
        if (load.TextOf("out") is { } outputter) PrivateFiles.Write(Path.Combine(folder, OutputterFile), Msgpack.Pack(outputter, MsgpackDialect.Local));
        PrivateFiles.Write(Path.Combine(folder, ReturnFile), Msgpack.Pack(content, MsgpackDialect.Local));
    }

    /// <summary>A job's load with <c>Minions</c>, those of lower masters included; null where there is none.</summary>
    public MapValue? ReadLoad(Jid jid)
    {
        var folder = FolderOf(jid);
        if (Read(Path.Combine(folder, LoadFile)) is not MapValue load) return null;
        var minions = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, ".minions*.p"))
            if (Read(path) is ListValue ids) minions.UnionWith(ids.Items.Select(i => i.ToString()));
        return load.With("Minions", ListValue.OfTexts(minions));
    }

    /// <summary>The returns to a job: id to <c>return</c>, <c>retcode</c>, <c>success</c>, and <c>out</c> where the function asked for an outputter.</summary>
    public MapValue ReadReturns(Jid jid)
    {
        var returns = new MapValue.Builder();
        var folder = FolderOf(jid);
        if (!Directory.Exists(folder)) return MapValue.Empty;
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            if (Read(Path.Combine(path, ReturnFile)) is MapValue content)
                returns[Path.GetFileName(path)] = Read(Path.Combine(path, OutputterFile)) is { } outputter ? content.With("out", outputter) : content;
        return returns.Build();
    }

    /// <summary>Every job that has a load, in the order of their ids.</summary>
    public ImmutableArray<Jid> Jobs() => !Directory.Exists(_jobs) ? [] :
    [
        .. Directory.EnumerateDirectories(_jobs).SelectMany(Directory.EnumerateDirectories)
            .Where(f => File.Exists(Path.Combine(f, LoadFile)) && File.Exists(Path.Combine(f, JidFile)))
            .Select(f => Jid.TryParse(File.ReadAllText(Path.Combine(f, JidFile)), out var jid) ? jid : (Jid?)null).OfType<Jid>().Order(),
    ];

    /// <summary>When a job was written.</summary>
    public DateTimeOffset WrittenAt(Jid jid) => File.GetLastWriteTimeUtc(Path.Combine(FolderOf(jid), JidFile));

    public void Delete(Jid jid) => Directory.Delete(FolderOf(jid), recursive: true);

    private static Value? Read(string path)
    {
        try
        {
            return File.Exists(path) ? Msgpack.Unpack(File.ReadAllBytes(path), MsgpackDialect.Local) : null;
        }
        catch (MsgpackBroken)
        {
            return null;   // being written by somebody else, or never whole
        }
    }
}
