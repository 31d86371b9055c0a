using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Packages;

/// <summary>A package as dpkg lists it.</summary>
/// <param name="Wanted">What dpkg is told to do: <c>install</c>, <c>hold</c>, <c>deinstall</c>, <c>purge</c>.</param>
/// <param name="State">How it stands: <c>installed</c>, <c>config-files</c> …</param>
/// <param name="Name">With the machine it is for, where that is not this one's kind.</param>
internal sealed record DebianPackage(string Wanted, string State, string Name, string Version);

/// <summary>What apt and dpkg print, read.</summary>
internal static class AptPrograms
{
    /// <exception cref="CommandFailed">dpkg does not answer.</exception>
    public static async Task<List<DebianPackage>> PackagesAsync(CallContext context)
    {
        var answer = await ProgramCalls.RunAsync(
            context, "dpkg-query", "--showformat", @"${Status} ${Package} ${Version} ${Architecture}\n", "-W").ConfigureAwait(false);
        if (!answer.IsSuccess) throw new CommandFailed($"dpkg-query failed with {answer.Retcode}: {answer.Complaint}");
        var native = context.Grains.TextOf("osarch");
        var all = new List<DebianPackage>();
        foreach (var line in answer.Stdout.Split('\n'))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var wanted, _, var state, var name, var version, var arch])
                all.Add(new(wanted, state, native is null || arch == "all" || arch == native ? name : $"{name}:{arch}", version));
        return all;
    }

    public static string WithoutArch(string name) => name.IndexOf(':') is > 0 and var at ? name[..at] : name;

    /// <summary>The value of a line <c>  Name: value</c>; null where there is none.</summary>
    public static string? Field(string output, string name) => output.Split('\n').Select(l => l.Trim())
        .FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();

    /// <summary>The lines <c>Conf name (version …</c> of a run that only prints.</summary>
    public static MapValue Upgrades(string output)
    {
        var all = new MapValue.Builder();
        foreach (var line in output.Split('\n'))
            if (line.Split(' ') is ["Conf", var name, var version, ..] && version.StartsWith('(')) all[name] = version[1..];
        return all.Build();
    }

    /// <summary>The lines <c>Get:1 …</c>, <c>Hit:2 …</c>, <c>Err:3 …</c> of an update.</summary>
    public static MapValue Sources(string output)
    {
        var all = new MapValue.Builder();
        foreach (var line in output.Split('\n'))
        {
            if (line.IndexOf(' ') is not (> 0 and var space)) continue;
            var word = line[..space];
            var rest = line[(space + 1)..];
            // A size in brackets ends the line of something that was fetched.
            var source = rest.LastIndexOf(" [", StringComparison.Ordinal) is > 0 and var bracket && rest.EndsWith(']') ? rest[..bracket] : rest;
            if (word.StartsWith("Get", StringComparison.Ordinal)) all[source] = true;
            else if (word.StartsWith("Hit", StringComparison.Ordinal)) all[source] = Value.Null;
            else if (word.StartsWith("Err", StringComparison.Ordinal)) all[source] = false;
        }
        return all.Build();
    }
}
