using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Commands;

/// <summary>The functions of <c>cmd</c> that look for programs, and the one that writes to a terminal.</summary>
/// <remarks>Follows Salt 3006, salt/modules/cmdmod.py.</remarks>
public static class ProgramModule
{
    private const string ShellsFile = "/etc/shells";

    /// <summary>Answers with the path of a program, or with <c>None</c> where it cannot be started.</summary>
    /// <param name="cmd">The program.</param>
    /// <example><code>salt '*' cmd.which cat</code></example>
    [SaltFunction("cmd.which")]
    public static string? Which(string cmd) => Programs.Find(cmd);

    /// <summary>Answers with the path of the first of several programs that is there, or with <c>None</c>.</summary>
    /// <param name="cmds">The programs.</param>
    /// <example><code>salt '*' cmd.which_bin '[pip2, pip, pip-python]'</code></example>
    [SaltFunction("cmd.which_bin")]
    public static string? WhichBin(ListValue cmds) => cmds.Items.Select(c => Programs.Find(c.ToString())).FirstOrDefault(p => p is not null);

    /// <summary>Answers whether a program can be started.</summary>
    /// <param name="cmd">The program.</param>
    /// <example><code>salt '*' cmd.has_exec cat</code></example>
    [SaltFunction("cmd.has_exec")]
    public static bool HasExec(string cmd) => Programs.Find(cmd) is not null;

    /// <summary>Answers with the shells that <c>/etc/shells</c> names, or with <c>None</c> where there is no such file.</summary>
    /// <example><code>salt '*' cmd.shells</code></example>
    [SaltFunction("cmd.shells")]
    public static async Task<ListValue?> Shells(CallContext context)
    {
        if (!File.Exists(ShellsFile)) return null;
        var lines = await File.ReadAllLinesAsync(ShellsFile, context.Stopped).ConfigureAwait(false);
        return ListValue.OfTexts(lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'));
    }

    /// <summary>Writes a text to a terminal.</summary>
    /// <param name="device">The terminal, as <c>tty0</c> or <c>pts3</c>.</param>
    /// <param name="echo">The text.</param>
    /// <returns>A map with <c>Success</c> or <c>Error</c>.</returns>
    /// <example><code>salt '*' cmd.tty pts3 'This is a test'</code></example>
    [SaltFunction("cmd.tty")]
    public static MapValue Tty(string device, string echo = "")
    {
        var number = device.StartsWith("tty", StringComparison.Ordinal) || device.StartsWith("pts", StringComparison.Ordinal) ? device[3..] : "";
        if (number.Length == 0 || !number.All(char.IsAsciiLetterOrDigit)) return Error("The specified device is not a valid TTY");
        var path = device.StartsWith("tty", StringComparison.Ordinal) ? "/dev/" + device : "/dev/pts/" + number;
        // Opening what is not there would create a file in /dev.
        if (!File.Exists(path)) return Error($"{path} does not exist");
        try
        {
            using var terminal = new StreamWriter(new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
            terminal.Write(echo);
            return MapValue.Of(("Success", $"Message was successfully echoed to {path}"));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Error($"Echoing to {path} returned error: {refused.Message}");
        }
    }

    private static MapValue Error(string text) => MapValue.Of(("Error", text));
}
