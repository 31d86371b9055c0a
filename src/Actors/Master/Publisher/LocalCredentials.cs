using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Actors.Master.Requests;
using SaltActors.Transport.Crypto;
using SaltActors.Transport.Keys;

namespace SaltActors.Actors.Master.Publisher;

/// <summary>
/// The key file that proves a local program may command the master: who can read <c>cachedir/.&lt;user&gt;_key</c> is the master's user.
/// Made anew at every start, as Salt does.
/// </summary>
public sealed class LocalCredentials
{
    private readonly string _user;
    private readonly byte[] _key;

    private LocalCredentials(string user, string key) => (_user, _key) = (user, Encoding.UTF8.GetBytes(key));

    /// <summary>Makes a key and writes its file, mode 0600.</summary>
    public static LocalCredentials Make(MasterOptions options)
    {
        var key = Crypticle.NewKeyString();
        Directory.CreateDirectory(options.CacheDir);
        var path = Path.Combine(options.CacheDir, $".{options.User}_key");
        PrivateFiles.Write(path, key);
        return new LocalCredentials(options.User, key);
    }

    /// <summary>Null where the load may publish, otherwise the answer that refuses it.</summary>
    public MapValue? Check(MapValue load) => IsMaster(load) ? null : Refusals.Authentication;

    /// <summary>The same for runners, whose refusals Salt words otherwise.</summary>
    public MapValue? CheckRunner(MapValue load)
    {
        if (IsMaster(load)) return null;
        var (kind, name) = load.Has("token") ? ("token", "TokenAuthenticationError") : load.Has("eauth") ? ("eauth", "EauthAuthenticationError") : ("user", "UserAuthenticationError");
        var who = load.TextOf(kind == "eauth" ? "username" : "user") ?? "UNKNOWN";
        return Refusals.Error(name, $"Authentication failure of type \"{kind}\" occurred{(kind == "token" ? "." : $" for user {who}.")}");
    }

    // The user in the load is only a name; the key is the proof, and it is the master user's alone.
    private bool IsMaster(MapValue load)
    {
        if (load.TextOf("key") is not { } key) return false;
        var user = load.TextOf("user") ?? "";
        var isKnown = user == _user || user == "root" || user.StartsWith("sudo_", StringComparison.Ordinal);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), _key) && isKnown;
    }
}
