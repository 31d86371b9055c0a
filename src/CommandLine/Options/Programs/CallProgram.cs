using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options.Programs;

/// <summary>The options of <c>salt-call</c>.</summary>
internal static class CallProgram
{
    internal static CommandProgram Table => new("salt-call", "[options] <function> [arguments]", "minion", "Runs a function on this machine, as its minion would.",
        [
            .. SharedOptions.Basic,
            CommandOption.Text("--proxyid", "proxyid", "Id of the proxy minion."),
            CommandOption.Text("--module-executors", "module_executors", "Executors that run the function on the minion, as a YAML list.", metavar: "EXECUTOR_LIST"),
            CommandOption.Text("--executor-opts", "executor_opts", "Options of the executors, as a YAML map.", metavar: "EXECUTOR_OPTS"),
            CommandOption.Text("--cachedir", "cachedir", "Folder of cached data.", "/var/cache/salt/"),
            CommandOption.Flag("--args-stdin", "args_stdin", "Read further arguments from stdin, one a line."),
            CommandOption.Flag("--hard-crash", "hard_crash", "Let exceptions through instead of a short message."),
            CommandOption.Text("--no-parse", "no_parse", "Comma list of keywords whose values stay text.", "", metavar: "argname1,argname2,..."),
            CommandOption.Flag("-g --grains", "grains_run", "Show the grains of this machine."),
            CommandOption.Text("-m --module-dirs", "module_dirs", "Further folder of modules; may be given several times.", ListValue.Empty) with { Action = OptionAction.Append },
            CommandOption.Flag("-d --doc --documentation", "doc", "Show the documentation of a function or module."),
            CommandOption.Text("--master", "master", "Master to use instead of the configured one.", ""),
            CommandOption.Text("--return", "return", "Comma list of returners that also get the result.", "", metavar: "RETURNER"),
            CommandOption.Flag("--local", "local", "Run without a master."),
            CommandOption.Text("--file-root", "file_root", "Folder of the file server's base environment."),
            CommandOption.Text("--pillar-root", "pillar_root", "Folder of the pillar's base environment."),
            CommandOption.Text("--states-dir", "states_dir", "Further folder of state modules."),
            CommandOption.Flag("--retcode-passthrough", "retcode_passthrough", "Exit with the function's own return code."),
            CommandOption.Flag("--metadata", "print_metadata", "Print what came with the result too."),
            CommandOption.Text("--set-metadata", "metadata", "Data to store with the job, as YAML.", metavar: "METADATA"),
            CommandOption.Text("--id", "id", "Minion id to use instead of the configured one.", ""),
            CommandOption.Flag("--skip-grains", "skip_grains", "Do not collect grains."),
            CommandOption.Flag("--refresh-grains-cache", "refresh_grains_cache", "Collect the grains anew."),
            CommandOption.Flag("--no-return-event", "no_return_event", "Do not send the result to the master."),
            CommandOption.Integer("-t --timeout", "auth_timeout", "Seconds to wait for the master.", 60),
            CommandOption.Flag("--output-diff", "state_output_diff", "Hide states that changed nothing."),
            .. SharedOptions.Output,
            CommandOption.Text("--profiling-path", "profiling_path", "Folder of profiles.", group: "Profiling support"),
            CommandOption.Flag("--enable-profiling", "profiling_enabled", "Profile the run.", group: "Profiling support"),
            .. SharedOptions.Logging("log_file"),
        ]);
}
