namespace SaltActors.CommandLine.Options.Programs;

/// <summary>The options of <c>salt-run</c>.</summary>
internal static class RunProgram
{
    internal static CommandProgram Table => new("salt-run", "[options] <function> [arguments]", "master", "Runs a runner: a function on the master itself.",
        [
            .. SharedOptions.Basic,
            CommandOption.Integer("-t --timeout", "timeout", "Seconds to wait for an answer.", 1),
            CommandOption.Flag("--args-stdin", "args_stdin", "Read further arguments from stdin, one a line."),
            CommandOption.Text("--jid", "jid", "Job id to use."),
            CommandOption.Flag("--hard-crash", "hard_crash", "Let exceptions through instead of a short message."),
            CommandOption.Text("--no-parse", "no_parse", "Comma list of keywords whose values stay text.", "", metavar: "argname1,argname2,..."),
            CommandOption.Flag("-d --doc --documentation", "doc", "Show the documentation of a function or module."),
            CommandOption.Flag("--async", "async", "Start the job and do not wait for it."),
            CommandOption.Flag("--skip-grains", "skip_grains", "Do not collect grains."),
            .. SharedOptions.Authentication,
            .. SharedOptions.Output,
            CommandOption.Text("--profiling-path", "profiling_path", "Folder of profiles.", group: "Profiling support"),
            CommandOption.Flag("--enable-profiling", "profiling_enabled", "Profile the run.", group: "Profiling support"),
            CommandOption.Flag("--quiet", "quiet", "Print less.", group: "Output Options"),
            .. SharedOptions.Logging("log_file"),
        ]);
}
