using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Clock;

/// <summary>The state <c>timezone.system</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/timezone.py.</remarks>
public static class TimezoneState
{
    /// <summary>Keeps the machine's time zone, and whether its hardware clock is in UTC.</summary>
    /// <param name="name">The zone, as <c>Europe/Berlin</c>.</param>
    /// <param name="utc">The hardware clock is in UTC.</param>
    [SaltState("timezone.system")]
    public static async Task<MapValue> System(CallContext context, string name, bool utc = true)
    {
        var zoneFits = (await context.Call("timezone.zone_compare", name).ConfigureAwait(false)).IsTruthy;
        // A machine without a clock of its own has nothing to compare.
        string clock;
        try
        {
            clock = (await context.Call("timezone.get_hwclock").ConfigureAwait(false)).AsText() ?? "";
        }
        catch (CommandFailed)
        {
            clock = "";
        }
        var clockFits = clock.Length == 0 || clock == "UTC" == utc || clock == "localtime" == !utc;
        if (zoneFits && clockFits) return StateResult.Of(name, true, $"Timezone {name} already set{(clock.Length == 0 ? "" : $", UTC already set to {name}")}");
        if (context.IsTest) return StateResult.Of(name, null, zoneFits ? $"UTC needs to be set to {(utc ? "True" : "False")}" : $"Timezone {name} needs to be set");
        var (changes, messages) = (MapValue.Empty, new List<string>());
        if (!zoneFits)
        {
            if (!(await context.Call("timezone.set_zone", name).ConfigureAwait(false)).IsTruthy) return StateResult.Failed(name, $"Failed to set timezone {name}");
            changes = changes.With("timezone", name);
            messages.Add($"Set timezone {name}");
        }
        if (!clockFits)
        {
            if (!(await context.Call("timezone.set_hwclock", utc ? "UTC" : "localtime").ConfigureAwait(false)).IsTruthy) return StateResult.Of(name, false, "Failed to set UTC", changes);
            changes = changes.With("utc", utc);
            messages.Add($"Set UTC to {(utc ? "True" : "False")}");
        }
        return StateResult.Of(name, true, string.Join(", ", messages), changes);
    }
}
