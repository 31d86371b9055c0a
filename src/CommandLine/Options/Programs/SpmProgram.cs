namespace SaltActors.CommandLine.Options.Programs;

/// <summary>The options of <c>spm</c>.</summary>
internal static class SpmProgram
{
    internal static CommandProgram Table => new("spm", "[options] <function> <argument>", "spm", "Manages packages of states.",
        [
            .. SharedOptions.Basic,
            CommandOption.Flag("-y --assume-yes", "assume_yes", "Answer yes to all questions."),
            CommandOption.Flag("-f --force", "force", "Replace what is there."),
            CommandOption.Flag("-v --verbose", "verbose", "Say more about what is done."),
            .. SharedOptions.Logging("spm_logfile"),
        ]);
}
