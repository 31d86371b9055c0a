using System.Net;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Hosts;

/// <summary>The states of <c>host</c>: names of addresses in <c>/etc/hosts</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/host.py.</remarks>
public static class HostState
{
    /// <summary>Keeps a name for addresses.</summary>
    /// <param name="name">The name.</param>
    /// <param name="ip">An address, or a list.</param>
    /// <param name="comment">A comment behind the line.</param>
    /// <param name="clean">Take the name from all other addresses.</param>
    [SaltState("host.present")]
    public static MapValue Present(CallContext context, string name, Value ip, string? comment = null, bool clean = false)
    {
        var addresses = (ip is ListValue list ? list.Select(i => i.ToString()) : [ip.ToString()]).Distinct().ToList();
        if (addresses.Find(a => !IPAddress.TryParse(a, out _)) is { } broken) return StateResult.Failed(name, $"ip: '{broken}' is not an address, as 10.0.0.1 or fd00::1");
        var file = HostsFile.Read(HostsModule.PathOf(context));
        var others = file.Entries.Where(e => e.Names.Contains(name) && !addresses.Contains(e.Address!)).Select(e => e.Address!).Distinct().ToList();
        var (lines, added, removed, warnings) = (new List<string>(), new MapValue.Builder(), new MapValue.Builder(), new List<string>());
        foreach (var address in addresses)
        {
            if (file.NamesOf(address).Contains(name))
            {
                lines.Add($"Host {name} ({address}) already present");
                continue;
            }
            added[address] = ListValue.OfTexts([name]);
            lines.Add(context.IsTest ? $"Host {name} ({address}) would be added" : $"Added host {name} ({address})");
            file = file.Adding(address, name);
        }
        foreach (var other in others)
        {
            if (!clean)
            {
                warnings.Add($"Host {name} present for IP address {other}. To get rid of this warning, either run this state with 'clean' set to True to remove {name} from {other}, or add {other} to the 'ip' argument.");
                continue;
            }
            removed[other] = ListValue.OfTexts([name]);
            lines.Add(context.IsTest ? $"Host {name} ({other}) would be removed" : $"Removed host {name} ({other})");
            file = file.Without(other, name);
        }
        var changes = MapValue.Empty;
        if (added.Build() is { Count: > 0 } more) changes = changes.With("added", more);
        if (removed.Build() is { Count: > 0 } less) changes = changes.With("removed", less);
        if (comment is not null) foreach (var address in addresses) if (file.Entries.First(e => e.Address == address) is var entry && entry.Comment?.TrimStart('#', ' ') != comment)
        {
            file = file.With(address, [.. file.NamesOf(address)], comment);
            changes = changes.With("comment_added", MapValue.Of((address, ListValue.OfTexts([comment]))));
            lines.Add(context.IsTest ? $"Comment for {name} ({address}) would be added" : $"Set comment for host {name} ({address})");
        }
        if (changes.Count > 0 && !context.IsTest) file.Write();
        var result = StateResult.Of(name, changes.Count > 0 && context.IsTest ? null : true, string.Join('\n', lines), changes);
        return warnings.Count == 0 ? result : result.With("warnings", ListValue.OfTexts(warnings));
    }

    /// <summary>Keeps a name away from addresses.</summary>
    /// <param name="name">The name.</param>
    /// <param name="ip">An address, or a list.</param>
    [SaltState("host.absent")]
    public static MapValue Absent(CallContext context, string name, Value ip)
    {
        var file = HostsFile.Read(HostsModule.PathOf(context));
        var (lines, changes, isNeeded) = (new List<string>(), MapValue.Empty, false);
        foreach (var address in ip is ListValue list ? list.Select(i => i.ToString()) : [ip.ToString()])
        {
            if (!file.NamesOf(address).Contains(name))
            {
                lines.Add($"Host {name} ({address}) already absent");
                continue;
            }
            isNeeded = true;
            lines.Add(context.IsTest ? $"Host {name} ({address}) needs to be removed" : $"Removed host {name} ({address})");
            changes = changes.With("host", name);
            file = file.Without(address, name);
        }
        if (isNeeded && !context.IsTest) file.Write();
        return StateResult.Of(name, isNeeded && context.IsTest ? null : true, string.Join('\n', lines), changes);
    }

    /// <summary>Keeps exactly these names for an address.</summary>
    /// <param name="name">The address.</param>
    /// <param name="hostnames">A name, or a list.</param>
    [SaltState("host.only")]
    public static MapValue Only(CallContext context, string name, Value hostnames)
    {
        if (!IPAddress.TryParse(name, out _)) return StateResult.Failed(name, $"'{name}' is not an address, as 10.0.0.1 or fd00::1");
        var file = HostsFile.Read(HostsModule.PathOf(context));
        var (old, now) = (string.Join(' ', file.NamesOf(name)), string.Join(' ', hostnames is ListValue list ? list.Select(h => h.ToString()) : [hostnames.ToString()]));
        if (old == now) return StateResult.Of(name, true, $"IP address {name} already set to \"{now}\"");
        var changes = MapValue.Of((name, MapValue.Of(("old", old), ("new", now))));
        if (context.IsTest) return StateResult.Of(name, null, $"Would change {name} from \"{old}\" to \"{now}\"", changes);
        file.With(name, [.. now.Split(' ', StringSplitOptions.RemoveEmptyEntries)], null).Write();
        return StateResult.Of(name, true, $"successfully changed {name} from \"{old}\" to \"{now}\"", changes);
    }
}
