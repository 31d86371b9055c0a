using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using static SaltActors.Actors.Master.Jobs.Archive.ArchiveProtocol;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary>
/// An archive that also leaves each job on disk in the layout of Salt's <c>local_cache</c>: genuine <c>salt</c> and <c>salt-run</c>
/// read those files themselves. They are a copy for such readers; ours read the archive beneath.
/// </summary>
/// <remarks>Written before the job is published: the genuine command line refuses a jid without its load.</remarks>
public sealed class LocalCacheFiles(IJobArchive archive, string cacheDir, string hashType, Action<string> warn) : IJobArchive
{
    private readonly LocalCacheFolder _folder = new(cacheDir, hashType);

    public ImmutableArray<bool> Write(IReadOnlyList<WriteJob> jobs, IReadOnlyList<WriteReturn> returns)
    {
        foreach (var job in jobs) Copy(() => _folder.WriteJob(job.Jid, job.Load, job.Expected.Select(m => m.Text)), job.Jid);
        var news = archive.Write(jobs, returns);
        for (var i = 0; i < returns.Count; i++)
        {
            var @return = returns[i].Return;
            if (news[i]) Copy(() => _folder.WriteReturn(@return.Jid, @return.Id, @return.Load), @return.Jid);
        }
        return news;
    }

    public JobRecord? Find(Jid jid) => archive.Find(jid);
    public Head? FindHead(Jid jid) => archive.FindHead(jid);
    public ImmutableArray<JobRecord> List() => archive.List();

    public int DeleteBefore(DateTimeOffset moment)
    {
        foreach (var job in archive.List().Where(j => j.Jid.Time is { } time && time < moment.UtcDateTime))
            Copy(() => _folder.Delete(job.Jid), job.Jid);
        return archive.DeleteBefore(moment);
    }

    public void Dispose() => archive.Dispose();

    /// <summary>A job's folder.</summary>
    public string FolderOf(Jid jid) => _folder.FolderOf(jid);

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
