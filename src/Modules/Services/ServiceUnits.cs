using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Services;

/// <summary>What <c>systemctl</c> says of units, read.</summary>
internal static class ServiceUnits
{
    private static readonly ImmutableHashSet<string> Kinds =
        ["service", "socket", "device", "mount", "automount", "swap", "target", "path", "timer", "slice", "scope"];

    /// <summary>The unit's whole name: a service where no kind is named.</summary>
    public static string Full(string name) => name.LastIndexOf('.') is >= 0 and var dot && Kinds.Contains(name[(dot + 1)..]) ? name : name + ".service";

    /// <summary>A service's name without its ending.</summary>
    public static string Short(string unit) => unit.EndsWith(".service", StringComparison.Ordinal) ? unit[..^".service".Length] : unit;

    /// <param name="root">The folder to work below; null for the running system.</param>
    public static Task<ProgramAnswer> CallAsync(CallContext context, string? root, params ReadOnlySpan<string> words) =>
        ProgramCalls.RunAsync(context, ["systemctl", .. root is null ? Array.Empty<string>() : ["--root", root], .. words]);

    /// <summary>Unit files of services by short name, with their state: <c>enabled</c>, <c>disabled</c>, <c>static</c> …</summary>
    /// <exception cref="CommandFailed">systemd does not answer.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> FilesAsync(CallContext context, string? root)
    {
        var answer = await CallAsync(context, root, "--full", "--no-legend", "--no-pager", "list-unit-files", "--type=service").ConfigureAwait(false);
        if (!answer.IsSuccess) throw new CommandFailed($"systemctl list-unit-files failed with {answer.Retcode}: {answer.Complaint}");
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fields in Lines(answer.Stdout))
            if (fields.Length >= 2) files[Short(fields[0])] = fields[1];
        return files;
    }

    /// <summary>Whether systemd knows the unit; <c>name@instance</c> needs its template only.</summary>
    public static async Task<bool> ExistsAsync(CallContext context, string name, string? root = null)
    {
        if (root is not null) return (await FilesAsync(context, root).ConfigureAwait(false)).ContainsKey(Short(Full(name)));
        var answer = await CallAsync(context, null, "show", "--property=LoadState", Full(name)).ConfigureAwait(false);
        return answer.IsSuccess && Properties(answer.Stdout).TextOf("LoadState") is not (null or "not-found" or "");
    }

    /// <summary>Lines of <c>Name=value</c> as a map; <c>{ path=/x ; argv[]=/x -y }</c> is a map itself.</summary>
    public static MapValue Properties(string output)
    {
        var all = new MapValue.Builder();
        foreach (var line in output.Split('\n'))
            if (line.IndexOf('=') is > 0 and var at) all[line[..at]] = Property(line[(at + 1)..]);
        return all.Build();
    }

    /// <summary>Lines of a table in fields; empty lines are left out.</summary>
    public static IEnumerable<string[]> Lines(string output) =>
        output.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length > 0);

    private static Value Property(string text)
    {
        if (!text.StartsWith('{') || !text.EndsWith('}')) return text;
        var inner = new MapValue.Builder();
        foreach (var part in text[1..^1].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (part.IndexOf('=') is > 0 and var at) inner[part[..at].Replace("[]", "", StringComparison.Ordinal)] = part[(at + 1)..].Trim();
            else return text;
        return inner.Build();
    }
}
