using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace SaltActors.Actors.Master.Presence;

/// <summary>The addresses that hold a connection to the publish port right now, read from the kernel's table of connections.</summary>
/// <remarks>Linux only (<c>/proc/net/tcp</c>, <c>tcp6</c>); elsewhere nothing is known and the set is empty. Salt looks at the same table.</remarks>
public static class PeerTable
{
    private const string Established = "01";

    public static ImmutableHashSet<IPAddress> Peers(int publishPort)
    {
        var peers = ImmutableHashSet.CreateBuilder<IPAddress>();
        foreach (var path in (ReadOnlySpan<string>)["/proc/net/tcp", "/proc/net/tcp6"])
            if (File.Exists(path))
                foreach (var line in File.ReadLines(path).Skip(1))
                    if (Parse(line, publishPort) is { } peer) peers.Add(peer);
        return peers.ToImmutable();
    }

    /// <summary>The remote address of one line of the table, where it is an established connection to the port.</summary>
    public static IPAddress? Parse(string line, int publishPort)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 4 || fields[3] != Established) return null;
        var (local, remote) = (fields[1].Split(':'), fields[2].Split(':'));
        if (local.Length != 2 || remote.Length != 2) return null;
        if (!int.TryParse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port) || port != publishPort) return null;
        return Address(remote[0]);
    }

    // The kernel writes each 32-bit word in the machine's own order.
    private static IPAddress? Address(string hex)
    {
        if (hex.Length is not (8 or 32)) return null;
        var bytes = Convert.FromHexString(hex);
        for (var word = 0; word < bytes.Length; word += 4) bytes.AsSpan(word, 4).Reverse();
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
