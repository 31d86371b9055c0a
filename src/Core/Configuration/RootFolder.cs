using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Core.Configuration;

/// <summary>What <c>root_dir</c> does: the paths of a configuration move below it, unless they lie there already.</summary>
internal static class RootFolder
{
    private static readonly ImmutableArray<string> OfMinion = ["pki_dir", "cachedir", "sock_dir", "extension_modules", "pidfile", "log_file", "key_logfile"];
    private static readonly ImmutableArray<string> OfMaster =
    [
        "pki_dir", "cachedir", "pidfile", "sock_dir", "extension_modules", "autosign_file", "autoreject_file", "token_dir", "syndic_dir", "sqlite_queue_dir", "autosign_grains_dir",
        "log_file", "key_logfile", "ssh_log_file", "syndic_log_file", "syndic_pidfile",
    ];
    private static readonly ImmutableArray<string> OfApi = ["api_pidfile", "api_logfile"];
    private static readonly ImmutableArray<string> OfSpm = ["formula_path", "pillar_path", "reactor_path", "spm_cache_dir", "spm_build_dir", "spm_logfile"];

    internal static MapValue Move(ConfigurationRole role, MapValue options)
    {
        var root = options.TextOf("root_dir") is { Length: > 0 } given ? given.TrimEnd('/') : "";
        var moved = options.ToBuilder();
        foreach (var name in Names(role))
            if (options.TextOf(name) is { Length: > 0 } path) moved[name] = Below(root, path);
        return moved.Build();
    }

    private static IEnumerable<string> Names(ConfigurationRole role) => role switch
    {
        ConfigurationRole.Minion or ConfigurationRole.Proxy => OfMinion,
        ConfigurationRole.Api => OfMaster.AddRange(OfApi),
        ConfigurationRole.Spm => OfMaster.AddRange(OfSpm),
        _ => OfMaster,
    };

    /// <summary>A path below a root; what has a scheme (<c>udp://host</c>, <c>file:///dev/log</c>) is no path.</summary>
    internal static string Below(string root, string path)
    {
        if (HasScheme(path) || path == root || root.Length > 0 && path.StartsWith(root + "/", StringComparison.Ordinal)) return path;
        return root + "/" + path.TrimStart('/');
    }

    private static bool HasScheme(string path)
    {
        var colon = path.IndexOf(':');
        return colon > 0 && char.IsAsciiLetter(path[0]) && path.AsSpan(0, colon).IndexOfAnyExcept(SchemeChars) < 0;
    }

    private static readonly System.Buffers.SearchValues<char> SchemeChars = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
