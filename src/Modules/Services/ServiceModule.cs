using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Services;

/// <summary>The module <c>service</c>: services that systemd runs.</summary>
/// <remarks>Follows Salt 3006, salt/modules/systemd_service.py.</remarks>
public static class ServiceModule
{
    /// <summary>All services, sorted.</summary>
    /// <param name="root">The folder to look below.</param>
    /// <example><code>salt '*' service.get_all</code></example>
    [SaltFunction("service.get_all")]
    public static async Task<ListValue> GetAll(CallContext context, string? root = null) =>
        Sorted(await ServiceUnits.FilesAsync(context, root).ConfigureAwait(false), _ => true);

    /// <summary>The services that start with the machine, sorted.</summary>
    /// <param name="root">The folder to look below.</param>
    /// <example><code>salt '*' service.get_enabled</code></example>
    [SaltFunction("service.get_enabled")]
    public static async Task<ListValue> GetEnabled(CallContext context, string? root = null) =>
        Sorted(await ServiceUnits.FilesAsync(context, root).ConfigureAwait(false), state => state == "enabled");

    /// <summary>The services that do not start with the machine, sorted.</summary>
    /// <param name="root">The folder to look below.</param>
    /// <example><code>salt '*' service.get_disabled</code></example>
    [SaltFunction("service.get_disabled")]
    public static async Task<ListValue> GetDisabled(CallContext context, string? root = null) =>
        Sorted(await ServiceUnits.FilesAsync(context, root).ConfigureAwait(false), state => state is "disabled" or "masked");

    /// <summary>The services that can be neither enabled nor disabled, sorted.</summary>
    /// <param name="root">The folder to look below.</param>
    /// <example><code>salt '*' service.get_static</code></example>
    [SaltFunction("service.get_static")]
    public static async Task<ListValue> GetStatic(CallContext context, string? root = null) =>
        Sorted(await ServiceUnits.FilesAsync(context, root).ConfigureAwait(false), state => state == "static");

    /// <summary>The services that run, sorted.</summary>
    /// <example><code>salt '*' service.get_running</code></example>
    [SaltFunction("service.get_running")]
    public static async Task<ListValue> GetRunning(CallContext context)
    {
        var answer = await ServiceUnits.CallAsync(context, null, "--full", "--no-legend", "--no-pager", "list-units", "--type=service", "--state=running").ConfigureAwait(false);
        return ListValue.OfTexts(ServiceUnits.Lines(answer.Stdout).Select(f => ServiceUnits.Short(f[0] == "●" ? f[1] : f[0])).Distinct().Order(PythonOrder.ByCodePoint));
    }

    /// <summary>Whether there is such a service.</summary>
    /// <param name="name">The service.</param>
    /// <example><code>salt '*' service.available sshd</code></example>
    [SaltFunction("service.available")]
    public static Task<bool> Available(CallContext context, string name) => ServiceUnits.ExistsAsync(context, name);

    /// <summary>Whether there is no such service.</summary>
    /// <param name="name">The service.</param>
    /// <example><code>salt '*' service.missing sshd</code></example>
    [SaltFunction("service.missing")]
    public static async Task<bool> Missing(CallContext context, string name) => !await ServiceUnits.ExistsAsync(context, name).ConfigureAwait(false);

    /// <summary>Whether a service runs.</summary>
    /// <param name="name">The service; a pattern asks for all that fit.</param>
    /// <param name="sig">Taken for compatibility.</param>
    /// <returns>True or false; for a pattern, each service with true or false.</returns>
    /// <example><code>salt '*' service.status sshd</code></example>
    [SaltFunction("service.status")]
    public static async Task<Value> Status(CallContext context, string name, string? sig = null)
    {
        _ = sig;
        if (!name.AsSpan().ContainsAny('*', '?', '[')) return await IsActiveAsync(context, name).ConfigureAwait(false);
        var all = new MapValue.Builder();
        foreach (var service in await GetAll(context).ConfigureAwait(false))
            if (NamePattern.Matches(name, service.ToString())) all[service] = await IsActiveAsync(context, service.ToString()).ConfigureAwait(false);
        return all.Build();
    }

    /// <summary>Whether a service starts with the machine.</summary>
    /// <param name="name">The service.</param>
    /// <param name="root">The folder to look below.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' service.enabled apache</code></example>
    [SaltFunction("service.enabled")]
    public static async Task<bool> Enabled(CallContext context, string name, string? root = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return (await ServiceUnits.CallAsync(context, root, "is-enabled", ServiceUnits.Full(name)).ConfigureAwait(false)).IsSuccess;
    }

    /// <summary>Whether a service does not start with the machine.</summary>
    /// <param name="name">The service.</param>
    /// <param name="root">The folder to look below.</param>
    /// <example><code>salt '*' service.disabled apache</code></example>
    [SaltFunction("service.disabled")]
    public static async Task<bool> Disabled(CallContext context, string name, string? root = null) => !await Enabled(context, name, root).ConfigureAwait(false);

    /// <summary>Whether a service may not be started at all.</summary>
    /// <param name="name">The service.</param>
    /// <param name="runtime">Whether it is so until the next start of the machine only.</param>
    /// <param name="root">The folder to look below.</param>
    /// <example><code>salt '*' service.masked foo</code></example>
    [SaltFunction("service.masked")]
    public static bool Masked(string name, bool runtime = false, string? root = null)
    {
        var path = Path.Join(root, runtime ? "/run/systemd/system" : "/etc/systemd/system", ServiceUnits.Full(name));
        return new FileInfo(path).LinkTarget == "/dev/null";
    }

    /// <summary>Starts a service.</summary>
    /// <param name="name">The service.</param>
    /// <param name="noBlock">Do not wait until it has started.</param>
    /// <param name="unmask">Allow a masked service first.</param>
    /// <param name="unmaskRuntime">Allow a service that is masked until the next start of the machine first.</param>
    /// <example><code>salt '*' service.start foo</code></example>
    [SaltFunction("service.start")]
    public static Task<bool> Start(CallContext context, string name, bool noBlock = false, bool unmask = false, bool unmaskRuntime = false) =>
        ActAsync(context, "start", name, noBlock, unmask, unmaskRuntime);

    /// <summary>Stops a service.</summary>
    /// <param name="name">The service.</param>
    /// <param name="noBlock">Do not wait until it has stopped.</param>
    /// <example><code>salt '*' service.stop foo</code></example>
    [SaltFunction("service.stop")]
    public static Task<bool> Stop(CallContext context, string name, bool noBlock = false) => ActAsync(context, "stop", name, noBlock, false, false);

    /// <summary>Stops a service and starts it again.</summary>
    /// <param name="name">The service.</param>
    /// <param name="noBlock">Do not wait until it has started.</param>
    /// <param name="unmask">Allow a masked service first.</param>
    /// <param name="unmaskRuntime">Allow a service that is masked until the next start of the machine first.</param>
    /// <example><code>salt '*' service.restart foo</code></example>
    [SaltFunction("service.restart")]
    public static Task<bool> Restart(CallContext context, string name, bool noBlock = false, bool unmask = false, bool unmaskRuntime = false) =>
        ActAsync(context, "restart", name, noBlock, unmask, unmaskRuntime);

    /// <summary>Has a service read its configuration again.</summary>
    /// <param name="name">The service.</param>
    /// <param name="noBlock">Do not wait until it is done.</param>
    /// <param name="unmask">Allow a masked service first.</param>
    /// <param name="unmaskRuntime">Allow a service that is masked until the next start of the machine first.</param>
    /// <example><code>salt '*' service.reload foo</code></example>
    [SaltFunction("service.reload")]
    public static Task<bool> Reload(CallContext context, string name, bool noBlock = false, bool unmask = false, bool unmaskRuntime = false) =>
        ActAsync(context, "reload", name, noBlock, unmask, unmaskRuntime);

    /// <summary>Has a service read its configuration again, or starts it anew where it cannot.</summary>
    /// <param name="name">The service.</param>
    /// <param name="noBlock">Do not wait until it is done.</param>
    /// <param name="unmask">Allow a masked service first.</param>
    /// <param name="unmaskRuntime">Allow a service that is masked until the next start of the machine first.</param>
    /// <example><code>salt '*' service.force_reload foo</code></example>
    [SaltFunction("service.force_reload")]
    public static Task<bool> ForceReload(CallContext context, string name, bool noBlock = true, bool unmask = false, bool unmaskRuntime = false) =>
        ActAsync(context, "force-reload", name, noBlock, unmask, unmaskRuntime);

    /// <summary>Has a service start with the machine.</summary>
    /// <param name="name">The service.</param>
    /// <param name="noBlock">Do not wait until it is done.</param>
    /// <param name="unmask">Allow a masked service first.</param>
    /// <param name="unmaskRuntime">Allow a service that is masked until the next start of the machine first.</param>
    /// <param name="root">The folder to work below.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' service.enable foo</code></example>
    [SaltFunction("service.enable")]
    public static async Task<bool> Enable(
        CallContext context, string name, bool noBlock = false, bool unmask = false, bool unmaskRuntime = false, string? root = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        await AllowAsync(context, name, unmask, unmaskRuntime, root).ConfigureAwait(false);
        return await DoneAsync(context, root, "enable", name, noBlock).ConfigureAwait(false);
    }

    /// <summary>Has a service no longer start with the machine.</summary>
    /// <param name="name">The service.</param>
    /// <param name="noBlock">Do not wait until it is done.</param>
    /// <param name="root">The folder to work below.</param>
    /// <param name="kwargs">Taken for compatibility.</param>
    /// <example><code>salt '*' service.disable foo</code></example>
    [SaltFunction("service.disable")]
    public static Task<bool> Disable(CallContext context, string name, bool noBlock = false, string? root = null, [Keywords] MapValue? kwargs = null)
    {
        _ = kwargs;
        return DoneAsync(context, root, "disable", name, noBlock);
    }

    /// <summary>Allows a masked service.</summary>
    /// <param name="name">The service.</param>
    /// <param name="runtime">It is masked until the next start of the machine only.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' service.unmask foo</code></example>
    [SaltFunction("service.unmask")]
    public static async Task<bool> Unmask(CallContext context, string name, bool runtime = false, string? root = null) =>
        !Masked(name, runtime, root) || await DoneAsync(context, root, "unmask", name, false, runtime).ConfigureAwait(false);

    /// <summary>Forbids a service to be started at all.</summary>
    /// <param name="name">The service.</param>
    /// <param name="runtime">Until the next start of the machine only.</param>
    /// <param name="root">The folder to work below.</param>
    /// <example><code>salt '*' service.mask foo</code></example>
    [SaltFunction("service.mask")]
    public static Task<bool> Mask(CallContext context, string name, bool runtime = false, string? root = null) =>
        DoneAsync(context, root, "mask", name, false, runtime);

    /// <summary>Has systemd read its units again.</summary>
    /// <example><code>salt '*' service.systemctl_reload</code></example>
    [SaltFunction("service.systemctl_reload")]
    public static async Task<bool> SystemctlReload(CallContext context)
    {
        var answer = await ServiceUnits.CallAsync(context, null, "daemon-reload").ConfigureAwait(false);
        return answer.IsSuccess ? true : throw new CommandFailed($"Problem performing systemctl daemon-reload: {answer.Complaint}");
    }

    /// <summary>The properties of a service.</summary>
    /// <param name="name">The service.</param>
    /// <param name="root">The folder to look below.</param>
    /// <returns>Property to text; a value in braces is a map, or text where it has no such shape.</returns>
    /// <example><code>salt '*' service.show foo</code></example>
    [SaltFunction("service.show")]
    public static async Task<MapValue> Show(CallContext context, string name, string? root = null) =>
        ServiceUnits.Properties((await ServiceUnits.CallAsync(context, root, "show", ServiceUnits.Full(name)).ConfigureAwait(false)).Stdout);

    private static ListValue Sorted(IReadOnlyDictionary<string, string> files, Func<string, bool> isMeant) =>
        ListValue.OfTexts(files.Where(f => isMeant(f.Value)).Select(f => f.Key).Order(PythonOrder.ByCodePoint));

    private static async Task<bool> IsActiveAsync(CallContext context, string name) =>
        (await ServiceUnits.CallAsync(context, null, "is-active", ServiceUnits.Full(name)).ConfigureAwait(false)).IsSuccess;

    private static async Task AllowAsync(CallContext context, string name, bool unmask, bool unmaskRuntime, string? root)
    {
        if (unmaskRuntime) await Unmask(context, name, runtime: true, root).ConfigureAwait(false);
        if (unmask) await Unmask(context, name, runtime: false, root).ConfigureAwait(false);
    }

    private static async Task<bool> ActAsync(CallContext context, string action, string name, bool noBlock, bool unmask, bool unmaskRuntime)
    {
        await AllowAsync(context, name, unmask, unmaskRuntime, null).ConfigureAwait(false);
        return await DoneAsync(context, null, action, name, noBlock).ConfigureAwait(false);
    }

    private static async Task<bool> DoneAsync(CallContext context, string? root, string action, string name, bool noBlock, bool runtime = false)
    {
        if (!await ServiceUnits.ExistsAsync(context, name, root).ConfigureAwait(false)) throw new CommandFailed($"The named service {name} is not available");
        List<string> words = [action];
        if (noBlock) words.Add("--no-block");
        if (runtime) words.Add("--runtime");
        words.Add(ServiceUnits.Full(name));
        var answer = await ServiceUnits.CallAsync(context, root, [.. words]).ConfigureAwait(false);
        return answer.IsSuccess ? true : throw new CommandFailed(answer.Complaint);
    }
}
