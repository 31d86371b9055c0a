using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using static SaltActors.Actors.Master.Jobs.Archive.ArchiveProtocol;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary><c>job_cache: False</c>: nothing is kept. Returns still reach the bus, at any time; who has answered is remembered only as long as the job is young.</summary>
public sealed class NoJobArchive : IJobArchive
{
    public ImmutableArray<bool> Write(IReadOnlyList<WriteJob> jobs, IReadOnlyList<WriteReturn> returns) => [.. returns.Select(_ => true)];
    public JobRecord? Find(Jid jid) => null;

    /// <summary>Any job may have been published: a return to it is taken.</summary>
    public Head? FindHead(Jid jid) => new(jid, MapValue.Empty, [], []);

    public ImmutableArray<JobRecord> List() => [];
    public int DeleteBefore(DateTimeOffset moment) => 0;
    public void Dispose() { }
}
