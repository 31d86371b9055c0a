using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master.Access;

/// <summary>
/// The key files that prove who a local program runs for: who can read <c>cachedir/.&lt;user&gt;_key</c> is that user. Made anew at every start, as Salt does.
/// </summary>
/// <remarks>The master's own user may do everything; the others, for whom there is a file where <c>publisher_acl</c> means them, what it says.</remarks>
public sealed class LocalCredentials
{
    private readonly byte[] _master;
    private readonly FrozenDictionary<string, byte[]> _users;

    private LocalCredentials(byte[] master, FrozenDictionary<string, byte[]> users) => (_master, _users) = (master, users);

    /// <summary>Makes the keys and writes their files, each mode 0600 and its user's own.</summary>
    public static LocalCredentials Make(MasterOptions options, PublisherAcl acl, Action<string> warn)
    {
        Directory.CreateDirectory(options.CacheDir);
        var master = MakeKey(options.CacheDir, options.User);
        var users = new Dictionary<string, byte[]>();
        if (!acl.IsEmpty)
            foreach (var user in SystemUsers.All().Where(u => u.Name != options.User && !acl.RulesFor(u.Name).IsEmpty))
            {
                var key = MakeKey(options.CacheDir, user.Name);
                if (SystemUsers.Give(PathOf(options.CacheDir, user.Name), user)) users[user.Name] = key;
                else warn($"publisher_acl: {user.Name} cannot use salt: the key file could not be given to that user; run the master as root");
            }
        return new LocalCredentials(master, users.ToFrozenDictionary());
    }

    /// <summary>True for the key of the master's own user. Whatever name comes with it: the key is the proof.</summary>
    public bool IsMaster(string key) => Same(key, _master);

    /// <summary>True for the key of the named user.</summary>
    public bool IsUser(string user, string key) => _users.TryGetValue(user, out var own) && Same(key, own);

    private static byte[] MakeKey(string folder, string user)
    {
        var key = Crypticle.NewKeyString();
        PrivateFiles.Write(PathOf(folder, user), key);
        return Encoding.UTF8.GetBytes(key);
    }

    private static string PathOf(string folder, string user) => Path.Combine(folder, $".{user}_key");

    private static bool Same(string given, byte[] key) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), key);
}
