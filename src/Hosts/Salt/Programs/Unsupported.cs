using SaltActors.CommandLine.Options;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>Options that Salt has and this version has not. They are refused: an option that is read and forgotten would be a lie.</summary>
internal static class Unsupported
{
    private static readonly Dictionary<string, string[]> Options = new()
    {
        ["salt"] = ["module_executors", "executor_opts", "list_hosts"],
        ["salt-call"] = ["module_executors", "executor_opts", "module_dirs", "states_dir", "file_root", "pillar_root", "proxyid", "profiling_path",
            "profiling_enabled", "set_metadata", "hard_crash", "state_output_diff", "user"],
        ["salt-key"] = ["eauth", "username", "password", "gen_keys", "gen_keys_dir", "keysize", "gen_signature", "priv", "pub", "signature_path", "auto_create", "user", "hard_crash", "key_logfile"],
        ["salt-run"] = ["daemon", "jid", "eauth", "mktoken", "username", "password", "skip_grains", "profiling_path", "profiling_enabled", "hard_crash", "user"],
        ["salt-minion"] = ["daemon", "user", "hard_crash"],
    };

    internal static CommandLineStop? Check(ParsedCommandLine parsed)
    {
        var given = Options[parsed.Program].Where(parsed.Typed.Contains).ToList();
        return given.Count == 0 ? null
            : CommandLineParser.Error(parsed.Program, $"not available in this version: {string.Join(", ", given.Select(o => "--" + o.Replace('_', '-')))}");
    }
}
