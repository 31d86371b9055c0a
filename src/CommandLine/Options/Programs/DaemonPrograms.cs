namespace SaltActors.CommandLine.Options.Programs;

/// <summary>The options of the programs that run on.</summary>
internal static class DaemonPrograms
{
    internal static CommandProgram Master => new("salt-master", "[options]", "master", "The master: takes commands, publishes jobs, collects returns.",
        [
            .. SharedOptions.Basic,
            CommandOption.Text("-u --user", "user", "User to run as."),
            CommandOption.Flag("-d --daemon", "daemon", "Run in the background."),
            CommandOption.Text("--pid-file", "pidfile", "File of the process id.", "/var/run/salt-master.pid"),
            .. SharedOptions.Logging("log_file"),
        ]);

    internal static CommandProgram Minion => new("salt-minion", "[options]", "minion", "The minion: takes jobs from its master and runs them.",
        [
            .. SharedOptions.Basic,
            CommandOption.Text("-u --user", "user", "User to run as."),
            CommandOption.Flag("-d --daemon", "daemon", "Run in the background."),
            CommandOption.Text("--pid-file", "pidfile", "File of the process id.", "/var/run/salt-minion.pid"),
            .. SharedOptions.Logging("log_file"),
        ]);

    internal static CommandProgram Syndic => new("salt-syndic", "[options]", "master", "The syndic: passes jobs of a higher master to the minions below.",
        [
            .. SharedOptions.Basic,
            CommandOption.Text("-u --user", "user", "User to run as."),
            CommandOption.Flag("-d --daemon", "daemon", "Run in the background."),
            CommandOption.Text("--pid-file", "pidfile", "File of the process id.", "/var/run/salt-syndic.pid"),
            .. SharedOptions.Logging("syndic_log_file"),
        ]);

    internal static CommandProgram Api => new("salt-api", "[options]", "master", "Serves the REST interface.",
        [
            new("--version", null, "Show the version and exit.") { Action = OptionAction.Version },
            new("-V --versions-report", "versions_report", "Show the versions of the product and of what it runs on, and exit.") { Action = OptionAction.SetTrue },
            new("-h --help", null, "Show this help and exit.") { Action = OptionAction.Help },
            CommandOption.Text("-c --config-dir", "config_dir", "Folder of the configuration files. Default: /etc/salt, or $SALT_CONFIG_DIR.", "/etc/salt"),
            CommandOption.Flag("-d --daemon", "daemon", "Run in the background."),
            CommandOption.Text("--pid-file", "pidfile", "File of the process id.", "/var/run/salt-api.pid"),
            .. SharedOptions.Logging("api_logfile"),
        ]);

    internal static CommandProgram Proxy => new("salt-proxy", "[options]", "proxy", "The proxy minion: stands for a device that runs no minion.",
        [
            .. SharedOptions.Basic,
            CommandOption.Text("--proxyid", "proxyid", "Id of the proxy minion."),
            CommandOption.Text("-u --user", "user", "User to run as."),
            CommandOption.Flag("-d --daemon", "daemon", "Run in the background."),
            CommandOption.Text("--pid-file", "pidfile", "File of the process id.", "/var/run/salt-proxy.pid"),
            .. SharedOptions.Logging("log_file"),
        ]);
}
