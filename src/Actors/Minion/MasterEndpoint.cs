using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion;

/// <summary>How a minion meets its masters (<c>master_type</c>).</summary>
public enum MasterMode
{
    /// <summary>All of them at once (<c>str</c>): each has a session, and gets the returns of what it asked.</summary>
    All,
    /// <summary>One at a time (<c>failover</c>): the next where one does not answer.</summary>
    Failover,
    /// <summary>None (<c>disable</c>): the minion does what its schedule says.</summary>
    None,
}

/// <summary>One master, as the option <c>master</c> names it.</summary>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">Its request port; null takes <c>master_port</c>.</param>
public sealed record MasterEndpoint(string Host, int? Port)
{
    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[v6]:port</c> or a bare address of either kind.</summary>
    /// <exception cref="FormatException">What stands behind the colon is no port.</exception>
    public static MasterEndpoint Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var isBareV6 = text.Count(c => c == ':') > 1 && text[0] != '[';
        if (colon < 0 || isBareV6 || text.EndsWith(']')) return new(text.Trim('[', ']'), null);
        return int.TryParse(text[(colon + 1)..], CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? new(text[..colon].Trim('[', ']'), port)
            : throw new FormatException($"the option 'master' is '{text}', where a port from 1 to 65535 was expected after the colon");
    }

    /// <summary>The masters of a configuration, the preferred one first, and how they are met.</summary>
    /// <param name="id">The minion's; <c>master_type: distributed</c> prefers another master for each.</param>
    /// <exception cref="FormatException">The options do not say whom to meet.</exception>
    public static (ImmutableArray<MasterEndpoint> Masters, MasterMode Mode) From(MapValue options, string id)
    {
        ImmutableArray<MasterEndpoint> named = options.Get("master") switch
        {
            null or NullValue => [new("salt", null)],
            ListValue { Count: 0 } => throw new FormatException("the option 'master' is an empty list, where a master was expected"),
            ListValue list => [.. list.Items.Select(m => Parse(m.ToString()))],
            var text => [Parse(text.ToString())],
        };
        return options.TextOf("master_type") switch
        {
            null or "" or "str" or "standard" => (named, MasterMode.All),
            "failover" => (named, MasterMode.Failover),
            "distributed" => (Preferring(named, (int)(Crc32(id) % (uint)named.Length)), MasterMode.Failover),
            "disable" => (named, MasterMode.None),
            "func" => throw new FormatException("the option 'master_type' is 'func': a function of a Python module cannot tell this minion its master; name it in 'master'"),
            var other => throw new FormatException($"the option 'master_type' is '{other}', where str, failover, distributed or disable was expected"),
        };
    }

    private static ImmutableArray<MasterEndpoint> Preferring(ImmutableArray<MasterEndpoint> masters, int place) => [masters[place], .. masters.RemoveAt(place)];

    // zlib's, as Python has it.
    private static uint Crc32(string text)
    {
        var crc = uint.MaxValue;
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }

    public override string ToString() => Port is { } port ? $"{(Host.Contains(':') ? $"[{Host}]" : Host)}:{port}" : Host;
}

/// <summary>Masters in the order in which they are tried, and which one's turn it is.</summary>
public sealed record MasterOrder(ImmutableArray<MasterEndpoint> Masters, int Place)
{
    public MasterEndpoint Current => Masters[Place];
    public bool IsFirst => Place == 0;
    public bool HasOthers => Masters.Length > 1;
    /// <summary>The next one; after the last the first again.</summary>
    public MasterOrder Next => this with { Place = (Place + 1) % Masters.Length };
    public MasterOrder First => this with { Place = 0 };

    /// <summary>The order of a minion: shuffled where it is to be (<c>master_shuffle</c>), but the first stays first where it is returned to (<c>master_failback</c>).</summary>
    /// <param name="chance">Numbers between 0 and 1.</param>
    public static MasterOrder Of(MinionOptions options, Func<double> chance)
    {
        var masters = options.Masters.ToArray();
        if (options.ShufflesMasters)
            for (var i = masters.Length - 1; i > (options.Failback ? 1 : 0); i--)
            {
                var from = options.Failback ? 1 : 0;
                var j = from + (int)(chance() * (i - from + 1));
                j = Math.Min(j, i);
                (masters[i], masters[j]) = (masters[j], masters[i]);
            }
        return new([.. masters], 0);
    }
}
