using SaltActors.Core.Configuration;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion;

/// <summary>Options that genuine Salt's minion has and this one does not: who sets one is told at the start, and why.</summary>
public static class UnusedOptions
{
    private static readonly (string Name, string Reason)[] All =
    [
        ("multiprocessing", "jobs run side by side in one process"),
        ("return_retry_tries", "a return is tried until the master has taken it"),
        ("master_tries", "masters are tried without an end"),
        ("tcp_keepalive", "the connections have Salt's standard values"),
        ("tcp_keepalive_idle", "the connections have Salt's standard values"),
        ("tcp_keepalive_cnt", "the connections have the system's value"),
        ("tcp_keepalive_intvl", "the connections have the system's value"),
        ("source_interface_name", "the system chooses the address that the minion calls from"),
        ("source_address", "the system chooses the address that the minion calls from"),
        ("source_ret_port", "the system chooses the port that the minion calls from"),
        ("source_publish_port", "the system chooses the port that the minion calls from"),
        ("modules_max_memory", "functions do not load code"),
        ("cython_enable", "functions are built in"),
        ("module_dirs", "functions are built in, Python modules are not loaded"),
        ("grains_dirs", "grains are built in, Python modules are not loaded"),
        ("states_dirs", "states are built in, Python modules are not loaded"),
        ("returner_dirs", "returners are built in, Python modules are not loaded"),
        ("render_dirs", "renderers are built in, Python modules are not loaded"),
        ("restart_on_error", "the service manager starts the minion again"),
        ("minion_restart_command", "the service manager starts the minion again"),
        ("zmq_monitor", "the log tells of connections at the level debug"),
        ("ipc_mode", "local programs meet the minion at sockets in sock_dir"),
        ("scheduler_before_connect", "the schedule begins once the minion is connected"),
        ("run_schedule_jobs_in_background", "jobs of the schedule run side by side"),
    ];

    /// <summary>One text for each option that is set to another value than the standard one and does nothing.</summary>
    public static IEnumerable<string> In(MapValue options)
    {
        var standard = ConfigurationRole.Minion.Defaults();
        foreach (var (name, reason) in All)
            if (options.Get(name) is { IsNull: false } set && !set.Equals(standard.Get(name) ?? (set.IsTruthy ? Value.Null : set)))
                yield return $"the option '{name}' has no effect in this version: {reason}";
    }
}
