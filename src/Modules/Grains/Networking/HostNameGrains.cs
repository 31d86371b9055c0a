using System.Net.Sockets;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Networking;

/// <summary>
/// <c>localhost</c> (the kernel's host name), <c>fqdn</c> (what the resolver makes of it, never empty), <c>host</c> and <c>domain</c>
/// (its two halves), <c>fqdn_ip4, fqdn_ip6, fqdns</c>.
/// </summary>
internal static class HostNameGrains
{
    internal static string HostName(IMachine machine) => machine.ReadTrimmed("/proc/sys/kernel/hostname") ?? "";

    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var (machine, answers) = (input.Machine, input.Answers);
        var localhost = HostName(machine);
        var hosts = HostsFile.Read(machine);
        var fqdn = answers.CanonicalName ?? hosts.CanonicalName(localhost) ?? localhost;
        if (fqdn.Length == 0) fqdn = "localhost.localdomain";
        var dot = fqdn.IndexOf('.', StringComparison.Ordinal);
        grains["localhost"] = localhost;
        grains["fqdn"] = fqdn;
        grains["host"] = dot < 0 ? fqdn : fqdn[..dot];
        grains["domain"] = dot < 0 ? "" : fqdn[(dot + 1)..];
        // A machine without any address of a family is not looked up in it.
        grains["fqdn_ip4"] = grains.Get("ipv4") is { IsTruthy: true } ? InterfaceGrains.Texts((answers.Ipv4OfName ?? hosts.Addresses(fqdn, AddressFamily.InterNetwork)).Distinct()) : ListValue.Empty;
        grains["fqdn_ip6"] = grains.Get("ipv6") is { IsTruthy: true } ? InterfaceGrains.Texts((answers.Ipv6OfName ?? hosts.Addresses(fqdn, AddressFamily.InterNetworkV6)).Distinct()) : ListValue.Empty;
        grains["fqdns"] = ListValue.OfTexts(answers.NamesOfAddresses);
    }
}
