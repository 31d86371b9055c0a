using System.Globalization;
using System.Net;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Network;

/// <summary>Connections and neighbours as the kernel's tables and programs list them.</summary>
internal static class Connections
{
    private const string Established = "01";

    /// <summary>Established TCP connections: number to <c>local_addr, local_port, remote_addr, remote_port</c>.</summary>
    public static MapValue ActiveTcp(IMachine machine)
    {
        var found = new MapValue.Builder();
        foreach (var file in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
            foreach (var words in machine.ReadLines(file).Skip(1).Select(NetworkCards.Words).Where(w => w.Length > 3 && w[3] == Established))
            {
                var (local, remote) = (words[1].Split(':'), words[2].Split(':'));
                found[(Value)found.Count] = MapValue.Of(("local_addr", Address(local[0])), ("local_port", Port(local[1])), ("remote_addr", Address(remote[0])), ("remote_port", Port(remote[1])));
            }
        return found.Build();
    }

    /// <summary>Link-layer address to IP address, from the kernel's table; entries without an answer are left out.</summary>
    public static MapValue Neighbours(IMachine machine)
    {
        var found = new MapValue.Builder();
        // IP address, hardware type, flags, hardware address, mask, device.
        foreach (var words in machine.ReadLines("/proc/net/arp").Skip(1).Select(NetworkCards.Words).Where(w => w.Length >= 6 && w[2] != "0x0"))
            found[words[3]] = words[0];
        return found.Build();
    }

    /// <summary>Sockets from <c>netstat -tulpnea</c>: a map each, as its columns are called.</summary>
    public static ListValue FromNetstat(string output) => ListValue.From(
        from line in output.Split('\n')
        let w = NetworkCards.Words(line)
        where w.Length >= 8 && (w[0].StartsWith("tcp", StringComparison.Ordinal) || w[0].StartsWith("udp", StringComparison.Ordinal))
        let isTcp = w[0].StartsWith("tcp", StringComparison.Ordinal)
        // UDP has a state only where it is connected.
        let hasState = isTcp || !w[5].All(char.IsAsciiDigit)
        let start = hasState ? 6 : 5
        where w.Length > start + 2
        select (Value)(hasState ? Socket(w).With("state", w[5]) : Socket(w)).Over(MapValue.Of(("user", w[start]), ("inode", w[start + 1]), ("program", w[start + 2]))));

    /// <summary>Sockets from <c>ss -tulpnea</c>, which tells no user where it is root and names programs in its own form.</summary>
    public static ListValue FromSs(string output) => ListValue.From(
        from line in output.Split('\n')
        let w = NetworkCards.Words(line)
        where w.Length >= 6 && w[0] is "tcp" or "udp"
        let state = w[1] switch { "ESTAB" => "ESTABLISHED", "UNCONN" => "", "TIME-WAIT" => "TIME_WAIT", "CLOSE-WAIT" => "CLOSE_WAIT", "SYN-SENT" => "SYN_SENT", _ => w[1] }
        let rest = w.Skip(6)
        let row = MapValue.Of(("proto", w[0]), ("recv-q", w[2]), ("send-q", w[3]), ("local-address", w[4]), ("remote-address", w[5]))
        select (Value)(state.Length > 0 ? row.With("state", state) : row).Over(MapValue.Of(
            ("user", Field(rest, "uid:") ?? "0"), ("inode", Field(rest, "ino:") ?? "0"), ("program", Program(Field(rest, "users:"))))));

    private static MapValue Socket(string[] w) => MapValue.Of(("proto", w[0]), ("recv-q", w[1]), ("send-q", w[2]), ("local-address", w[3]), ("remote-address", w[4]));

    private static string? Field(IEnumerable<string> words, string name) => words.FirstOrDefault(w => w.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    // users:(("sshd",pid=612,fd=3)) is netstat's 612/sshd.
    private static string Program(string? users)
    {
        if (users is null) return "-";
        var name = users.Split('"').ElementAtOrDefault(1);
        var pid = users.Split("pid=").ElementAtOrDefault(1)?.Split(',')[0];
        return name is null || pid is null ? "-" : $"{pid}/{name}";
    }

    // The kernel prints each 32-bit word in the machine's own byte order.
    private static string Address(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        for (var i = 0; i < bytes.Length; i += 4) Array.Reverse(bytes, i, 4);
        return new IPAddress(bytes).ToString();
    }

    private static int Port(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
