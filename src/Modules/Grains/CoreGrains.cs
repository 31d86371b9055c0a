using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Hardware;
using SaltActors.Modules.Grains.Identity;
using SaltActors.Modules.Grains.Machines;
using SaltActors.Modules.Grains.Networking;
using SaltActors.Modules.Grains.Os;

namespace SaltActors.Modules.Grains;

/// <summary>Where grains are collected.</summary>
public sealed record GrainSources(IMachine Machine)
{
    public static readonly GrainSources Local = new(new LocalMachine());
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>How long programs and name servers may take, all together; what is late is left out.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>One subject's share in the grains.</summary>
internal readonly record struct GrainInput(IMachine Machine, MapValue Options, GrainAnswers Answers, DateTimeOffset Now);

/// <summary>The grains that every Linux minion has, before anything that users configure is laid over them.</summary>
/// <remarks>Follows Salt 3006, salt/grains/*.py, on Linux.</remarks>
public static class CoreGrains
{
    /// <summary>All core grains. Programs and name look-ups run at the same time as the files are read.</summary>
    /// <param name="options">The minion's configuration: <c>id</c>, <c>master</c>, <c>enable_*_grains</c>, <c>server_id_use_crc</c> …</param>
    public static async Task<MapValue> CollectAsync(GrainSources sources, MapValue options, CancellationToken stop)
    {
        var asked = Task.Run(() => GrainAnswers.AskAsync(sources.Machine, options, sources.Patience, stop), stop);
        var grains = new MapValue.Builder(96);
        var early = new GrainInput(sources.Machine, options, GrainAnswers.None, sources.Clock.GetUtcNow());
        AddFromFiles(grains, early);
        AddFromAnswers(grains, early with { Answers = await asked.ConfigureAwait(false) });
        return grains.Build();
    }

    /// <summary>
    /// What files alone tell, without starting a program or asking a name server. Against <see cref="CollectAsync"/>,
    /// <c>systemd</c>, <c>gpus</c>, <c>fqdns</c> and <c>zpool</c> are empty or missing, <c>fqdn</c> comes from the hosts file and
    /// <c>virtual</c> from firmware names.
    /// </summary>
    public static MapValue CollectFast(GrainSources sources, MapValue options)
    {
        var grains = new MapValue.Builder(96);
        var input = new GrainInput(sources.Machine, options, GrainAnswers.None, sources.Clock.GetUtcNow());
        AddFromFiles(grains, input);
        AddFromAnswers(grains, input);
        return grains.Build();
    }

    private static void AddFromFiles(MapValue.Builder grains, GrainInput input)
    {
        IdentityGrains.Add(grains, input);
        KernelGrains.Add(grains, input);
        OsGrains.Add(grains, input);
        InitGrains.Add(grains, input);
        SecurityGrains.Add(grains, input);
        CpuGrains.Add(grains, input);
        MemoryGrains.Add(grains, input);
        DmiGrains.Add(grains, input);
        DiskGrains.Add(grains, input);
        InterfaceGrains.Add(grains, input);
        GatewayGrains.Add(grains, input);
        DnsGrains.Add(grains, input);
        LocaleGrains.Add(grains, input);
        ProcessGrains.Add(grains, input);
    }

    private static void AddFromAnswers(MapValue.Builder grains, GrainInput input)
    {
        InitGrains.AddSystemd(grains, input);
        VirtualGrains.Add(grains, input);
        GpuGrains.Add(grains, input);
        VolumeGrains.Add(grains, input);
        HostNameGrains.Add(grains, input);
        ProcessGrains.AddPs(grains);
    }
}
