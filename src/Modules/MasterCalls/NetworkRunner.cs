using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.MasterCache;
using SaltActors.Modules.Network;

namespace SaltActors.Modules.MasterCalls;

/// <summary>The runner <c>network</c>: wakes machines from the master.</summary>
/// <remarks>Follows Salt 3006, salt/runners/network.py.</remarks>
public static class NetworkRunner
{
    /// <summary>Wakes one machine.</summary>
    /// <param name="mac">The address of its network card.</param>
    /// <param name="bcast">The network's broadcast address.</param>
    /// <param name="destport">The port.</param>
    /// <returns>True.</returns>
    /// <example><code>salt-run network.wol 08-00-27-13-69-77</code></example>
    [SaltRunner("network.wol")]
    public static async Task<bool> Wol(CallContext context, string mac, string bcast = "255.255.255.255", int destport = 9)
    {
        await Probes.WakeAsync(mac, bcast, destport, context.Stopped).ConfigureAwait(false);
        return true;
    }

    /// <summary>Wakes the machines whose addresses stand in a file on the master, one a line.</summary>
    /// <param name="maclist">The file.</param>
    /// <param name="bcast">The network's broadcast address.</param>
    /// <param name="destport">The port.</param>
    /// <returns>The addresses.</returns>
    /// <example><code>salt-run network.wollist '/path/to/maclist'</code></example>
    [SaltRunner("network.wollist")]
    public static async Task<ListValue> WolList(CallContext context, string maclist, string bcast = "255.255.255.255", int destport = 9)
    {
        try
        {
            return await WakeAsync(context, File.ReadLines(maclist).Select(line => line.Trim()).Where(line => line.Length > 0), bcast, destport).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"the list of addresses {maclist} cannot be read: {cause.Message}");
        }
    }

    /// <summary>Wakes minions whose network cards the master remembers.</summary>
    /// <param name="tgt">Whom.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <param name="bcast">The network's broadcast address.</param>
    /// <param name="destport">The port.</param>
    /// <returns>The addresses.</returns>
    /// <example><code>salt-run network.wolmatch minion_id</code></example>
    [SaltRunner("network.wolmatch")]
    public static Task<ListValue> WolMatch(CallContext context, Value tgt, string tgtType = "glob", string bcast = "255.255.255.255", int destport = 9) =>
        WakeAsync(context, from minion in CacheRunner.Grains(context, tgt, tgtType)
                           from card in ((MapValue)minion.Value).MapOf("hwaddr_interfaces")
                           where card.Key.ToString() != "lo"
                           select card.Value.ToString().Trim(), bcast, destport);

    private static async Task<ListValue> WakeAsync(CallContext context, IEnumerable<string> macs, string bcast, int destport)
    {
        var woken = macs.ToList();
        foreach (var mac in woken) await Probes.WakeAsync(mac, bcast, destport, context.Stopped).ConfigureAwait(false);
        return ListValue.OfTexts(woken);
    }
}
