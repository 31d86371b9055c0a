using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Rendering.Configuration;

/// <summary>What a minion is called where its configuration does not say: Salt's rules.</summary>
/// <param name="files">For the cached name and <c>/etc/hostname</c>.</param>
/// <param name="hostName">The machine's own name.</param>
/// <param name="fullName">Asks for the full host name; may be slow.</param>
public sealed class MinionName(IConfigurationFiles files, Func<string> hostName, Func<string> fullName)
{
    /// <summary>The id, and whether it was found rather than given.</summary>
    /// <exception cref="ConfigurationBroken">The configured id is no legal one.</exception>
    public (string Id, bool IsFound) Of(MapValue options, string configDir)
    {
        if (options.TextOf("id") is { Length: > 0 } given)
            return MinionId.TryParse(given, out _) ? (given, false)
                : throw new ConfigurationBroken($"the option 'id' is '{given}', which is no legal minion id: it becomes a file name, so it may hold no '/', '\\' or control characters, and must not begin with a dot");
        if (options.Get("minion_id_caching") is not { IsTruthy: false } && files.Read(Path.Combine(configDir, "minion_id"))?.Trim() is { Length: > 0 } cached && MinionId.TryParse(cached, out _))
            return (cached, false);
        var found = Candidates().First(name => MinionId.TryParse(name, out _) && !name.StartsWith("localhost.", StringComparison.Ordinal));
        return (Shaped(found, options), true);
    }

    private IEnumerable<string> Candidates()
    {
        if (fullName() is { } full && IsName(full)) yield return full;
        if (files.Read("/etc/hostname")?.Trim() is { } file && IsName(file)) yield return file;
        if (hostName() is { } host && IsName(host)) yield return host;
        yield return "localhost";
    }

    private static bool IsName(string name) => name.Length > 0 && name is not ("localhost" or "localhost.localdomain" or "(none)");

    private static string Shaped(string id, MapValue options)
    {
        if (options.Get("minion_id_lowercase") is { IsTruthy: true }) id = id.ToLowerInvariant();
        var dot = id.IndexOf('.');
        switch (options.Get("minion_id_remove_domain"))
        {
            case TextValue { Text: { Length: > 0 } domain } when id.EndsWith("." + domain, StringComparison.Ordinal): id = id[..^(domain.Length + 1)]; break;
            case BoolValue { IsTrue: true } when dot > 0: id = id[..dot]; break;
        }
        if (options.TextOf("append_domain") is { Length: > 0 } append && !id.Contains('.', StringComparison.Ordinal)) id = $"{id}.{append}";
        return id;
    }
}
