using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Network;

/// <summary>The functions of <c>network</c> about names, routes, connections and other machines, and those that only compute.</summary>
/// <remarks>Follows Salt 3006, salt/modules/network.py.</remarks>
public static class ReachModule
{
    private static readonly LocalMachine Machine = new();

    /// <summary>Sends four ICMP echoes.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="timeout">Seconds to wait for each answer; <c>False</c> leaves it to <c>ping</c>.</param>
    /// <param name="returnBoolean">Answer whether all went well instead of with the text.</param>
    /// <example><code>salt '*' network.ping archlinux.org timeout=3 return_boolean=True</code></example>
    [SaltFunction("network.ping")]
    public static async Task<Value> Ping(CallContext context, string host, [System.ComponentModel.DefaultValue(false)] Value timeout, bool returnBoolean = false)
    {
        var answer = await Probes.PingAsync(Machine, host, timeout.IsTruthy ? timeout.AsInteger() : null, context.Stopped).ConfigureAwait(false);
        return returnBoolean ? answer.Code == 0 : answer.Output.TrimEnd();
    }

    /// <summary>Tries to connect to a port.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">The port's number.</param>
    /// <param name="kwargs"><c>proto</c> (tcp or udp), <c>family</c> (ipv4 or ipv6), <c>timeout</c> in seconds (10).</param>
    /// <returns><c>result</c> and <c>comment</c>.</returns>
    /// <example><code>salt '*' network.connect archlinux.org 80 timeout=3</code></example>
    [SaltFunction("network.connect")]
    public static Task<MapValue> Connect(CallContext context, string host, int? port = null, [Keywords] MapValue? kwargs = null) =>
        Probes.ConnectAsync(Machine, host, port, kwargs ?? MapValue.Empty, context.Clock, context.Stopped);

    /// <summary>Follows the way to a host.</summary>
    /// <param name="host">Name or address.</param>
    /// <returns>A map a hop: <c>count, hostname, ip, ms1, ms2, ms3</c>.</returns>
    /// <example><code>salt '*' network.traceroute archlinux.org</code></example>
    [SaltFunction("network.traceroute")]
    public static async Task<ListValue> Traceroute(CallContext context, string host) =>
        Probes.Hops((await Machine.NeedAsync("traceroute", [Probes.Host(host)], context.Stopped).ConfigureAwait(false)).Output);

    /// <summary>Asks the name servers with <c>dig</c>.</summary>
    /// <param name="host">The name.</param>
    /// <example><code>salt '*' network.dig archlinux.org</code></example>
    [SaltFunction("network.dig")]
    public static async Task<string> Dig(CallContext context, string host) =>
        (await Machine.NeedMergedAsync("dig", [Probes.Host(host)], context.Stopped).ConfigureAwait(false)).Output.TrimEnd();

    /// <summary>Wakes a machine up through its network card.</summary>
    /// <param name="mac">Its link-layer address, as <c>08-00-27-13-69-77</c>.</param>
    /// <param name="bcast">Where the packet is sent to.</param>
    /// <param name="destport">The UDP port.</param>
    /// <example><code>salt '*' network.wol 080027136977 255.255.255.255 7</code></example>
    [SaltFunction("network.wol")]
    public static async Task<bool> Wol(CallContext context, string mac, string bcast = "255.255.255.255", int destport = 9)
    {
        await Probes.WakeAsync(mac, bcast, destport, context.Stopped).ConfigureAwait(false);
        return true;
    }

    /// <summary>Open ports and connections, as <c>netstat</c> or <c>ss</c> lists them.</summary>
    /// <returns>Maps: <c>proto, recv-q, send-q, local-address, remote-address, state, user, inode, program</c>.</returns>
    /// <example><code>salt '*' network.netstat</code></example>
    [SaltFunction("network.netstat")]
    public static async Task<ListValue> Netstat(CallContext context) => Machine.Which("netstat") is not null
        ? Connections.FromNetstat((await Machine.NeedAsync("netstat", ["-tulpnea"], context.Stopped).ConfigureAwait(false)).Output)
        : Connections.FromSs((await Machine.NeedAsync("ss", ["-tulpnea"], context.Stopped).ConfigureAwait(false)).Output);

    /// <summary>Established TCP connections.</summary>
    /// <returns>Number to <c>local_addr, local_port, remote_addr, remote_port</c>.</returns>
    /// <example><code>salt '*' network.active_tcp</code></example>
    [SaltFunction("network.active_tcp")]
    public static MapValue ActiveTcp() => Connections.ActiveTcp(Machine);

    /// <summary>The neighbours that this machine knows.</summary>
    /// <returns>Link-layer address to IP address.</returns>
    /// <example><code>salt '*' network.arp</code></example>
    [SaltFunction("network.arp")]
    public static MapValue Arp() => Connections.Neighbours(Machine);

    /// <summary>The routing table.</summary>
    /// <param name="family"><c>inet</c> or <c>inet6</c>; both where it is not given.</param>
    /// <returns>Maps: <c>addr_family, destination, gateway, netmask, flags, interface</c>.</returns>
    /// <example><code>salt '*' network.routes</code></example>
    [SaltFunction("network.routes")]
    public static ListValue Routes(string? family = null) => ListValue.From(RouteTable.Read(Machine, family));

    /// <summary>The routes to everywhere.</summary>
    /// <param name="family"><c>inet</c> or <c>inet6</c>; both where it is not given.</param>
    /// <example><code>salt '*' network.default_route</code></example>
    [SaltFunction("network.default_route")]
    public static ListValue DefaultRoute(string? family = null) => ListValue.From(RouteTable.Read(Machine, family).Where(RouteTable.IsDefault));

    /// <summary>The route that packets to an address take.</summary>
    /// <param name="ip">The address.</param>
    /// <returns><c>destination, gateway, interface, source</c>.</returns>
    /// <example><code>salt '*' network.get_route 10.10.10.10</code></example>
    [SaltFunction("network.get_route")]
    public static async Task<MapValue> GetRoute(CallContext context, string ip)
    {
        var address = Network.Address(ip).ToString();
        var answer = await Machine.NeedMergedAsync("ip", ["route", "get", address], context.Stopped).ConfigureAwait(false);
        return answer.Code == 0 ? RouteTo(answer.Output) : throw new CommandFailed($"there is no route to {address}: {answer.Output.Trim()}");
    }

    internal static MapValue RouteTo(string output)
    {
        var words = NetworkCards.Words(output.Split('\n')[0]);
        // "local", "unreachable" … may stand before the destination.
        var destination = words.FirstOrDefault(w => Network.TryParse(w) is not null);
        return MapValue.Of(("destination", destination), ("gateway", After("via")), ("interface", After("dev")), ("source", After("src")));

        string? After(string word) => Array.IndexOf(words, word) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;
    }

    /// <summary>This machine's host name.</summary>
    /// <example><code>salt '*' network.get_hostname</code></example>
    [SaltFunction("network.get_hostname")]
    public static string GetHostname() => Machine.ReadTrimmed("/proc/sys/kernel/hostname") ?? Environment.MachineName;

    /// <summary>This machine's full name, as the resolver knows it.</summary>
    /// <example><code>salt '*' network.get_fqdn</code></example>
    [SaltFunction("network.get_fqdn")]
    public static async Task<string> GetFqdn(CallContext context)
    {
        var name = GetHostname();
        return await Machine.CanonicalNameAsync(name, context.Stopped).ConfigureAwait(false) ?? name;
    }

    /// <summary>Gives this machine another host name.</summary>
    /// <param name="hostname">The name.</param>
    /// <returns>Whether it was set; <c>False</c> where none is given.</returns>
    /// <example><code>salt '*' network.mod_hostname master.saltstack.com</code></example>
    [SaltFunction("network.mod_hostname")]
    public static async Task<bool> ModHostname(CallContext context, string hostname)
    {
        if (hostname.Length == 0 || hostname[0] == '-') return false;
        return (await Machine.NeedMergedAsync("hostnamectl", ["set-hostname", hostname], context.Stopped).ConfigureAwait(false)).Code == 0;
    }

    /// <summary>Whether an address is in a network.</summary>
    /// <param name="ipAddr">The address.</param>
    /// <param name="cidr">The network.</param>
    /// <example><code>salt '*' network.ip_in_subnet 172.17.0.4 172.16.0.0/12</code></example>
    [SaltFunction("network.ip_in_subnet")]
    public static bool IpInSubnet(string ipAddr, string cidr) => Network.TryParse(cidr) is { } network && network.Contains(Network.Address(ipAddr));

    /// <summary>The network that an address is in.</summary>
    /// <param name="ipAddr">The address, with or without a prefix.</param>
    /// <param name="netmask">The mask, as <c>255.255.255.240</c> or <c>28</c>.</param>
    /// <example><code>salt '*' network.calc_net 172.17.0.5 255.255.255.240</code></example>
    [SaltFunction("network.calc_net")]
    public static string CalcNet(string ipAddr, string? netmask = null) => Network.Parse(netmask is null ? ipAddr : $"{ipAddr}/{netmask}").ToString();

    /// <summary>A network's first address, mask and last address.</summary>
    /// <param name="cidr">The network.</param>
    /// <returns><c>network, netmask, broadcast</c>.</returns>
    /// <example><code>salt '*' network.convert_cidr 172.31.0.0/16</code></example>
    [SaltFunction("network.convert_cidr")]
    public static MapValue ConvertCidr(string cidr)
    {
        var network = Network.Parse(cidr);
        return MapValue.Of(("network", network.Base.ToString()), ("netmask", network.Netmask.ToString()), ("broadcast", network.Broadcast.ToString()));
    }

    /// <summary>Whether an address is for private networks.</summary>
    /// <param name="ipAddr">The address.</param>
    /// <example><code>salt '*' network.is_private 10.0.0.3</code></example>
    [SaltFunction("network.is_private")]
    public static bool IsPrivate(string ipAddr) => Network.IsPrivate(Network.Address(ipAddr));

    /// <summary>Whether an address is the machine's own loopback.</summary>
    /// <param name="ipAddr">The address.</param>
    /// <example><code>salt '*' network.is_loopback 127.0.0.1</code></example>
    [SaltFunction("network.is_loopback")]
    public static bool IsLoopback(string ipAddr) => Network.IsLoopback(Network.Address(ipAddr));

    /// <summary>The name under which name servers keep an address's name.</summary>
    /// <param name="ipAddr">The address.</param>
    /// <example><code>salt '*' network.reverse_ip 172.17.0.4</code></example>
    [SaltFunction("network.reverse_ip")]
    public static string ReverseIp(string ipAddr) => NetworkAddresses.Reversed(ipAddr);

    /// <summary>An IPv4 address in hexadecimal.</summary>
    /// <param name="ip">The address.</param>
    /// <example><code>salt '*' network.iphexval 10.0.0.1</code></example>
    [SaltFunction("network.iphexval")]
    public static string Iphexval(string ip) => Convert.ToHexString(Network.Address(ip).GetAddressBytes());
}
