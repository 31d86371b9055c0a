using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.MasterCalls;

namespace SaltActors.Modules.Manage;

/// <summary>The runner <c>manage</c>, as far as it looks after keys and new machines, and its health check, which genuine Salt does not have.</summary>
public static class ManageKeysRunner
{
    /// <summary>Has all minions that answer make new keys, and deletes every key at the master. All minions have to be accepted again.</summary>
    /// <returns>A text that says what to do next.</returns>
    /// <remarks>The master's own pair stays, other than in Salt: minions that were not there would never come back.</remarks>
    /// <example><code>salt-run manage.key_regen</code></example>
    [SaltRunner("manage.key_regen")]
    public static async Task<string> KeyRegen(CallContext context)
    {
        var keys = Keys.KeyWheel.Keys(context);
        var asked = await SaltRunner.CallAsync(context, "*", "glob", "saltutil.regen_keys", CallArguments.None).ConfigureAwait(false);
        await keys.ChangeAsync(KeyChange.Delete, new KeyChoice("*"), MoreKeys.None, context.Stopped).ConfigureAwait(false);
        return $"""
            {asked.Count} minions were told to make new keys, and all keys of minions are deleted at the master.
            Wait for the minions to sign in again: their new keys will be pending, and are accepted with
                salt-key -A
            A minion that was not connected keeps its old key; it waits to be accepted, too.
            """;
    }

    /// <summary>Accepts pending keys after their fingerprints were compared over SSH.</summary>
    /// <param name="target">Whom.</param>
    /// <param name="tgtType">The kind of the target.</param>
    /// <remarks>Needs salt-ssh's rosters, which runners of this version do not reach: it says so.</remarks>
    /// <example><code>salt-run manage.safe_accept my_minion</code></example>
    [SaltRunner("manage.safe_accept")]
    public static Value SafeAccept(string target, string tgtType = "glob") =>
        throw new CommandFailed($"manage.safe_accept {target}: comparing over SSH is not available in this version; compare 'salt-key -f {target}' with 'salt-call --local key.finger' on the machine, then salt-key -a {target}");

    /// <summary>Installs a minion on machines over SSH.</summary>
    /// <param name="version">Accepted for compatibility.</param>
    /// <param name="hosts">The machines.</param>
    /// <param name="kwargs">Accepted for compatibility.</param>
    /// <remarks>Not available: it fetches a script from the net and runs it as root. It says what to do instead.</remarks>
    /// <example><code>salt-run manage.bootstrap hosts='host1,host2'</code></example>
    [SaltRunner("manage.bootstrap")]
    public static Value Bootstrap(string version = "", string hosts = "", [Keywords] MapValue? kwargs = null) =>
        throw new CommandFailed("manage.bootstrap is not available in this version: copy the program 'salt' and /etc/salt/minion to the machine, start salt-minion there, and accept its key with salt-key -a");

    /// <summary>How the master is: its ports, keys, minions, jobs, queues, disk. Genuine Salt has no such runner.</summary>
    /// <returns>Sections of figures; <c>problems</c> is a list of sentences, empty where all is well.</returns>
    /// <example><code>salt-run manage.health</code></example>
    [SaltRunner("manage.health")]
    public static async Task<MapValue> Health(CallContext context)
    {
        var health = await CallServices.Need(context.Services.MasterState, "manage.health looks at a running master").HealthAsync(context.Stopped).ConfigureAwait(false);
        if (health.ListOf("problems").Count > 0) context.Retcode = 1;
        return health;
    }
}
