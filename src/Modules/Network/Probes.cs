using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Network;

/// <summary>Asks other machines whether they are there.</summary>
internal static class Probes
{
    private const string HostCharacters = "-._:%";

    /// <summary>A host's name with everything dropped that no name or address has, so that none can be taken for an option.</summary>
    /// <exception cref="CommandFailed">Nothing is left.</exception>
    public static string Host(string host)
    {
        var clean = string.Concat(host.Where(c => char.IsAsciiLetterOrDigit(c) || HostCharacters.Contains(c, StringComparison.Ordinal))).TrimStart('-');
        return clean.Length > 0 ? clean : throw new CommandFailed($"'{host}' is no name or address of a host");
    }

    /// <summary>Four ICMP echoes through <c>ping</c>.</summary>
    public static Task<ProgramAnswer> PingAsync(IMachine machine, string host, long? timeout, CancellationToken stop) =>
        machine.NeedMergedAsync("ping", timeout is { } seconds
            ? ["-W", seconds.ToString(CultureInfo.InvariantCulture), "-c", "4", Host(host)]
            : ["-c", "4", Host(host)], stop);

    /// <summary>Hops of <c>traceroute</c>: <c>count, hostname, ip, ms1, ms2, ms3</c>; a hop that does not answer has <c>*</c> for its name.</summary>
    public static ListValue Hops(string output)
    {
        var hops = new List<Value>();
        foreach (var line in output.Split('\n'))
        {
            var words = NetworkCards.Words(line);
            if (words.Length < 2 || !int.TryParse(words[0], CultureInfo.InvariantCulture, out _)) continue;
            var hop = new MapValue.Builder { ["count"] = words[0] };
            var address = words.FirstOrDefault(w => w.StartsWith('('));
            hop["hostname"] = address is null ? "*" : words[Array.IndexOf(words, address) - 1];
            if (address is not null) hop["ip"] = address.Trim('(', ')');
            var times = words.Zip(words.Skip(1)).Where(p => p.Second == "ms").Select(p => p.First).ToArray();
            for (var i = 0; i < times.Length; i++) hop[$"ms{i + 1}"] = times[i];
            hops.Add(hop.Build());
        }
        return ListValue.From(hops);
    }

    /// <summary>Opens a connection and closes it again. With UDP, which has none, a packet is sent and whatever comes back is an answer.</summary>
    /// <param name="options"><c>proto</c> (tcp), <c>family</c> (ipv4 or ipv6, else any), <c>timeout</c> in seconds (10).</param>
    /// <returns><c>result</c> and <c>comment</c>.</returns>
    public static async Task<MapValue> ConnectAsync(IMachine machine, string host, int? port, MapValue options, TimeProvider clock, CancellationToken stop)
    {
        if (host.Length == 0) return Outcome(false, "Required argument, host, is missing.");
        if (port is not { } number) return Outcome(false, "Required argument, port, is missing.");
        var protocol = options.Get("proto")?.ToString() ?? "tcp";
        var name = Host(host);
        AddressFamily[] families = options.TextOf("family") switch
        {
            "ipv4" => [AddressFamily.InterNetwork],
            "ipv6" => [AddressFamily.InterNetworkV6],
            _ => [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6],
        };
        var addresses = Network.TryAddress(name) is { } given ? [given] : new List<IPAddress>();
        if (addresses.Count == 0)
            foreach (var family in families) addresses.AddRange(await machine.AddressesAsync(name, family, stop).ConfigureAwait(false));
        if (addresses.Count == 0) return Outcome(false, $"Unable to resolve host {host} on {protocol} port {number}");

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Clamp(options.Get("timeout")?.AsNumber() ?? 10, 0.001, 86400)), clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        var address = addresses[0];
        var isThere = await IsThereAsync(address, number, protocol == "udp", ended.Token).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        return isThere
            ? Outcome(true, $"Successfully connected to {host} ({address}) on {protocol} port {number}")
            : Outcome(false, $"Unable to connect to {host} ({address}) on {protocol} port {number}");
    }

    private static async Task<bool> IsThereAsync(IPAddress address, int port, bool isUdp, CancellationToken stop)
    {
        using var socket = new Socket(address.AddressFamily, isUdp ? SocketType.Dgram : SocketType.Stream, isUdp ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, port, stop).ConfigureAwait(false);
            if (!isUdp) return true;
            await socket.SendAsync(Array.Empty<byte>(), SocketFlags.None, stop).ConfigureAwait(false);
            await socket.ReceiveAsync(new byte[1], SocketFlags.None, stop).ConfigureAwait(false);
            return true;
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Sends the packet that wakes a machine: six bytes of ones, then its link-layer address sixteen times.</summary>
    /// <exception cref="NamedError">The address is not six bytes.</exception>
    public static async Task WakeAsync(string mac, string broadcast, int port, CancellationToken stop)
    {
        var packet = WakePacket(mac);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
        await socket.SendToAsync(packet, SocketFlags.None, new IPEndPoint(Network.Address(broadcast), port), stop).ConfigureAwait(false);
    }

    internal static byte[] WakePacket(string mac)
    {
        var digits = mac.Length == 12 ? mac : mac.Length == 17 ? string.Concat(mac.Where(char.IsAsciiHexDigit)) : "";
        if (digits.Length != 12 || !digits.All(char.IsAsciiHexDigit)) throw new NamedError("ValueError", $"Invalid MAC address: found '{mac}', expected 6 bytes in hexadecimal");
        var address = Convert.FromHexString(digits);
        return [.. Enumerable.Repeat((byte)0xff, 6), .. Enumerable.Repeat(address, 16).SelectMany(b => b)];
    }

    private static MapValue Outcome(bool result, string comment) => MapValue.Of(("result", result), ("comment", comment));
}
