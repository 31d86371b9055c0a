using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Hosts;

/// <summary>The module <c>hosts</c>: names of addresses in <c>/etc/hosts</c>.</summary>
/// <remarks>Follows Salt 3006, salt/modules/hosts.py.</remarks>
public static class HostsModule
{
    /// <summary>All lines: address → <c>aliases</c>; comments under <c>comment-0</c> and on.</summary>
    /// <example><code>salt '*' hosts.list_hosts</code></example>
    [SaltFunction("hosts.list_hosts")]
    public static MapValue ListHosts(CallContext context) => HostsFile.Read(PathOf(context)).ToValue();

    /// <summary>The address of a name; empty text for none.</summary>
    /// <param name="host">The name.</param>
    /// <example><code>salt '*' hosts.get_ip host.example</code></example>
    [SaltFunction("hosts.get_ip")]
    public static string GetIp(CallContext context, string host) => HostsFile.Read(PathOf(context)).Entries.FirstOrDefault(e => e.Names.Contains(host))?.Address ?? "";

    /// <summary>The names of an address.</summary>
    /// <param name="ip">The address.</param>
    /// <example><code>salt '*' hosts.get_alias 127.0.0.1</code></example>
    [SaltFunction("hosts.get_alias")]
    public static ListValue GetAlias(CallContext context, string ip) => ListValue.OfTexts(HostsFile.Read(PathOf(context)).NamesOf(ip));

    /// <summary>Whether an address has a name.</summary>
    /// <param name="ip">The address.</param>
    /// <param name="alias">The name, or a list of which all must be there.</param>
    /// <example><code>salt '*' hosts.has_pair 127.0.0.1 localhost</code></example>
    [SaltFunction("hosts.has_pair")]
    public static bool HasPair(CallContext context, string ip, Value alias)
    {
        var names = HostsFile.Read(PathOf(context)).NamesOf(ip);
        return (alias is ListValue list ? [.. list] : (IReadOnlyList<Value>)[alias]).All(a => names.Contains(a.ToString()));
    }

    /// <summary>Gives an address these names and no others; no names removes it.</summary>
    /// <param name="ip">The address.</param>
    /// <param name="alias">A name, a list, or names with blanks between them.</param>
    /// <param name="comment">A comment behind the line.</param>
    /// <example><code>salt '*' hosts.set_host 10.0.0.1 host.example</code></example>
    [SaltFunction("hosts.set_host")]
    public static bool SetHost(CallContext context, string ip, Value alias, string? comment = null)
    {
        var names = alias is ListValue list ? list.Select(a => a.ToString()) : alias.ToString().Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        HostsFile.Read(PathOf(context)).With(ip, [.. names], comment).Write();
        return true;
    }

    /// <summary>Takes a name from an address.</summary>
    /// <param name="ip">The address.</param>
    /// <param name="alias">The name.</param>
    /// <example><code>salt '*' hosts.rm_host 10.0.0.1 host.example</code></example>
    [SaltFunction("hosts.rm_host")]
    public static bool RmHost(CallContext context, string ip, string alias)
    {
        var file = HostsFile.Read(PathOf(context));
        if (!file.NamesOf(ip).Contains(alias)) return true;
        file.Without(ip, alias).Write();
        return true;
    }

    /// <summary>Gives an address one more name.</summary>
    /// <param name="ip">The address.</param>
    /// <param name="alias">The name.</param>
    /// <example><code>salt '*' hosts.add_host 10.0.0.1 host.example</code></example>
    [SaltFunction("hosts.add_host")]
    public static bool AddHost(CallContext context, string ip, string alias)
    {
        var file = HostsFile.Read(PathOf(context));
        if (!file.NamesOf(ip).Contains(alias)) file.Adding(ip, alias).Write();
        return true;
    }

    internal static string PathOf(CallContext context) => context.Options.TextOf("hosts.file") ?? "/etc/hosts";
}
