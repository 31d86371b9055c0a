using System.Net;
using System.Net.Sockets;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Machines;

/// <summary>Everything that had to be asked of programs and name servers, all at once; what did not come in time is null or empty.</summary>
public sealed record GrainAnswers
{
    /// <summary>Nothing was asked: grains come from files alone.</summary>
    public static readonly GrainAnswers None = new();

    /// <summary><c>systemctl --version</c></summary>
    public string? Systemd { get; init; }
    /// <summary><c>systemd-detect-virt</c>, or every line of <c>virt-what</c> where that is installed.</summary>
    public ProgramAnswer? Virtual { get; init; }
    /// <summary><c>lspci -vmm</c>; asked only where a display card is on the bus.</summary>
    public string? Cards { get; init; }
    /// <summary><c>zpool list</c>: name and bytes, a pool a line.</summary>
    public string? Pools { get; init; }
    public string? CanonicalName { get; init; }
    public IReadOnlyList<IPAddress>? Ipv4OfName { get; init; }
    public IReadOnlyList<IPAddress>? Ipv6OfName { get; init; }
    public IReadOnlyList<string> NamesOfAddresses { get; init; } = [];

    private static readonly string[] VersionOnly = ["--version"], MachineReadable = ["-vmm"], PoolSizes = ["list", "-H", "-p", "-o", "name,size"];

    /// <summary>Asks all of it at the same time. Ends with <paramref name="patience"/> at the latest.</summary>
    public static async Task<GrainAnswers> AskAsync(IMachine machine, MapValue options, TimeSpan patience, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience);
        var token = limit.Token;

        var systemd = machine.Which("localectl") is null ? NotAsked : Run(machine, "systemctl", VersionOnly, token);
        var guest = machine.Which("virt-what") is null ? Run(machine, "systemd-detect-virt", [], token) : Run(machine, "virt-what", [], token);
        var cards = Hardware.GpuGrains.IsWanted(machine, options) ? Run(machine, "lspci", MachineReadable, token) : NotAsked;
        var pools = machine.HasFolder("/sys/module/zfs") ? Run(machine, "zpool", PoolSizes, token) : NotAsked;
        var names = NamesAsync(machine, token);
        var backwards = options.Get("enable_fqdns_grains") is { IsTruthy: true } ? BackwardsAsync(machine, token) : null;

        return await names.ConfigureAwait(false) with
        {
            Systemd = (await systemd.ConfigureAwait(false))?.Output,
            Virtual = await guest.ConfigureAwait(false),
            Cards = (await cards.ConfigureAwait(false))?.Output,
            Pools = (await pools.ConfigureAwait(false))?.Output,
            NamesOfAddresses = backwards is null ? [] : await backwards.ConfigureAwait(false),
        };
    }

    private static Task<ProgramAnswer?> NotAsked { get; } = Task.FromResult<ProgramAnswer?>(null);

    private static Task<ProgramAnswer?> Run(IMachine machine, string program, string[] arguments, CancellationToken stop) =>
        machine.Which(program) is { } path ? machine.RunAsync(path, arguments, stop) : NotAsked;

    // A name that the hosts file settles is not asked of a name server: that answer comes first in any case, and at once.
    private static async Task<GrainAnswers> NamesAsync(IMachine machine, CancellationToken stop)
    {
        var host = Networking.HostNameGrains.HostName(machine);
        if (host.Length == 0) return None;
        var hosts = Networking.HostsFile.Read(machine);
        var name = hosts.CanonicalName(host) ?? await machine.CanonicalNameAsync(host, stop).ConfigureAwait(false) ?? host;
        if (hosts.CanonicalName(name) is not null) return new() { CanonicalName = name, Ipv4OfName = hosts.Addresses(name, AddressFamily.InterNetwork), Ipv6OfName = hosts.Addresses(name, AddressFamily.InterNetworkV6) };
        var four = machine.AddressesAsync(name, AddressFamily.InterNetwork, stop);
        var six = machine.AddressesAsync(name, AddressFamily.InterNetworkV6, stop);
        return new() { CanonicalName = name, Ipv4OfName = await four.ConfigureAwait(false), Ipv6OfName = await six.ConfigureAwait(false) };
    }

    private static async Task<IReadOnlyList<string>> BackwardsAsync(IMachine machine, CancellationToken stop)
    {
        var addresses = Networking.InterfaceTable.Read(machine).Addresses.Where(a => !IPAddress.IsLoopback(a)).Distinct();
        var names = await Task.WhenAll(addresses.Select(a => machine.NameOfAsync(a, stop))).ConfigureAwait(false);
        return [.. names.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }
}
