using SaltActors.Core.Values;

namespace SaltActors.Modules.Commands;

/// <summary>What the functions of <c>cmd</c> share.</summary>
/// <param name="Cwd">The folder to run in, absolute; the home of the user where none is given.</param>
/// <param name="Stdin">Text for the command to read. <c>\n</c> written as two characters is a line break.</param>
/// <param name="Runas">
/// The user to run as. The command gets that user's ids and groups, and <c>HOME</c>, <c>USER</c>, <c>LOGNAME</c> and <c>SHELL</c> of the account;
/// login scripts are not read. Only root may change the user.
/// </param>
/// <param name="Group">The main group to run with. Needs the program <c>setpriv</c>.</param>
/// <param name="Shell">The shell; the one of the grain <c>shell</c> where none is given.</param>
/// <param name="PythonShell">
/// Let the shell run the command (<c>True</c>), or split it into words and start the program itself. A command that a person or the API
/// sends goes to the shell where nothing is said; one that another function runs does not.
/// </param>
/// <param name="Env">Variables to add: a map, a list of maps, or lines <c>NAME=value</c>.</param>
/// <param name="CleanEnv">Give the command these variables only, and nothing of the minion's own.</param>
/// <param name="Template">
/// Render the command with this engine first. <c>jinja</c> is known; a command with no jinja in it is the same before and after,
/// any other is refused while commands cannot be rendered.
/// </param>
/// <param name="Rstrip">Cut white space from the end of the output.</param>
/// <param name="Umask">The mask for new files in octal digits, as <c>077</c>.</param>
/// <param name="OutputEncoding">The encoding of the output, as <c>utf-8</c> or <c>latin1</c>; UTF-8 where none is given.</param>
/// <param name="OutputLoglevel"><c>quiet</c> keeps the command out of every message.</param>
/// <param name="LogCallback">Taken for compatibility; functions cannot be passed.</param>
/// <param name="HideOutput">Answer with empty output.</param>
/// <param name="Timeout">Seconds after which the command and all that it started are killed.</param>
/// <param name="ResetSystemLocale">Run with the locale <c>C</c>, but for variables in <c>env</c>.</param>
/// <param name="IgnoreRetcode">The job succeeds whatever the command's code is.</param>
/// <param name="Saltenv">The environment that <c>salt://</c> files come from; <c>base</c> where none is given.</param>
/// <param name="UseVt">Not supported: commands run without a terminal. <c>True</c> is refused.</param>
/// <param name="Bg">Do not wait for the command.</param>
/// <param name="RedirectStderr">Put errors among the output, in the order in which they are written.</param>
/// <param name="Password">Taken for compatibility; used on Windows only.</param>
/// <param name="EncodedCmd">The command is encoded for PowerShell; other shells take no notice.</param>
/// <param name="RaiseErr">Fail with the command's output where its code is not 0.</param>
/// <param name="PrependPath">Folders to put before <c>PATH</c>.</param>
/// <param name="SuccessRetcodes">Codes that mean success: a list, or one.</param>
/// <param name="SuccessStdout">Texts that mean success where they occur in the output: a list, or one.</param>
/// <param name="SuccessStderr">Texts that mean success where they occur in the error output: a list, or one.</param>
public sealed record CommandOptions(
    string? Cwd = null, string? Stdin = null, string? Runas = null, string? Group = null, string? Shell = null, bool? PythonShell = null,
    Value? Env = null, bool CleanEnv = false, string? Template = null, bool Rstrip = true, string? Umask = null,
    string? OutputEncoding = null, string? OutputLoglevel = "debug", Value? LogCallback = null, bool HideOutput = false,
    double? Timeout = null, bool ResetSystemLocale = true, bool IgnoreRetcode = false, string? Saltenv = null, bool UseVt = false,
    bool Bg = false, bool RedirectStderr = false, string? Password = null, bool EncodedCmd = false, bool RaiseErr = false,
    string? PrependPath = null, Value? SuccessRetcodes = null, Value? SuccessStdout = null, Value? SuccessStderr = null)
{
    /// <summary>True where the command may hold something that nobody should read.</summary>
    public bool IsSecret => HideOutput || OutputLoglevel is null or "quiet";
}
