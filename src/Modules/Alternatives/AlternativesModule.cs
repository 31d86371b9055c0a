using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Alternatives;

/// <summary>The module <c>alternatives</c>: programs of which one stands for a name.</summary>
/// <remarks>Follows Salt 3006, salt/modules/alternatives.py.</remarks>
public static class AlternativesModule
{
    /// <summary>What the program says of a name.</summary>
    /// <param name="name">The name.</param>
    /// <example><code>salt '*' alternatives.display editor</code></example>
    [SaltFunction("alternatives.display")]
    public static async Task<string> Display(CallContext context, string name)
    {
        var answer = await RunAsync(context, "--display", name).ConfigureAwait(false);
        return answer.IsSuccess || answer.Stderr.Length == 0 ? answer.Stdout : answer.Stderr;
    }

    /// <summary>The link that a name stands for; false for none.</summary>
    /// <param name="name">The name.</param>
    /// <example><code>salt '*' alternatives.show_link editor</code></example>
    [SaltFunction("alternatives.show_link")]
    public static Value ShowLink(string name)
    {
        var path = Path.Combine("/var/lib/dpkg/alternatives", name);
        if (!File.Exists(path)) path = Path.Combine("/var/lib/alternatives", name);
        return File.Exists(path) && File.ReadLines(path).Skip(1).FirstOrDefault() is { } link ? link : false;
    }

    /// <summary>The program that stands for a name; false for none.</summary>
    /// <param name="name">The name.</param>
    /// <example><code>salt '*' alternatives.show_current editor</code></example>
    [SaltFunction("alternatives.show_current")]
    public static Value ShowCurrent(string name)
    {
        try
        {
            return new FileInfo(Path.Combine("/etc/alternatives", name)).LinkTarget is { } target ? target : false;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether a program is among those for a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The program.</param>
    /// <example><code>salt '*' alternatives.check_exists name path</code></example>
    [SaltFunction("alternatives.check_exists")]
    public static async Task<bool> CheckExists(CallContext context, string name, string path)
    {
        var answer = await RunAsync(context, "--display", name).ConfigureAwait(false);
        return answer.IsSuccess && answer.Stdout.Split('\n').Any(l => l.StartsWith(path + " ", StringComparison.Ordinal));
    }

    /// <summary>Whether a program stands for a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The program.</param>
    /// <example><code>salt '*' alternatives.check_installed name path</code></example>
    [SaltFunction("alternatives.check_installed")]
    public static bool CheckInstalled(string name, string path) => ShowCurrent(name) is TextValue { Text: var now } && now == path;

    /// <summary>Adds a program to those for a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="link">The link.</param>
    /// <param name="path">The program.</param>
    /// <param name="priority">The higher wins.</param>
    /// <example><code>salt '*' alternatives.install editor /usr/bin/editor /usr/bin/emacs23 50</code></example>
    [SaltFunction("alternatives.install")]
    public static async Task<string> Install(CallContext context, string name, string link, string path, long priority) => Said(await RunAsync(context, "--install", link, name, path, $"{priority}").ConfigureAwait(false));

    /// <summary>Takes a program from those for a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The program.</param>
    /// <example><code>salt '*' alternatives.remove name path</code></example>
    [SaltFunction("alternatives.remove")]
    public static async Task<string> Remove(CallContext context, string name, string path) => Said(await RunAsync(context, "--remove", name, path).ConfigureAwait(false));

    /// <summary>Lets the program with the highest priority stand for a name.</summary>
    /// <param name="name">The name.</param>
    /// <example><code>salt '*' alternatives.auto name</code></example>
    [SaltFunction("alternatives.auto")]
    public static async Task<string> Auto(CallContext context, string name) => Said(await RunAsync(context, "--auto", name).ConfigureAwait(false));

    /// <summary>Lets this program stand for a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The program.</param>
    /// <example><code>salt '*' alternatives.set name path</code></example>
    [SaltFunction("alternatives.set")]
    public static async Task<string> Set(CallContext context, string name, string path) => Said(await RunAsync(context, "--set", name, path).ConfigureAwait(false));

    private static string Said(ProgramAnswer answer) => answer.IsSuccess && answer.Stdout.Length > 0 ? answer.Stdout : answer.Stderr;

    private static Task<ProgramAnswer> RunAsync(CallContext context, params string[] words) =>
        ProgramCalls.RunAsync(context, [context.Grains.TextOf("os_family") == "RedHat" ? "alternatives" : "update-alternatives", .. words]);
}
