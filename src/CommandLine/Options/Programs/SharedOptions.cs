using System.Collections.Immutable;

namespace SaltActors.CommandLine.Options.Programs;

/// <summary>Options that several programs have.</summary>
internal static class SharedOptions
{
    private const string LoggingGroup = "Logging Options";

    /// <summary>Version, help, where the configuration is.</summary>
    internal static readonly ImmutableArray<CommandOption> Basic =
    [
        new("--version", null, "Show the version and exit.") { Action = OptionAction.Version },
        new("-V --versions-report", "versions_report", "Show the versions of the product and of what it runs on, and exit.") { Action = OptionAction.SetTrue },
        new("-h --help", null, "Show this help and exit.") { Action = OptionAction.Help },
        CommandOption.Text("--saltfile", "saltfile", "File that holds option values under the name of this program. Default: ./Saltfile, then ~/.salt/Saltfile."),
        CommandOption.Text("-c --config-dir", "config_dir", "Folder of the configuration files. Default: /etc/salt, or $SALT_CONFIG_DIR.", "/etc/salt"),
    ];

    /// <summary>What the target text is; one of them at most.</summary>
    internal static readonly ImmutableArray<CommandOption> Targets =
    [
        CommandOption.Flag("-H --hosts", "list_hosts", "List the known hosts.", group: "Target Options"),
        CommandOption.Flag("-E --pcre", "pcre", "The target is a regular expression on minion ids.", group: "Target Options"),
        CommandOption.Flag("-L --list", "list", "The target is a list of minion ids, by commas or blanks.", group: "Target Options"),
        CommandOption.Flag("-G --grain", "grain", "The target is a grain and a glob on its value, as os:Arch*.", group: "Target Options"),
        CommandOption.Flag("-P --grain-pcre", "grain_pcre", "The target is a grain and a regular expression on its value.", group: "Target Options"),
        CommandOption.Flag("-N --nodegroup", "nodegroup", "The target is the name of a node group.", group: "Target Options"),
        CommandOption.Flag("-R --range", "range", "The target is a range expression.", group: "Target Options"),
    ];

    /// <summary>Kinds of targets that <c>salt</c> alone has.</summary>
    internal static readonly ImmutableArray<CommandOption> MoreTargets =
    [
        CommandOption.Flag("-C --compound", "compound", "The target combines several kinds, as G@os:Debian and web*.", group: "Target Options"),
        CommandOption.Flag("-I --pillar", "pillar_target", "The target is a pillar key and a glob on its value.", group: "Target Options"),
        CommandOption.Flag("-J --pillar-pcre", "pillar_pcre", "The target is a pillar key and a regular expression on its value.", group: "Target Options"),
        CommandOption.Flag("-S --ipcidr", "ipcidr", "The target is an address or network.", group: "Target Options"),
    ];

    /// <summary>How nested keys are written in targets.</summary>
    internal static readonly ImmutableArray<CommandOption> Delimiter =
    [
        CommandOption.Text("--delimiter", "delimiter", "Separator of the keys in grain and pillar targets.", ":", group: "Additional Target Options"),
    ];

    /// <summary>Who the user is, where the master asks an external system.</summary>
    internal static readonly ImmutableArray<CommandOption> Authentication =
    [
        CommandOption.Text("-a --auth --eauth --external-auth", "eauth", "External system that knows the user.", "", group: "External Authentication"),
        CommandOption.Flag("-T --make-token", "mktoken", "Keep a token, so that later calls need no password.", group: "External Authentication"),
        CommandOption.Text("--username", "username", "User for external authentication.", group: "External Authentication"),
        CommandOption.Text("--password", "password", "Password for external authentication.", group: "External Authentication"),
    ];

    /// <summary>How results are shown.</summary>
    internal static readonly ImmutableArray<CommandOption> Output =
    [
        CommandOption.Text("--out --output", "output", "Outputter that shows the result.", group: "Output Options"),
        CommandOption.Integer("--out-indent --output-indent", "output_indent", "Columns a level of the output; below zero for one line.", group: "Output Options"),
        CommandOption.Text("--out-file --output-file", "output_file", "Write the output to this file.", group: "Output Options"),
        CommandOption.Flag("--out-file-append --output-file-append", "output_file_append", "Append to the output file.", group: "Output Options"),
        CommandOption.Flag("--no-color --no-colour", "no_color", "Print without colours.", group: "Output Options"),
        CommandOption.Flag("--force-color --force-colour", "force_color", "Print with colours also where this is no terminal.", group: "Output Options"),
        CommandOption.Text("--state-output --state_output", "state_output", "How states are shown: full, terse, mixed, changes or filter, each also with _id.", group: "Output Options"),
        CommandOption.Text("--state-verbose --state_verbose", "state_verbose", "Show successful states without changes: True or False.", group: "Output Options"),
    ];

    /// <summary>Levels and file of the log.</summary>
    /// <param name="fileSetting">The setting that holds the file of this program's log.</param>
    /// <param name="shortLevel">False where <c>-l</c> means something else.</param>
    internal static ImmutableArray<CommandOption> Logging(string fileSetting, bool shortLevel = true) =>
    [
        new(shortLevel ? "-l --log-level" : "--log-level", "log_level", "Least level of log lines on the console.")
        {
            Kind = OptionKind.Choice, Group = LoggingGroup,
            Choices = ["all", "debug", "error", "critical", "garbage", "info", "profile", "quiet", "trace", "warning"],
        },
        CommandOption.Text("--log-file", fileSetting, "File of the log.", group: LoggingGroup),
        new("--log-file-level", "log_level_logfile", "Least level of log lines in the file.")
        {
            Kind = OptionKind.Choice, Group = LoggingGroup,
            Choices = ["all", "garbage", "trace", "debug", "profile", "info", "warning", "error", "critical", "quiet"],
        },
    ];
}
