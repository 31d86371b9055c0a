using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files.Managed;

namespace SaltActors.Modules.Sysctl;

/// <summary>The state <c>sysctl.present</c>, and the functions of <c>sysctl</c> that keep a setting over a start of the machine.</summary>
/// <remarks>Follows Salt 3006, salt/states/sysctl.py and salt/modules/linux_sysctl.py.</remarks>
public static class SysctlState
{
    /// <summary>The file in which settings are kept.</summary>
    /// <example><code>salt '*' sysctl.default_config</code></example>
    [SaltFunction("sysctl.default_config")]
    public static string DefaultConfig() => Directory.Exists("/etc/sysctl.d") ? "/etc/sysctl.d/99-salt.conf" : "/etc/sysctl.conf";

    /// <summary>Gives a setting a value, now and after the next start.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="value">The value.</param>
    /// <param name="config">The file.</param>
    /// <returns><c>Updated</c>, or <c>Already set</c>.</returns>
    /// <example><code>salt '*' sysctl.persist net.ipv4.ip_forward 1</code></example>
    [SaltFunction("sysctl.persist")]
    public static async Task<string> Persist(CallContext context, string name, Value value, string? config = null)
    {
        var file = config ?? DefaultConfig();
        var (wanted, runs) = (Plain(value.ToString()), Plain(await SysctlModule.Get(context, name).ConfigureAwait(false)));
        var kept = Kept(file, name);
        if (kept == wanted && runs == wanted) return "Already set";
        if (kept != wanted)
        {
            var lines = File.Exists(file) ? (await File.ReadAllLinesAsync(file, context.Stopped).ConfigureAwait(false)).ToList() : ["#", "# Kernel sysctl configuration", "#"];
            var at = lines.FindIndex(l => NameOf(l) == name);
            if (at < 0) lines.Add($"{name} = {value}");
            else lines[at] = $"{name} = {value}";
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            FileReplacement.Write(file, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))), File.Exists(file) ? null : 0x1A4u);
        }
        if (runs != wanted) await SysctlModule.Assign(context, name, value.ToString()).ConfigureAwait(false);
        return "Updated";
    }

    /// <summary>Keeps a setting of the kernel, now and after the next start.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="value">The value.</param>
    /// <param name="config">The file in which it is kept.</param>
    /// <param name="ignore">A setting that the kernel does not know is no failure.</param>
    [SaltState("sysctl.present")]
    public static async Task<MapValue> Present(CallContext context, string name, Value value, string? config = null, bool ignore = false)
    {
        var file = config ?? DefaultConfig();
        var (wanted, runs, kept) = (Plain(value.ToString()), Plain((await context.Call("sysctl.get", name).ConfigureAwait(false)).ToString()), Kept(file, name));
        if (kept == wanted && runs == wanted) return StateResult.Of(name, true, $"Sysctl value {name} = {value} is already set");
        if (context.IsTest)
            return StateResult.Of(name, null,
                runs == wanted ? $"Sysctl value is currently set on the running system but not in a config file. Sysctl option {name} set to be changed to {value} in config file."
                : kept == wanted ? $"Sysctl value {name} is set in the config file but not on the running system: it is {runs} and set to be changed to {value}"
                : $"Sysctl option {name} set to be changed to {value}");
        try
        {
            await Persist(context, name, value, file).ConfigureAwait(false);
            return StateResult.Of(name, true, $"Updated sysctl value {name} = {value}", MapValue.Of((name, value)));
        }
        catch (CommandFailed failed)
        {
            return ignore ? StateResult.Of(name, true, $"Failed to set {name} to {value}: {failed.Message}") : StateResult.Failed(name, $"Failed to set {name} to {value}: {failed.Message}");
        }
    }

    private static string? Kept(string file, string name) =>
        !File.Exists(file) ? null : File.ReadLines(file).LastOrDefault(l => NameOf(l) == name) is { } line ? Plain(line[(line.IndexOf('=') + 1)..]) : null;

    private static string? NameOf(string line) => line.TrimStart() is ['#' or ';', ..] || line.IndexOf('=') is not (> 0 and var at) ? null : line[..at].Trim();

    // Between several numbers any white space is the same.
    private static string Plain(string value) => string.Join(' ', value.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
