using SaltActors.Actors.Master.Jobs.Archive;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using static SaltActors.Actors.Master.Jobs.Archive.ArchiveProtocol;
using static SaltActors.Actors.Tests.Master.Fixtures;

namespace SaltActors.Actors.Tests.Master;

/// <summary>What every job archive must do.</summary>
public abstract class JobArchiveContract : IDisposable
{
    protected TemporaryFolder Folder { get; } = new();
    protected abstract IJobArchive Open();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Finds_a_job_with_its_returns_as_they_were_written()
    {
        using var archive = Open();
        archive.Write([new WriteJob(Ping, PingLoad, [Web1, Web2])], [new WriteReturn(Answer(Ping, Web1, true))]);
        var job = archive.Find(Ping)!;
        Assert.Equal(PingLoad, job.Load);
        Assert.Equal([Web1, Web2], job.Expected.AsEnumerable());
        Assert.Equal(Answer(Ping, Web1, true).Load, Assert.Single(job.Returns).Load);
    }

    [Fact]
    public void Keeps_the_first_return_and_says_that_the_second_is_no_news()
    {
        using var archive = Open();
        archive.Write([new WriteJob(Ping, PingLoad, [Web1])], []);
        Assert.Equal([true, false], archive.Write([], [new WriteReturn(Answer(Ping, Web1, 1)), new WriteReturn(Answer(Ping, Web1, 2))]).AsEnumerable());
        Assert.Equal([false], archive.Write([], [new WriteReturn(Answer(Ping, Web1, 3))]).AsEnumerable());
        Assert.Equal(1, Assert.Single(archive.Find(Ping)!.Returns).Return);
    }

    [Fact]
    public void Knows_after_it_was_closed_and_opened_what_it_knew_before()
    {
        using (var archive = Open())
            archive.Write([new WriteJob(Ping, PingLoad, [Web1, Web2])], [new WriteReturn(Answer(Ping, Web2, "x"))]);
        using var again = Open();
        var head = again.FindHead(Ping)!;
        Assert.Equal([Web1, Web2], head.Expected.AsEnumerable());
        Assert.Equal([Web2], head.Answered.AsEnumerable());
    }

    [Fact]
    public void Lists_jobs_the_oldest_first_without_their_returns()
    {
        using var archive = Open();
        archive.Write([new WriteJob(Other, PingLoad, []), new WriteJob(Ping, PingLoad, [Web1])], [new WriteReturn(Answer(Ping, Web1, true))]);
        Assert.Equal([Ping, Other], archive.List().Select(j => j.Jid));
        Assert.All(archive.List(), job => Assert.Empty(job.Returns));
    }

    [Fact]
    public void Answers_nothing_for_a_job_it_never_had()
    {
        using var archive = Open();
        Assert.Null(archive.Find(Ping));
        Assert.Null(archive.FindHead(Ping));
    }

    [Fact]
    public void Deletes_old_jobs_with_their_returns_and_leaves_the_young()
    {
        using var archive = Open();
        archive.Write([new WriteJob(Ping, PingLoad, [Web1])], [new WriteReturn(Answer(Ping, Web1, true))]);
        Assert.Equal(0, archive.DeleteBefore(DateTimeOffset.UtcNow.AddHours(-1)));
        Assert.Equal(1, archive.DeleteBefore(DateTimeOffset.UtcNow.AddHours(1)));
        Assert.Null(archive.Find(Ping));
        Assert.Empty(archive.List());
    }

    [Fact]
    public void Keeps_values_of_every_kind()
    {
        var odd = MapValue.Of(("bytes", (Value)new byte[] { 0, 255 }), ("big", 1L << 62), ("float", 1.5), ("null", Value.Null), ("list", ListValue.Create([1, "é", true])));
        using var archive = Open();
        archive.Write([new WriteJob(Ping, PingLoad, [Web1])], [new WriteReturn(Answer(Ping, Web1, odd))]);
        Assert.Equal(odd, Assert.Single(archive.Find(Ping)!.Returns).Return);
    }
}

public sealed class SqliteJobArchiveSpecs : JobArchiveContract
{
    protected override IJobArchive Open() => new SqliteJobArchive(Folder.Under("jobs.sqlite"), TimeProvider.System);

    [Fact]
    public void Refuses_a_file_of_a_newer_program_and_says_what_to_do()
    {
        using (var archive = Open()) archive.Write([new WriteJob(Ping, PingLoad, [])], []);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Folder.Under("jobs.sqlite")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }
        var refused = Assert.Throws<ArchiveFailed>(Open);
        Assert.Contains("newer program", refused.Message);
        Assert.Contains("jobs.sqlite", refused.Message);
    }
}

public sealed class LocalCacheFilesSpecs : JobArchiveContract
{
    protected override IJobArchive Open() =>
        new LocalCacheFiles(new SqliteJobArchive(Folder.Under("jobs.sqlite"), TimeProvider.System), Folder.Path, "sha256", Assert.Fail);

    [Fact]
    public void Leaves_the_files_that_genuine_salt_reads()
    {
        using var archive = Open();
        archive.Write([new WriteJob(Ping, PingLoad, [Web1])], [new WriteReturn(Answer(Ping, Web1, true))]);
        var folder = ((LocalCacheFiles)archive).FolderOf(Ping);
        Assert.Equal(Ping.Text, File.ReadAllText(Path.Combine(folder, "jid")));
        Assert.True(File.Exists(Path.Combine(folder, ".load.p")));
        Assert.True(File.Exists(Path.Combine(folder, ".minions.p")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "web1", "return.p")));
    }

    [Fact]
    public void Puts_a_job_into_the_folder_of_its_hash() =>
        Assert.EndsWith("jobs/61/833e88a87eda05a6b4e38f4ae3cbb9895c4c5bab06ce0c90fdbc03403a71f4", ((LocalCacheFiles)Open()).FolderOf(Jid.Parse("20240102030405678901")));
}
