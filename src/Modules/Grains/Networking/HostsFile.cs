using System.Net;
using System.Net.Sockets;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Networking;

/// <summary><c>/etc/hosts</c>: an address, its canonical name, then aliases.</summary>
internal sealed record HostsFile(IReadOnlyList<(IPAddress Address, IReadOnlyList<string> Names)> Lines)
{
    internal static HostsFile Read(IMachine machine) => new(
    [
        .. from raw in machine.ReadLines("/etc/hosts")
           let words = raw.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
           where words.Length > 1 && IPAddress.TryParse(words[0], out _)
           select (IPAddress.Parse(words[0]), (IReadOnlyList<string>)words[1..]),
    ]);

    /// <summary>The first name on the first line that has this one; null where none has.</summary>
    internal string? CanonicalName(string name) => Lines.FirstOrDefault(l => l.Names.Contains(name, StringComparer.OrdinalIgnoreCase)).Names?[0];

    internal IReadOnlyList<IPAddress> Addresses(string name, AddressFamily family) =>
        [.. Lines.Where(l => l.Address.AddressFamily == family && l.Names.Contains(name, StringComparer.OrdinalIgnoreCase)).Select(l => l.Address).Distinct()];
}
