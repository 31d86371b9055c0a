using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Services;

/// <summary>The states of <c>service</c>: running, dead, enabled, disabled, masked, unmasked.</summary>
/// <remarks>Follows Salt 3006, salt/states/service.py; goes through the functions of <c>service</c>, whoever provides them.</remarks>
public static class ServiceState
{
    /// <summary>Keeps a service running.</summary>
    /// <param name="name">The service.</param>
    /// <param name="enable">It starts with the machine, or it does not; as it is where none is given.</param>
    /// <param name="sig">What to look for among the processes.</param>
    /// <param name="initDelay">Seconds to wait after the start.</param>
    /// <param name="unmask">Take a mask away first.</param>
    /// <param name="unmaskRuntime">Take a mask that ends with the machine away first.</param>
    /// <param name="noBlock">Do not wait for the start.</param>
    /// <param name="reload">For <c>watch</c>: reload instead of restart.</param>
    /// <param name="fullRestart">For <c>watch</c>: stop and start.</param>
    /// <param name="force">For <c>watch</c>: force a reload.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("service.running")]
    public static async Task<MapValue> Running(
        CallContext context, string name, bool? enable = null, string? sig = null, double? initDelay = null, bool unmask = false, bool unmaskRuntime = false, bool noBlock = false, bool reload = false,
        bool fullRestart = false, bool force = false, [Keywords] MapValue? kwargs = null)
    {
        _ = (reload, fullRestart, force, kwargs);
        if (IsOffline(context)) return StateResult.Of(name, true, "Running in OFFLINE mode. Nothing to do");
        if (!await AsksAsync(context, "available", name).ConfigureAwait(false))
            return context.IsTest ? StateResult.Of(name, null, $"Service {name} not present; if created in this state run, it would have been started") : StateResult.Failed(name, $"The named service {name} is not available");
        if ((unmask || unmaskRuntime) && await AsksAsync(context, "masked", name).ConfigureAwait(false) && !context.IsTest) await context.Call("service.unmask", name, unmaskRuntime).ConfigureAwait(false);
        var (runs, starts) = (await RunsAsync(context, name, sig).ConfigureAwait(false), await AsksAsync(context, "enabled", name).ConfigureAwait(false));
        if (runs) return enable is { } wish && wish != starts ? await SwitchAsync(context, name, wish, null).ConfigureAwait(false) : StateResult.Of(name, true, $"The service {name} is already running");
        if (context.IsTest) return StateResult.Of(name, null, $"Service {name} is set to start");
        if (!(await context.Call("service.start", new CallArguments([name], MapValue.Of(("no_block", noBlock)))).ConfigureAwait(false)).IsTruthy) return StateResult.Failed(name, $"Service {name} failed to start");
        if (initDelay is > 0 and var seconds) await Task.Delay(TimeSpan.FromSeconds(seconds), context.Clock, context.Stopped).ConfigureAwait(false);
        if (!noBlock && !await RunsAsync(context, name, sig).ConfigureAwait(false)) return StateResult.Failed(name, $"Service {name} failed to start");
        var changes = MapValue.Of((name, true));
        return enable is { } wanted ? (await SwitchAsync(context, name, wanted, true).ConfigureAwait(false)).With("changes", changes) : StateResult.Of(name, true, $"Started service {name}", changes);
    }

    /// <summary>Keeps a service stopped.</summary>
    /// <param name="name">The service.</param>
    /// <param name="enable">It starts with the machine, or it does not; as it is where none is given.</param>
    /// <param name="sig">What to look for among the processes.</param>
    /// <param name="initDelay">Seconds to wait after the stop.</param>
    /// <param name="noBlock">Do not wait for the stop.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("service.dead")]
    public static async Task<MapValue> Dead(CallContext context, string name, bool? enable = null, string? sig = null, double? initDelay = null, bool noBlock = false, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        if (IsOffline(context)) return StateResult.Of(name, true, "Running in OFFLINE mode. Nothing to do");
        if (!await AsksAsync(context, "available", name).ConfigureAwait(false)) return StateResult.Of(name, true, $"The named service {name} is not available");
        var (runs, starts) = (await RunsAsync(context, name, sig).ConfigureAwait(false), await AsksAsync(context, "enabled", name).ConfigureAwait(false));
        if (!runs) return enable is { } wish && wish != starts ? await SwitchAsync(context, name, wish, null).ConfigureAwait(false) : StateResult.Of(name, true, $"The service {name} is already dead");
        if (context.IsTest) return StateResult.Of(name, null, $"Service {name} is set to be killed");
        if (!(await context.Call("service.stop", new CallArguments([name], MapValue.Of(("no_block", noBlock)))).ConfigureAwait(false)).IsTruthy) return StateResult.Failed(name, $"Service {name} failed to die");
        if (initDelay is > 0 and var seconds) await Task.Delay(TimeSpan.FromSeconds(seconds), context.Clock, context.Stopped).ConfigureAwait(false);
        if (!noBlock && await RunsAsync(context, name, sig).ConfigureAwait(false)) return StateResult.Failed(name, $"Service {name} failed to die");
        var changes = MapValue.Of((name, true));
        return enable is { } wanted ? (await SwitchAsync(context, name, wanted, false).ConfigureAwait(false)).With("changes", changes) : StateResult.Of(name, true, $"Service {name} was killed", changes);
    }

    /// <summary>Keeps a service that starts with the machine.</summary>
    /// <param name="name">The service.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("service.enabled")]
    public static Task<MapValue> Enabled(CallContext context, string name, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return SwitchedAsync(context, name, true);
    }

    /// <summary>Keeps a service that does not start with the machine.</summary>
    /// <param name="name">The service.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("service.disabled")]
    public static Task<MapValue> Disabled(CallContext context, string name, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return SwitchedAsync(context, name, false);
    }

    /// <summary>Keeps a service masked: nothing can start it.</summary>
    /// <param name="name">The service.</param>
    /// <param name="runtime">Until the machine ends.</param>
    [SaltState("service.masked")]
    public static Task<MapValue> Masked(CallContext context, string name, bool runtime = false) => MaskAsync(context, name, runtime, true);

    /// <summary>Keeps a service without a mask.</summary>
    /// <param name="name">The service.</param>
    /// <param name="runtime">Of a mask until the machine ends.</param>
    [SaltState("service.unmasked")]
    public static Task<MapValue> Unmasked(CallContext context, string name, bool runtime = false) => MaskAsync(context, name, runtime, false);

    /// <summary>What <c>watch</c> does when something changed: a service is restarted, or reloaded; one that is to be dead is stopped.</summary>
    /// <param name="name">The service.</param>
    /// <param name="sfun">The function that watches: <c>running</c> or <c>dead</c>.</param>
    /// <param name="sig">What to look for among the processes.</param>
    /// <param name="fullRestart">Stop and start.</param>
    /// <param name="initDelay">Seconds to wait afterwards.</param>
    /// <param name="force">Force a reload.</param>
    /// <param name="reload">Reload instead of restart.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("service.mod_watch")]
    public static async Task<MapValue> ModWatch(
        CallContext context, string name, string? sfun = null, string? sig = null, bool fullRestart = false, double? initDelay = null, bool force = false, bool reload = false, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        var runs = await RunsAsync(context, name, sig).ConfigureAwait(false);
        string action, past;
        if (sfun == "dead")
        {
            if (!runs) return StateResult.Of(name, true, "Service is already stopped");
            (action, past) = ("stop", "stopped");
        }
        else if (sfun == "running")
            (action, past) = !runs ? ("start", "started") : reload ? (force ? "force_reload" : "reload", force ? "forcefully reloaded" : "reloaded") : fullRestart ? ("full_restart", "fully restarted") : ("restart", "restarted");
        else return StateResult.Failed(name, $"Unable to trigger watch for service.{sfun}");
        if (context.IsTest) return StateResult.Of(name, null, $"Service is set to be {past}");
        if (sfun == "running" && await AsksAsync(context, "masked", name).ConfigureAwait(false)) return StateResult.Failed(name, $"Service {name} is masked");
        bool isGood;
        if (action == "full_restart") isGood = (await context.Call("service.stop", name).ConfigureAwait(false)).IsTruthy && (await context.Call("service.start", name).ConfigureAwait(false)).IsTruthy;
        else isGood = (await context.Call($"service.{action}", name).ConfigureAwait(false)).IsTruthy;
        if (initDelay is > 0 and var seconds) await Task.Delay(TimeSpan.FromSeconds(seconds), context.Clock, context.Stopped).ConfigureAwait(false);
        return StateResult.Of(name, isGood, isGood ? $"Service {past}" : $"Failed to {action.Replace('_', ' ')} the service", MapValue.Of((name, isGood)));
    }

    private static async Task<MapValue> SwitchedAsync(CallContext context, string name, bool on)
    {
        if (!await AsksAsync(context, "available", name).ConfigureAwait(false))
            return !on ? StateResult.Of(name, true, $"The named service {name} is not available")
                : context.IsTest ? StateResult.Of(name, null, $"Service {name} not present; if created in this state run, it would have been enabled") : StateResult.Failed(name, $"The named service {name} is not available");
        return await SwitchAsync(context, name, on, null).ConfigureAwait(false);
    }

    // Enables or disables; 'started' tells whether it was just started or stopped, null that neither.
    private static async Task<MapValue> SwitchAsync(CallContext context, string name, bool on, bool? started)
    {
        var (word, state) = (on ? "enabled" : "disabled", started switch { true => "is running", false => "is dead", null => "is in the desired state" });
        if (await AsksAsync(context, "enabled", name).ConfigureAwait(false) == on) return StateResult.Of(name, true, $"Service {name} is already {word}, and {state}");
        if (context.IsTest) return StateResult.Of(name, null, $"Service {name} set to be {word}");
        return (await context.Call(on ? "service.enable" : "service.disable", name).ConfigureAwait(false)).IsTruthy
            ? StateResult.Of(name, true, $"Service {name} has been {word}, and {state}", MapValue.Of((name, true)))
            : StateResult.Failed(name, $"Failed when setting service {name} to {(on ? "start" : "not start")} at boot, {(started switch { true => "but the service is running", false => "and the service is dead", null => "the service is as it was" })}");
    }

    private static async Task<MapValue> MaskAsync(CallContext context, string name, bool runtime, bool on)
    {
        var masked = await AsksAsync(context, "masked", name).ConfigureAwait(false);
        if (masked == on) return StateResult.Of(name, true, $"Service {name} is already {(on ? "masked" : "unmasked")}");
        var changes = MapValue.Of(("masked", MapValue.Of(("new", on), ("old", masked))));
        if (context.IsTest) return StateResult.Of(name, null, $"Service {name} would be {(on ? "masked" : "unmasked")}", changes);
        if (IsOffline(context)) return StateResult.Failed(name, $"Cannot run in offline mode. Failed to get information on unit '{name}'");
        return (await context.Call(on ? "service.mask" : "service.unmask", name, runtime).ConfigureAwait(false)).IsTruthy
            ? StateResult.Of(name, true, $"Service {name} was {(on ? "masked" : "unmasked")}", changes) : StateResult.Failed(name, $"Failed to {(on ? "mask" : "unmask")} service {name}");
    }

    private static async Task<bool> AsksAsync(CallContext context, string what, string name) => (await context.Call($"service.{what}", name).ConfigureAwait(false)).IsTruthy;
    private static async Task<bool> RunsAsync(CallContext context, string name, string? sig) => (await context.Call("service.status", sig is null ? [name] : [name, sig]).ConfigureAwait(false)).IsTruthy;

    // In a container or a folder that becomes a machine nothing runs that could start services.
    private static bool IsOffline(CallContext context) => OperatingSystem.IsLinux() && context.Grains.TextOf("init") != "systemd";
}
