using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Modules.Status;

namespace SaltActors.Modules.Processes;

/// <summary>Finds processes by what they are called.</summary>
internal static class ProcessSelection
{
    /// <summary>Those whose name or command has a text in it, or fits an expression; never the minion itself.</summary>
    /// <param name="user">Only those of this user; null for all.</param>
    /// <param name="isFull">Look at the whole command, not only at the name.</param>
    /// <param name="isRegex">The pattern is a regular expression, which may fit anywhere.</param>
    /// <exception cref="CommandFailed">It is no regular expression.</exception>
    public static IEnumerable<ProcessEntry> Find(IEnumerable<ProcessEntry> processes, string pattern, string? user, bool isFull, bool isRegex, int self)
    {
        var regex = isRegex ? PythonRegex.Compile(".*(?:" + pattern + ")") ?? throw new CommandFailed($"'{pattern}' is no regular expression") : null;
        return processes.Where(p => p.Pid != self && (string.IsNullOrEmpty(user) || p.User == user) && Fits(isFull ? string.Join(' ', p.Arguments) : p.Name));

        bool Fits(string text) => regex is null ? text.Contains(pattern, StringComparison.Ordinal) : PythonRegex.Matches(regex, text);
    }
}
