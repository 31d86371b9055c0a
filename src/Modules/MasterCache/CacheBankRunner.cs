using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.MasterCache;

/// <summary>The runner <c>cache</c>: banks of values by key, files in the master's <c>cachedir</c>.</summary>
/// <remarks>Follows Salt 3006, salt/runners/cache.py with salt/cache/localfs.py. A bank or key that leads out of the folder is refused.</remarks>
public static class CacheBankRunner
{
    /// <summary>Keeps a value.</summary>
    /// <param name="bank">The bank, a path of names.</param>
    /// <param name="key">The key.</param>
    /// <param name="data">The value.</param>
    /// <param name="cachedir">Must not be given: the banks are the master's own.</param>
    /// <example><code>salt-run cache.store mycache mykey 'The time has come the walrus said'</code></example>
    [SaltRunner("cache.store")]
    public static Value Store(CallContext context, string bank, string key, Value data, string? cachedir = null)
    {
        Cache(context, cachedir).Store(bank, key, data);
        return Value.Null;
    }

    /// <summary>A value that was kept.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="key">The key.</param>
    /// <param name="cachedir">Must not be given.</param>
    /// <returns>The value; an empty map where there is none.</returns>
    /// <example><code>salt-run cache.fetch cloud/active/ec2/myec2 myminion</code></example>
    [SaltRunner("cache.fetch")]
    public static Value Fetch(CallContext context, string bank, string key, string? cachedir = null) => Cache(context, cachedir).Fetch(bank, key);

    /// <summary>The keys and the inner banks of a bank.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="cachedir">Must not be given.</param>
    /// <returns>Sorted names.</returns>
    /// <example><code>salt-run cache.list cloud/active/ec2/myec2</code></example>
    [SaltRunner("cache.list")]
    public static ListValue List(CallContext context, string bank, string? cachedir = null) => ListValue.OfTexts(Cache(context, cachedir).List(bank));

    /// <summary>Removes a value, or a whole bank.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="key">The key; the whole bank goes where it is not given.</param>
    /// <param name="cachedir">Must not be given.</param>
    /// <returns>True where there was something to remove.</returns>
    /// <example><code>salt-run cache.flush cloud/active/ec2/myec2 myminion</code></example>
    [SaltRunner("cache.flush")]
    public static bool Flush(CallContext context, string bank, string? key = null, string? cachedir = null) => Cache(context, cachedir).Flush(bank, key);

    private static IMasterCache Cache(CallContext context, string? cachedir) =>
        cachedir is null || cachedir.TrimEnd('/') == context.Options.TextOf("cachedir")?.TrimEnd('/') ? CacheRunner.Cache(context)
            : throw new CommandFailed($"cachedir={cachedir}: only the master's own cachedir {context.Options.TextOf("cachedir")} can be looked into");
}
