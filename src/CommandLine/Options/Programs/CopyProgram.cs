namespace SaltActors.CommandLine.Options.Programs;

/// <summary>The options of <c>salt-cp</c>.</summary>
internal static class CopyProgram
{
    internal static CommandProgram Table => new("salt-cp", "[options] '<target>' SOURCE DEST", "master", "Copies files to minions.",
        [
            .. SharedOptions.Basic,
            CommandOption.Integer("-t --timeout", "timeout", "Seconds to wait for an answer.", 5),
            CommandOption.Flag("--hard-crash", "hard_crash", "Let exceptions through instead of a short message."),
            .. SharedOptions.Targets,
            .. SharedOptions.Delimiter,
            .. SharedOptions.Output,
            CommandOption.Flag("-C --chunked", "chunked", "Send in pieces: for large files and folders.", group: "File Options"),
            new("-n --no-compression", "gzip", "Do not compress.") { Action = OptionAction.SetFalse, Default = true, Group = "File Options" },
            .. SharedOptions.Logging("log_file"),
        ]);
}
