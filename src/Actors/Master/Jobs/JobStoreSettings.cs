using Akka.Configuration;
using SaltActors.Actors.Daemon.Settings;

namespace SaltActors.Actors.Master.Jobs;

/// <summary>The job store's part of the HOCON.</summary>
public sealed record JobStoreSettings(TimeSpan KeepInMemory)
{
    public static JobStoreSettings From(Config config) => new(new HoconSection(config, "salt.jobs").Time("keep-in-memory"));
}

/// <summary>The archive's part of the HOCON.</summary>
public sealed record ArchiveSettings(int Batch, int Waiting, bool LocalCacheFiles)
{
    public static ArchiveSettings From(Config config)
    {
        var section = new HoconSection(config, "salt.archive");
        return new(section.Number("batch"), section.Number("waiting"), section.Flag("local-cache-files"));
    }
}
