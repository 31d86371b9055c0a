using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Cp;

namespace SaltActors.Modules.Ssh;

/// <summary>The states <c>ssh_auth.present</c> and <c>ssh_auth.absent</c>.</summary>
/// <remarks>Follows Salt 3006, salt/states/ssh_auth.py.</remarks>
public static class SshAuthState
{
    /// <summary>Keeps a key with which somebody may come in.</summary>
    /// <param name="name">The key in base64, or its whole line.</param>
    /// <param name="user">The user.</param>
    /// <param name="enc">Its kind, where the name does not tell.</param>
    /// <param name="comment">A comment.</param>
    /// <param name="source">The address of a file of keys.</param>
    /// <param name="options">Options of the line.</param>
    /// <param name="config">The file of keys of the user.</param>
    /// <param name="kwargs"><c>saltenv</c> …</param>
    [SaltState("ssh_auth.present")]
    public static async Task<MapValue> Present(
        CallContext context, string name, string user, string enc = "ssh-rsa", string comment = "", string source = "", ListValue? options = null, string? config = null, [Keywords] MapValue? kwargs = null)
    {
        var wanted = new List<AuthorizedKey>();
        if (source.Length > 0)
        {
            var env = kwargs?.TextOf("__env__") ?? "base";
            var file = await CpFiles.GetAsync(context, source, env).ConfigureAwait(false);
            if (file is null) return StateResult.Failed(name, $"Source file {source} not found in saltenv '{env}'");
            wanted.AddRange((await File.ReadAllLinesAsync(file, context.Stopped).ConfigureAwait(false)).Select(l => Read(l, enc, "", null)).OfType<AuthorizedKey>());
            if (wanted.Count == 0) return StateResult.Failed(name, $"No valid keys found in {source}");
        }
        else wanted.Add(Read(name, enc, comment, options)!);
        AuthorizedKeys keys;
        try
        {
            keys = new AuthorizedKeys(user, config);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, $"Failed to add the ssh key: {failed.Message}");
        }
        var (lines, changes, isTestChange) = (new List<string>(), new MapValue.Builder(), false);
        foreach (var key in wanted)
        {
            var there = keys.Find(key.Key);
            if (there == key)
            {
                lines.Add($"The authorized host key {key.Key} is already present for user {user}");
                continue;
            }
            isTestChange = true;
            if (context.IsTest)
            {
                lines.Add($"Key {key.Key} for user {user} is set to be {(there is null ? "added" : "updated")}");
                continue;
            }
            keys.Set(key);
            changes[key.Key] = there is null ? "New" : "Updated";
            lines.Add(there is null ? $"The authorized host key {key.Key} for user {user} was added" : $"The authorized host key {key.Key} for user {user} was updated");
        }
        if (!isTestChange) return StateResult.Of(name, true, string.Join('\n', lines));
        if (context.IsTest) return StateResult.Of(name, null, string.Join('\n', lines));
        try
        {
            keys.Write();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or CommandFailed)
        {
            return StateResult.Failed(name, $"Failed to add the ssh key. Is the home directory available, and/or does the key file exist? {refused.Message}");
        }
        return StateResult.Of(name, true, string.Join('\n', lines), changes.Build());
    }

    /// <summary>Keeps a key away.</summary>
    /// <param name="name">The key in base64, or its whole line.</param>
    /// <param name="user">The user.</param>
    /// <param name="enc">Its kind.</param>
    /// <param name="comment">Taken for compatibility: the key alone counts.</param>
    /// <param name="options">Taken for compatibility.</param>
    /// <param name="config">The file of keys of the user.</param>
    [SaltState("ssh_auth.absent")]
    public static MapValue Absent(CallContext context, string name, string user, string enc = "ssh-rsa", string comment = "", ListValue? options = null, string? config = null)
    {
        var key = Read(name, enc, comment, options)!.Key;
        AuthorizedKeys keys;
        try
        {
            keys = new AuthorizedKeys(user, config);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Of(name, true, $"Key not present: {failed.Message}");
        }
        if (keys.Find(key) is null) return StateResult.Of(name, true, "Key not present");
        if (context.IsTest) return StateResult.Of(name, null, $"Key {key} for user {user} is set for removal");
        keys.Remove(key);
        keys.Write();
        return StateResult.Of(name, true, "Key removed", MapValue.Of((key, "Removed")));
    }

    // A whole line, or the key alone with what stands beside it.
    private static AuthorizedKey? Read(string text, string enc, string comment, ListValue? options)
    {
        if (AuthorizedKey.Of(text) is { } line) return line;
        if (text.Trim().Length == 0 || text.TrimStart().StartsWith('#')) return null;
        var words = text.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        return new(string.Join(',', (options ?? ListValue.Empty).Select(o => o.ToString())), enc is "dsa" ? "ssh-dss" : enc is "rsa" ? "ssh-rsa" : enc, words[0], words.Length > 1 ? words[1] : comment);
    }
}
