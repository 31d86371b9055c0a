using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options.Programs;

/// <summary>The options of <c>salt</c>.</summary>
internal static class SaltProgram
{
    internal static CommandProgram Table => new("salt", "[options] '<target>' <function> [arguments]", "master", "Runs functions on minions and shows what they return.",
        [
            .. SharedOptions.Basic,
            CommandOption.Text("--module-executors", "module_executors", "Executors that run the function on the minion, as a YAML list.", metavar: "EXECUTOR_LIST"),
            CommandOption.Text("--executor-opts", "executor_opts", "Options of the executors, as a YAML map.", metavar: "EXECUTOR_OPTS"),
            CommandOption.Integer("-t --timeout", "timeout", "Seconds to wait for an answer.", 5),
            CommandOption.Flag("--args-stdin", "args_stdin", "Read further arguments from stdin, one a line."),
            CommandOption.Flag("--hard-crash", "hard_crash", "Let exceptions through instead of a short message."),
            CommandOption.Text("--no-parse", "no_parse", "Comma list of keywords whose values stay text.", "", metavar: "argname1,argname2,..."),
            CommandOption.Flag("-s --static", "static", "Collect all returns and print them once."),
            CommandOption.Flag("-p --progress", "progress", "Show a progress bar."),
            CommandOption.Flag("--failhard", "failhard", "Stop a batch at the first minion that fails."),
            CommandOption.Flag("--async", "async", "Start the job and do not wait for it."),
            CommandOption.Integer("--subset", "subset", "Run on this many minions of the target, chosen at random.", 0),
            CommandOption.Flag("-v --verbose", "verbose", "Say more about what is done."),
            new("--hide-timeout", "show_timeout", "Do not list minions that never answered.") { Action = OptionAction.SetFalse, Default = true },
            CommandOption.Flag("--show-jid", "show_jid", "Print the job id first."),
            CommandOption.Text("-b --batch --batch-size", "batch", "Run on this many minions at a time: a number, or a percentage as 10%.", ""),
            new("--batch-wait", "batch_wait", "Seconds to wait after a minion of a batch is done.") { Kind = OptionKind.Float, Default = 0 },
            CommandOption.Integer("--batch-safe-limit", "batch_safe_limit", "From this many matching minions on, run as a batch; 0 never.", 0),
            CommandOption.Text("--batch-safe-size", "batch_safe_size", "Size of such a batch.", 8),
            CommandOption.Text("--return", "return", "Comma list of returners that also get the result.", "", metavar: "RETURNER"),
            CommandOption.Text("--return_config", "return_config", "Other prefix of the returner's configuration.", "", metavar: "RETURNER_CONF"),
            CommandOption.Text("--return_kwargs", "return_kwargs", "Values that replace the returner's configuration, as a YAML map.", MapValue.Empty, metavar: "RETURNER_KWARGS"),
            CommandOption.Flag("-d --doc --documentation", "doc", "Show the documentation of a function or module."),
            CommandOption.Text("--args-separator", "args_separator", "Text between the arguments of several functions.", ","),
            CommandOption.Flag("--summary", "cli_summary", "Print counts after the results."),
            CommandOption.Text("--metadata", "metadata", "Data to store with the job, as YAML.", "", metavar: "METADATA"),
            CommandOption.Flag("--output-diff", "state_output_diff", "Hide states that changed nothing."),
            CommandOption.Flag("--config-dump", "config_dump", "Print the effective configuration and exit."),
            CommandOption.Flag("--preview-target", "preview_target", "Print the minions that the target matches, and run nothing."),
            .. SharedOptions.Targets,
            .. SharedOptions.MoreTargets,
            .. SharedOptions.Delimiter,
            .. SharedOptions.Authentication,
            .. SharedOptions.Output,
            .. SharedOptions.Logging("log_file"),
        ]);
}
