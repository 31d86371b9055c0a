using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary><c>sharedsecret</c>: whoever knows the option <c>sharedsecret</c> is believed, under any name. Made for programs that have checked their users themselves.</summary>
public sealed class SharedSecretAuthenticator(string? secret) : IAuthenticator
{
    public string Name => "sharedsecret";

    public Task<VouchedUser?> CheckAsync(Login login, MapValue options)
    {
        if (secret is not { Length: > 0 }) throw new AuthenticatorBroken("external_auth uses 'sharedsecret', but the option 'sharedsecret' is not set");
        var isRight = CryptographicOperations.FixedTimeEquals(Digest(login.Password), Digest(secret));
        return Task.FromResult(isRight ? new VouchedUser(login.User, []) : null);
    }

    // Of one length, whatever was sent.
    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
