using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Ssh;

/// <summary>The functions of <c>ssh</c> about keys with which somebody may come in.</summary>
/// <remarks>Follows Salt 3006, salt/modules/ssh.py.</remarks>
public static class SshModule
{
    /// <summary>The keys of a user: key → <c>comment</c>, <c>enc</c>, <c>options</c>.</summary>
    /// <param name="user">The user.</param>
    /// <param name="config">The file; <c>.ssh/authorized_keys</c> as standard.</param>
    /// <example><code>salt '*' ssh.auth_keys root</code></example>
    [SaltFunction("ssh.auth_keys")]
    public static MapValue AuthKeys(string user, string? config = null) => MapValue.From(new AuthorizedKeys(user, config).Keys
        .Select(k => KeyValuePair.Create(k.Key, (Value)MapValue.Of(("comment", k.Comment), ("enc", k.Kind), ("options", ListValue.OfTexts(k.Options.Length > 0 ? k.Options.Split(',') : []))))));

    /// <summary>Lets somebody in by a key.</summary>
    /// <param name="user">The user.</param>
    /// <param name="key">The key, in base64.</param>
    /// <param name="enc">Its kind.</param>
    /// <param name="comment">A comment.</param>
    /// <param name="options">Options of the line, a list.</param>
    /// <param name="config">The file.</param>
    /// <returns><c>new</c>, <c>replace</c> or <c>no change</c>.</returns>
    /// <example><code>salt '*' ssh.set_auth_key root AAAAB3… dsa</code></example>
    [SaltFunction("ssh.set_auth_key")]
    public static string SetAuthKey(string user, string key, string enc = "ssh-rsa", string comment = "", ListValue? options = null, string? config = null)
    {
        var keys = new AuthorizedKeys(user, config);
        var (wanted, there) = (new AuthorizedKey(string.Join(',', (options ?? ListValue.Empty).Select(o => o.ToString())), enc is "dsa" ? "ssh-dss" : enc is "rsa" ? "ssh-rsa" : enc, key, comment), keys.Find(key));
        if (there == wanted) return "no change";
        keys.Set(wanted);
        keys.Write();
        return there is null ? "new" : "replace";
    }

    /// <summary>Lets nobody in by a key any more.</summary>
    /// <param name="user">The user.</param>
    /// <param name="key">The key, in base64.</param>
    /// <param name="config">The file.</param>
    /// <returns><c>Key removed</c>, or <c>Key not present</c>.</returns>
    /// <example><code>salt '*' ssh.rm_auth_key root AAAAB3…</code></example>
    [SaltFunction("ssh.rm_auth_key")]
    public static string RmAuthKey(string user, string key, string? config = null)
    {
        var keys = new AuthorizedKeys(user, config);
        if (!keys.Remove(key)) return "Key not present";
        keys.Write();
        return "Key removed";
    }
}
