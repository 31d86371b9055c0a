using System.Net;
using SaltActors.Core.Configuration;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Configuration;

/// <summary>What a minion is called: Salt's rules.</summary>
/// <remarks>
/// The option <c>id</c>, else the name kept in <c>minion_id</c>, else found: the full host name, the host name, <c>/etc/hostname</c>, <c>/etc/nodename</c>,
/// the names of this machine in <c>/etc/hosts</c>, its first address that is not a loopback, <c>localhost</c>. Names that every machine has are passed over.
/// </remarks>
/// <param name="files">For the kept name and the system's files.</param>
/// <param name="hostName">The machine's own name.</param>
/// <param name="fullName">Asks for the full host name; may be slow.</param>
/// <param name="addresses">The machine's addresses, as text; none where null.</param>
public sealed class MinionName(IConfigurationFiles files, Func<string> hostName, Func<string> fullName, Func<IEnumerable<string>>? addresses = null)
{
    private static readonly string[] SystemFiles = ["/etc/hostname", "/etc/nodename", "/etc/hosts"];

    /// <summary>The id, and whether it was found rather than given: then it is to be kept in <c>minion_id</c>, where <c>minion_id_caching</c> is on.</summary>
    /// <exception cref="ConfigurationBroken">The id is no legal one.</exception>
    public (string Id, bool IsFound) Of(MapValue options, string configDir)
    {
        var (id, isFound) = Unshaped(options, configDir);
        // A domain is no part of an address.
        if (!(isFound && IPAddress.TryParse(id, out _))) id = WithDomain(id, options);
        if (MinionId.TryParse(id, out _)) return (id, isFound);
        var option = options.TextOf("id") is { Length: > 0 } ? "the option 'id'" : "the id that was found";
        throw new ConfigurationBroken($"{option} is '{id}', which is no legal minion id: it becomes a file name, so it may hold no '/', '\\' or control characters, and must not begin with a dot");
    }

    /// <summary>What a master calls itself where it acts as a minion: its own <c>id</c>, else the minion's name and <c>_master</c>.</summary>
    public string OfMaster(MapValue options, string configDir) =>
        options.TextOf("id") is { Length: > 0 } given ? WithDomain(given, options) : Of(options, configDir).Id + "_master";

    private (string Id, bool IsFound) Unshaped(MapValue options, string configDir)
    {
        if (options.TextOf("id") is { Length: > 0 } given) return (given, false);
        var keeps = options.Get("minion_id_caching") is not { IsTruthy: false };
        if (keeps && Kept(files.Read(Path.Join(configDir, "minion_id"))) is { } kept) return (kept, false);
        if (options.Get("id_function") is { IsTruthy: true } function)
            throw new ConfigurationBroken($"the option 'id_function' names {PythonText.Repr(function)}, but functions cannot be called before the minion has a name; give the id with 'id'");
        var id = Candidates().Where(name => !IsEverybodys(name)).FirstOrDefault("localhost");
        var typed = new TypedOptions(options);
        if (typed.Flag("minion_id_lowercase")) id = id.ToLowerInvariant();
        return (WithoutDomain(id, options.Get("minion_id_remove_domain")), true);
    }

    private static string? Kept(string? text)
    {
        var name = text?.TrimStart('\ufeff').Split('\n')[0].Trim();
        return name is { Length: > 0 } and not "localhost" && MinionId.TryParse(name, out _) ? name : null;
    }

    private IEnumerable<string> Candidates()
    {
        yield return fullName();
        yield return hostName();
        foreach (var file in SystemFiles)
            foreach (var line in (files.Read(file) ?? "").Split('\n'))
            {
                var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (words.Length != 1 && !(words.Length > 1 && (words[0].StartsWith("127.", StringComparison.Ordinal) || words[0].StartsWith("::1", StringComparison.Ordinal)))) continue;
                foreach (var word in words) yield return word;
            }
        if (addresses is null) yield break;
        foreach (var address in addresses())
            if (IPAddress.TryParse(address, out var own) && !IPAddress.IsLoopback(own)) yield return address;
    }

    // What names no machine: localhost, ip6-localnet, 127.1 and the like; nor what is no legal id at all.
    private static bool IsEverybodys(string name) =>
        !MinionId.TryParse(name, out _) || name.StartsWith("localhost", StringComparison.Ordinal) || name.StartsWith("ip6-", StringComparison.Ordinal) || name.StartsWith("ipv6-", StringComparison.Ordinal)
        || name.StartsWith("127.", StringComparison.Ordinal) || name == "0.0.0.0" || name.StartsWith("::1", StringComparison.Ordinal) || name.StartsWith("fe00::", StringComparison.Ordinal)
        || name.StartsWith("fe02::", StringComparison.Ordinal) || name.EndsWith(".ip6.arpa", StringComparison.Ordinal) && name.StartsWith("1.0.0", StringComparison.Ordinal) || name == "(none)";

    private static string WithoutDomain(string id, Value? remove) => remove switch
    {
        BoolValue { IsTrue: true } => id.Split('.')[0],
        TextValue { Text: { Length: > 0 } domain } when id.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase) => id[..^(domain.Length + 1)],
        _ => id,
    };

    // A dot at the end says that the name is whole.
    private static string WithDomain(string id, MapValue options) =>
        options.TextOf("append_domain") is { Length: > 0 } domain && !id.EndsWith(domain, StringComparison.Ordinal) && !id.EndsWith('.') ? $"{id}.{domain}" : id;
}
