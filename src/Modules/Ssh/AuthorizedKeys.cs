using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Modules.Accounts;
using SaltActors.Modules.Files;
using SaltActors.Modules.Files.Managed;

namespace SaltActors.Modules.Ssh;

/// <summary>One line of a file of authorized keys.</summary>
internal sealed record AuthorizedKey(string Options, string Kind, string Key, string Comment)
{
    private static readonly string[] Kinds = ["ssh-rsa", "ssh-dss", "ssh-ed25519", "ecdsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"];

    /// <summary>Null for a comment, an empty line, or what is no key.</summary>
    public static AuthorizedKey? Of(string line)
    {
        line = line.Trim();
        if (line.Length == 0 || line[0] == '#') return null;
        foreach (var kind in Kinds)
        {
            var at = line.StartsWith(kind + " ", StringComparison.Ordinal) ? 0 : line.IndexOf(" " + kind + " ", StringComparison.Ordinal) is > 0 and var found ? found + 1 : -1;
            if (at < 0) continue;
            var words = line[at..].Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            return words.Length < 2 ? null : new(line[..at].Trim(), words[0], words[1], words.Length > 2 ? words[2] : "");
        }
        return null;
    }

    public override string ToString() => $"{(Options.Length > 0 ? Options + " " : "")}{Kind} {Key}{(Comment.Length > 0 ? " " + Comment : "")}";
}

/// <summary>The keys with which somebody may come in as a user, line by line; lines that are not changed stay.</summary>
internal sealed class AuthorizedKeys
{
    private readonly List<string> _lines;
    private readonly UserEntry _user;

    /// <param name="config">A path; <c>%u</c> and <c>%h</c> stand for user and home, and a relative one is below the home.</param>
    /// <exception cref="CommandFailed">There is no such user.</exception>
    public AuthorizedKeys(string user, string? config)
    {
        _user = AccountDatabase.User(user) ?? throw new CommandFailed($"User {user} does not exist");
        var path = (config is { Length: > 0 } given ? given : ".ssh/authorized_keys").Replace("%u", user, StringComparison.Ordinal).Replace("%h", _user.Home, StringComparison.Ordinal).Replace("%%", "%", StringComparison.Ordinal);
        FileName = System.IO.Path.IsPathRooted(path) ? path : System.IO.Path.Combine(_user.Home, path);
        _lines = File.Exists(FileName) ? [.. File.ReadAllLines(FileName)] : [];
    }

    public string FileName { get; }
    public IEnumerable<AuthorizedKey> Keys => _lines.Select(AuthorizedKey.Of).OfType<AuthorizedKey>();
    public AuthorizedKey? Find(string key) => Keys.FirstOrDefault(k => k.Key == key);

    public void Set(AuthorizedKey key)
    {
        var at = _lines.FindIndex(l => AuthorizedKey.Of(l)?.Key == key.Key);
        if (at < 0) _lines.Add(key.ToString());
        else _lines[at] = key.ToString();
    }

    public bool Remove(string key) => _lines.RemoveAll(l => AuthorizedKey.Of(l)?.Key == key) > 0;

    /// <summary>Only the user may read file and folder: the server refuses keys in open ones.</summary>
    public void Write()
    {
        var folder = System.IO.Path.GetDirectoryName(FileName)!;
        if (!Directory.Exists(folder))
        {
            FileTreeModule.MakedirsPerms(folder, null, null, "0700");
            if (Environment.IsPrivilegedProcess) UnixFile.ChangeOwner(folder, _user.Uid, _user.Gid);
        }
        var isNew = !File.Exists(FileName);
        FileReplacement.Write(FileName, Encoding.UTF8.GetBytes(string.Concat(_lines.Select(l => l + "\n"))), isNew ? 0x180u : null);
        if (isNew && Environment.IsPrivilegedProcess) UnixFile.ChangeOwner(FileName, _user.Uid, _user.Gid);
    }
}
