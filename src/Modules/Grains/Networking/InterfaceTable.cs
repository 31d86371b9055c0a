using System.Globalization;
using System.Net;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Networking;

/// <summary>A network interface with its addresses in the kernel's order.</summary>
/// <param name="Hardware">The link-layer address; null for an interface without one.</param>
/// <param name="Secondary">IPv4 addresses within a network that an earlier one of <paramref name="Ipv4"/> opened.</param>
internal sealed record Interface(string Name, string? Hardware, IReadOnlyList<IPAddress> Ipv4, IReadOnlyList<IPAddress> Ipv6, IReadOnlyList<IPAddress> Secondary)
{
    internal IEnumerable<IPAddress> Addresses => [.. Ipv4, .. Ipv6, .. Secondary];
}

/// <summary>All interfaces in the order of their index, whether they are up or not, as <c>ip link</c> lists them.</summary>
internal sealed record InterfaceTable(IReadOnlyList<Interface> Interfaces)
{
    private const string Folder = "/sys/class/net/";

    internal IEnumerable<IPAddress> Addresses => Interfaces.SelectMany(i => i.Addresses);

    internal static InterfaceTable Read(IMachine machine)
    {
        var four = machine.Ipv4Addresses().ToLookup(a => a.Interface);
        var six = Ipv6(machine).OrderBy(a => ScopeRank(a.Scope)).ToLookup(a => a.Interface, a => a.Address);
        return new([.. machine.List(Folder.TrimEnd('/')).Where(n => machine.HasFile($"{Folder}{n}/ifindex")).OrderBy(n => Number(machine, n, "ifindex")).Select(Build)]);

        Interface Build(string name)
        {
            var (first, second) = (new List<IPAddress>(), new List<IPAddress>());
            var networks = new HashSet<(uint, int)>();
            foreach (var address in four[name])
                (networks.Add((NetworkOf(address), address.Prefix)) ? first : second).Add(address.Address);
            return new(name, Hardware(machine, name), first, [.. six[name]], second);
        }
    }

    private static long Number(IMachine machine, string name, string file) =>
        long.TryParse(machine.ReadTrimmed($"{Folder}{name}/{file}"), CultureInfo.InvariantCulture, out var number) ? number : 0;

    // Tunnels over IPv4 (types 768, 776, 778) have an IPv4 address for their link; 65534 has none at all.
    private static string? Hardware(IMachine machine, string name)
    {
        var address = machine.ReadTrimmed($"{Folder}{name}/address");
        return Number(machine, name, "type") switch
        {
            65534 => null,
            768 or 776 or 778 when address is { Length: 11 } => string.Join('.', address.Split(':').Select(b => int.Parse(b, NumberStyles.HexNumber, CultureInfo.InvariantCulture))),
            _ => string.IsNullOrEmpty(address) ? null : address,
        };
    }

    private static uint NetworkOf(InterfaceAddress address)
    {
        var bytes = address.Address.GetAddressBytes();
        var number = (uint)bytes[0] << 24 | (uint)bytes[1] << 16 | (uint)bytes[2] << 8 | bytes[3];
        return address.Prefix == 0 ? 0 : number & uint.MaxValue << (32 - address.Prefix);
    }

    // fe80000000000000b81bfffefe2c0001 02 40 20 80     eth0: address, index, prefix, scope, flags, name.
    private static IEnumerable<(string Interface, IPAddress Address, string Scope)> Ipv6(IMachine machine)
    {
        foreach (var line in machine.ReadLines("/proc/net/if_inet6"))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [{ Length: 32 } address, _, _, var scope, _, var name])
                yield return (name, new IPAddress(Convert.FromHexString(address)), scope);
    }

    // The kernel keeps wider scopes first: global, site, link, host.
    private static int ScopeRank(string scope) => scope switch { "00" => 0, "40" => 1, "20" => 2, _ => 3 };
}
