using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using static SaltActors.Actors.Master.Jobs.Archive.ArchiveProtocol;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary>Where jobs and returns are kept. One caller at a time; every call may block and is made off the mailboxes.</summary>
/// <remarks>The same suite of tests runs over every implementation.</remarks>
public interface IJobArchive : IDisposable
{
    /// <summary>Writes a batch as one: all of it is safe when the call comes back, none of it where it throws.</summary>
    /// <returns>For each return, in order, whether it was news; a minion's second return to a job is not, and changes nothing.</returns>
    /// <exception cref="ArchiveFailed">Nothing was written; the message says why.</exception>
    ImmutableArray<bool> Write(IReadOnlyList<WriteJob> jobs, IReadOnlyList<WriteReturn> returns);

    /// <summary>A job with all its returns, or null.</summary>
    JobRecord? Find(Jid jid);

    /// <summary>A job and the ids that have answered it, or null.</summary>
    Head? FindHead(Jid jid);

    /// <summary>Every job, the oldest first, without returns.</summary>
    ImmutableArray<JobRecord> List();

    /// <summary>Deletes the jobs that were written before a moment, with their returns.</summary>
    /// <returns>How many jobs went.</returns>
    int DeleteBefore(DateTimeOffset moment);
}

/// <summary>The job store did not take something, or cannot be read; the message says why and what to do.</summary>
public sealed class ArchiveFailed(string message, Exception? cause = null) : Exception(message, cause);
