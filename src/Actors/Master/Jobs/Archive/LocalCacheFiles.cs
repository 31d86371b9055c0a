using System.Collections.Immutable;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;
using static SaltActors.Actors.Master.Jobs.Archive.ArchiveProtocol;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary>
/// An archive that also leaves each job on disk in the layout of Salt's <c>local_cache</c>: genuine <c>salt</c> and <c>salt-run</c>
/// read those files themselves. They are a copy for such readers; ours read the archive beneath.
/// </summary>
/// <remarks>
/// <c>jobs/&lt;first 2 hex&gt;/&lt;rest&gt;/</c> of the jid's hash: <c>jid</c>, <c>.load.p</c>, <c>.minions.p</c>, and for each minion
/// <c>return.p</c> and <c>out.p</c>. Written before the job is published: the genuine command line refuses a jid without its load.
/// </remarks>
public sealed class LocalCacheFiles(IJobArchive archive, string cacheDir, string hashType, Action<string> warn) : IJobArchive
{
    private readonly string _jobs = Path.Combine(cacheDir, "jobs");

    public ImmutableArray<bool> Write(IReadOnlyList<WriteJob> jobs, IReadOnlyList<WriteReturn> returns)
    {
        foreach (var job in jobs) Copy(() => WriteJob(job), job.Jid);
        var news = archive.Write(jobs, returns);
        for (var i = 0; i < returns.Count; i++)
        {
            var @return = returns[i].Return;
            if (news[i]) Copy(() => WriteReturn(@return), @return.Jid);
        }
        return news;
    }

    public JobRecord? Find(Jid jid) => archive.Find(jid);
    public Head? FindHead(Jid jid) => archive.FindHead(jid);
    public ImmutableArray<JobRecord> List() => archive.List();

    public int DeleteBefore(DateTimeOffset moment)
    {
        foreach (var job in archive.List().Where(j => j.Jid.Time is { } time && time < moment.UtcDateTime))
            Copy(() => Directory.Delete(FolderOf(job.Jid), recursive: true), job.Jid);
        return archive.DeleteBefore(moment);
    }

    public void Dispose() => archive.Dispose();

    /// <summary>A job's folder.</summary>
    public string FolderOf(Jid jid)
    {
        var hash = WireNames.HashHex(hashType, Encoding.UTF8.GetBytes(jid.Text));
        return Path.Combine(_jobs, hash[..2], hash[2..]);
    }

    private void WriteJob(WriteJob job)
    {
        var folder = Directory.CreateDirectory(FolderOf(job.Jid)).FullName;
        File.WriteAllText(Path.Combine(folder, "jid"), job.Jid.Text);
        File.WriteAllBytes(Path.Combine(folder, ".minions.p"), Msgpack.Pack(ListValue.OfTexts(job.Expected.Select(m => m.Text)), MsgpackDialect.Local));
        File.WriteAllBytes(Path.Combine(folder, ".load.p"), Msgpack.Pack(job.Load, MsgpackDialect.Local));
    }

    private void WriteReturn(MinionReturn @return)
    {
        var folder = Directory.CreateDirectory(Path.Combine(FolderOf(@return.Jid), @return.Id.Text)).FullName;
        var content = MapValue.Of(("return", @return.Return), ("retcode", @return.Load.Get("retcode") ?? 0), ("success", @return.Load.Get("success") ?? true));
        PrivateFiles.Write(Path.Combine(folder, "return.p"), Msgpack.Pack(content, MsgpackDialect.Local));
        if (@return.Outputter is { } outputter) PrivateFiles.Write(Path.Combine(folder, "out.p"), Msgpack.Pack(outputter, MsgpackDialect.Local));
    }

    // The copy is for other programs' eyes: where it fails, the job itself goes on, and the log says so.
    private void Copy(Action write, Jid jid)
    {
        try
        {
            write();
        }
        catch (DirectoryNotFoundException)
        {
            // The folder of an expired job is gone already.
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            warn($"job [{jid}]: its copy in the layout of local_cache could not be kept: {cause.Message}");
        }
    }
}
