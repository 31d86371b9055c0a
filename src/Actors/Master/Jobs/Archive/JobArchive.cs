using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using SaltActors.Actors.Master.Jobs.Returners;
using SaltActors.Core.Functions;
using static SaltActors.Actors.Master.Jobs.Archive.ArchiveProtocol;

namespace SaltActors.Actors.Master.Jobs.Archive;

/// <summary>The returners around an archive: queues to those that get everything besides, and one that look-ups ask too.</summary>
/// <param name="Queues">Actors by name, which are woken after every batch.</param>
public sealed record ArchiveReturners(ImmutableArray<(string Name, Props Queue)> Queues, ExternalJobs? External)
{
    public static readonly ArchiveReturners None = new([], null);
}

/// <summary>The batching writer: while one batch is on its way to disk, the next one gathers. Nobody waits for a clock.</summary>
public sealed class JobArchive : ReceiveActor
{
    private sealed record Batch(ImmutableArray<(WriteJob Message, IActorRef Asker)> Jobs, ImmutableArray<(WriteReturn Message, IActorRef Asker)> Returns);
    private sealed record Written(Batch Batch, ImmutableArray<bool> News);
    private sealed record Failed(Batch Batch, Exception Cause);

    private sealed record ExternalCleaned(Exception? Failure);

    private readonly IJobArchive _archive;
    private readonly ArchiveSettings _settings;
    private readonly ArchiveReturners _returners;
    private readonly List<IActorRef> _queues = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<(WriteJob Message, IActorRef Asker)> _jobs = new();
    private readonly Queue<(WriteReturn Message, IActorRef Asker)> _returns = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _isWriting, _isCleaningBroken;

    public static Props Props(IJobArchive archive, ArchiveSettings settings, ArchiveReturners? returners = null) =>
        Akka.Actor.Props.Create(() => new JobArchive(archive, settings, returners ?? ArchiveReturners.None));

    public JobArchive(IJobArchive archive, ArchiveSettings settings, ArchiveReturners returners)
    {
        (_archive, _settings, _returners) = (archive, settings, returners);
        Receive<WriteJob>(OnWriteJob);
        Receive<WriteReturn>(OnWriteReturn);
        Receive<Written>(OnWritten);
        Receive<Failed>(OnFailed);
        Receive<FindHead>(OnFindHead);
        Receive<Find>(OnFind);
        Receive<List>(_ => OnList());
        Receive<DeleteBefore>(OnDeleteBefore);
        Receive<ExternalCleaned>(OnExternalCleaned);
    }

    protected override void PreStart()
    {
        foreach (var (name, queue) in _returners.Queues) _queues.Add(Context.ActorOf(queue, name));
    }

    protected override void PostStop() => _stopping.Cancel();

    private void OnWriteJob(WriteJob m)
    {
        if (_jobs.Count >= _settings.Waiting)
        {
            Sender.Tell(new NotWritten(m.Jid, null, Overload));
            return;
        }
        _jobs.Enqueue((m, Sender));
        WriteNext();
    }

    private void OnWriteReturn(WriteReturn m)
    {
        if (_returns.Count >= _settings.Waiting)
        {
            Sender.Tell(new NotWritten(m.Return.Jid, m.Return.Id, Overload));
            return;
        }
        _returns.Enqueue((m, Sender));
        WriteNext();
    }

    private string Overload => $"{_settings.Waiting} jobs or returns wait for the job store already (salt.archive.waiting); it is too slow or stands still";

    private void WriteNext()
    {
        if (_isWriting || _jobs.Count + _returns.Count == 0) return;
        _isWriting = true;
        var batch = new Batch(Take(_jobs), Take(_returns));
        var archive = _archive;
        Task.Run(() => archive.Write([.. batch.Jobs.Select(j => j.Message)], [.. batch.Returns.Select(r => r.Message)]))
            .PipeTo(Self, success: news => new Written(batch, news), failure: cause => new Failed(batch, cause));
    }

    private ImmutableArray<T> Take<T>(Queue<T> queue)
    {
        var taken = ImmutableArray.CreateBuilder<T>(Math.Min(queue.Count, _settings.Batch));
        while (taken.Count < _settings.Batch && queue.TryDequeue(out var next)) taken.Add(next);
        return taken.ToImmutable();
    }

    private void OnWritten(Written m)
    {
        _isWriting = false;
        foreach (var queue in _queues) queue.Tell(new ReturnerQueue.Wake());
        foreach (var (message, asker) in m.Batch.Jobs) asker.Tell(new JobWritten(message.Jid));
        for (var i = 0; i < m.Batch.Returns.Length; i++)
        {
            var (message, asker) = m.Batch.Returns[i];
            asker.Tell(new ReturnWritten(message.Return.Jid, message.Return.Id, m.News[i]));
        }
        WriteNext();
    }

    private void OnFailed(Failed m)
    {
        _isWriting = false;
        _log.Error(m.Cause, "the job store did not take {0} jobs and {1} returns", m.Batch.Jobs.Length, m.Batch.Returns.Length);
        foreach (var (message, asker) in m.Batch.Jobs) asker.Tell(new NotWritten(message.Jid, null, m.Cause.Message));
        foreach (var (message, asker) in m.Batch.Returns) asker.Tell(new NotWritten(message.Return.Jid, message.Return.Id, m.Cause.Message));
        WriteNext();
    }

    private void OnFindHead(FindHead m)
    {
        var archive = _archive;
        Task.Run(() => archive.FindHead(m.Jid)).PipeTo(Sender, Self,
            success: head => head is null ? new NoHead(m.Jid, null) : head,
            failure: cause => new NoHead(m.Jid, cause.Message));
    }

    private void OnFind(Find m)
    {
        var (archive, external, stop) = (_archive, _returners.External, _stopping.Token);
        FindAsync().PipeTo(Sender, Self,
            success: job => job is null ? new JobStoreProtocol.JobUnknown(m.Jid) : new JobStoreProtocol.JobFound(job),
            failure: cause => new JobStoreProtocol.NotFiled(m.Jid, cause.Message));

        async Task<JobRecord?> FindAsync()
        {
            var local = await Task.Run(() => archive.Find(m.Jid), stop).ConfigureAwait(false);
            return external is null ? local : await external.FindAsync(m.Jid, local, stop).ConfigureAwait(false);
        }
    }

    private void OnList()
    {
        var (archive, external, stop) = (_archive, _returners.External, _stopping.Token);
        ListAsync().PipeTo(Sender, Self,
            success: jobs => new JobStoreProtocol.JobsListed(jobs),
            failure: cause => new JobStoreProtocol.NotFiled(null, cause.Message));

        async Task<ImmutableArray<JobRecord>> ListAsync()
        {
            var local = await Task.Run(archive.List, stop).ConfigureAwait(false);
            return external is null ? local : await external.ListAsync(local, stop).ConfigureAwait(false);
        }
    }

    private void OnDeleteBefore(DeleteBefore m)
    {
        var (archive, external, log, stop) = (_archive, _returners.External, _log, _stopping.Token);
        if (external is not null)
            Task.Run(() => external.DeleteBeforeAsync(m.Moment, stop), stop).PipeTo(Self, success: () => new ExternalCleaned(null), failure: cause => new ExternalCleaned(cause));
        Task.Run(() => archive.DeleteBefore(m.Moment)).ContinueWith(done =>
        {
            if (done.IsFaulted) log.Error(done.Exception, "old jobs could not be deleted from the job store");
            else if (done.Result > 0) log.Info("{0} jobs were older than the master keeps them, and are gone", done.Result);
        }, TaskScheduler.Default);
    }

    // Maintenance comes every minute: a database that is down is named once.
    private void OnExternalCleaned(ExternalCleaned m)
    {
        if (m.Failure is { } cause && !_isCleaningBroken && !_stopping.IsCancellationRequested) _log.Error("old jobs were not deleted outside: {0}", cause.Message);
        _isCleaningBroken = m.Failure is not null;
    }
}
