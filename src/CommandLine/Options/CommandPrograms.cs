using SaltActors.CommandLine.Options.Programs;

namespace SaltActors.CommandLine.Options;

/// <summary>The programs by name. A table is built when it is asked for, so that a command builds its own alone.</summary>
public static class CommandPrograms
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "salt", "salt-call", "salt-key", "salt-run", "salt-cp", "salt-master", "salt-minion", "salt-syndic",
        "salt-ssh", "salt-cloud", "salt-api", "salt-proxy", "spm",
    ];

    /// <summary>Those that this build runs.</summary>
    public static IReadOnlyList<string> Built { get; } = ["salt", "salt-call", "salt-key", "salt-run", "salt-cp", "salt-master", "salt-minion"];

    /// <summary>The program, or null where there is none of this name.</summary>
    public static CommandProgram? Find(string name) => name switch
    {
        "salt" => SaltProgram.Table,
        "salt-call" => CallProgram.Table,
        "salt-key" => KeyProgram.Table,
        "salt-run" => RunProgram.Table,
        "salt-cp" => CopyProgram.Table,
        "salt-master" => DaemonPrograms.Master,
        "salt-minion" => DaemonPrograms.Minion,
        "salt-syndic" => DaemonPrograms.Syndic,
        "salt-ssh" => SshProgram.Table,
        "salt-cloud" => CloudProgram.Table,
        "salt-api" => DaemonPrograms.Api,
        "salt-proxy" => DaemonPrograms.Proxy,
        "spm" => SpmProgram.Table,
        _ => null,
    };
}
