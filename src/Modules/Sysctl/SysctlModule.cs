using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Sysctl;

/// <summary>The module <c>sysctl</c>: settings of the running kernel.</summary>
/// <remarks>Follows Salt 3006, salt/modules/linux_sysctl.py.</remarks>
public static class SysctlModule
{
    /// <summary>One setting's value; what the program says where there is no such setting.</summary>
    /// <param name="name">The setting.</param>
    /// <example><code>salt '*' sysctl.get net.ipv4.ip_forward</code></example>
    [SaltFunction("sysctl.get")]
    public static async Task<string> Get(CallContext context, string name)
    {
        var answer = await ProgramCalls.RunAsync(context, "sysctl", "-n", name).ConfigureAwait(false);
        return answer.IsSuccess ? answer.Stdout : answer.Complaint;
    }

    /// <summary>All settings.</summary>
    /// <returns>Setting to text.</returns>
    /// <example><code>salt '*' sysctl.show</code></example>
    [SaltFunction("sysctl.show")]
    public static async Task<MapValue> Show(CallContext context)
    {
        var answer = await ProgramCalls.RunAsync(context, "sysctl", "-a").ConfigureAwait(false);
        var all = new MapValue.Builder();
        foreach (var line in answer.Stdout.Split('\n'))
            if (line.IndexOf(" = ", StringComparison.Ordinal) is > 0 and var at) all[line[..at]] = line[(at + 3)..];
        return all.Build();
    }

    /// <summary>Gives a setting a value until the machine starts again.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="value">The value.</param>
    /// <returns>A map of the setting to its value.</returns>
    /// <example><code>salt '*' sysctl.assign net.ipv4.ip_forward 1</code></example>
    [SaltFunction("sysctl.assign")]
    public static async Task<MapValue> Assign(CallContext context, string name, string value)
    {
        var answer = await ProgramCalls.RunAsync(context, "sysctl", "-w", $"{name}={value}").ConfigureAwait(false);
        if (!answer.IsSuccess || answer.Stderr.Contains("Invalid argument", StringComparison.Ordinal)) throw new CommandFailed($"sysctl -w failed: {answer.Complaint}");
        var at = answer.Stdout.IndexOf('=');
        return at < 0 ? throw new CommandFailed($"sysctl -w {name}: expected 'name = value', found '{answer.Stdout}'")
            : MapValue.Of((answer.Stdout[..at].Trim(), answer.Stdout[(at + 1)..].Trim()));
    }
}
