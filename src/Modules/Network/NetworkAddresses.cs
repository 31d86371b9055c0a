using System.Net;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Network;

/// <summary>Addresses and networks of a machine, picked and sorted.</summary>
/// <remarks>Follows Salt 3006, salt/utils/network.py: lists are in the order of the numbers, each entry once.</remarks>
internal static class NetworkAddresses
{
    public static IEnumerable<IPAddress> Pick(IEnumerable<NetworkCard> cards, bool isIpv6, string? card, bool withLoopback) =>
        Of(cards, isIpv6, card, withLoopback).Select(a => a.Address).Distinct().OrderBy(Network.NumberOf);

    public static IEnumerable<Network> Networks(IEnumerable<NetworkCard> cards, bool isIpv6, string? card, bool withLoopback) =>
        Of(cards, isIpv6, card, withLoopback).Select(a => a.Network).Distinct().Order();

    /// <summary>The answer of <c>network.ip_addrs</c>.</summary>
    /// <param name="kind"><c>public</c> or <c>private</c>; null for both. Not looked at where <paramref name="cidr"/> is given.</param>
    public static ListValue Answer(IReadOnlyList<NetworkCard> cards, bool isIpv6, string? card, bool withLoopback, string? cidr, string? kind)
    {
        var addresses = Pick(cards, isIpv6, card, withLoopback);
        if (!string.IsNullOrEmpty(cidr))
        {
            var network = Network.Parse(cidr);
            addresses = addresses.Where(network.Contains);
        }
        else if (kind is "public" or "private") addresses = addresses.Where(a => Network.IsPrivate(a) == (kind == "private"));
        return ListValue.OfTexts(addresses.Select(a => a.ToString()));
    }

    /// <summary>The answer of <c>network.ip_networks</c>: a list, or with details a map.</summary>
    public static Value NetworksAnswer(IReadOnlyList<NetworkCard> cards, bool isIpv6, string? card, bool withLoopback, bool isVerbose)
    {
        var networks = Networks(cards, isIpv6, card, withLoopback);
        if (!isVerbose) return ListValue.OfTexts(networks.Select(n => n.ToString()));
        return MapValue.From(networks.Select(n => KeyValuePair.Create(n.ToString(), (Value)MapValue.Of(
            ("address", n.Base.ToString()), ("netmask", n.Netmask.ToString()), ("num_addresses", n.Size), ("prefixlen", n.Prefix)))));
    }

    /// <exception cref="NamedError">It is no address.</exception>
    public static string Reversed(string text)
    {
        var address = Network.Address(text);
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4
            ? string.Join('.', bytes.Reverse()) + ".in-addr.arpa"
            : string.Join('.', Convert.ToHexStringLower(bytes).Reverse()) + ".ip6.arpa";
    }

    public static string NotThere(string name, IEnumerable<NetworkCard> cards) =>
        $"Interface \"{name}\" not in available interfaces: {string.Join(", ", cards.Select(c => $"\"{c.Name}\""))}";

    private static IEnumerable<CardAddress> Of(IEnumerable<NetworkCard> cards, bool isIpv6, string? card, bool withLoopback) =>
        cards.Where(c => string.IsNullOrEmpty(card) || c.Name == card).SelectMany(c => c.Addresses)
            .Where(a => a.IsIpv6 == isIpv6 && (withLoopback || !IPAddress.IsLoopback(a.Address)));
}
