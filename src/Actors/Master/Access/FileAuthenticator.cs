using System.Security.Cryptography;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Master.Access;

/// <summary><c>file</c>: users and passwords in a file of its own, in one of three forms.</summary>
/// <remarks>
/// Options: <c>^filename</c>; <c>^filetype</c> text (the default), htpasswd or htdigest. For text: <c>^hashtype</c> (plaintext, md5, sha1,
/// sha256, sha384, sha512; plaintext is the default), <c>^field_separator</c> (:), <c>^username_field</c> (1), <c>^password_field</c> (2).
/// For htdigest: <c>^realm</c>. Of htpasswd the forms {SHA}, $apr1$, $1$, $5$, $6$, $2y$ and the system's crypt are read.
/// </remarks>
public sealed class FileAuthenticator : IAuthenticator
{
    public string Name => "file";

    public async Task<VouchedUser?> CheckAsync(Login login, MapValue options)
    {
        var path = options.TextOf("filename") ?? throw new AuthenticatorBroken("external_auth: file: the option '^filename' is missing");
        var type = options.TextOf("filetype") ?? "text";
        string[] lines;
        try
        {
            lines = await File.ReadAllLinesAsync(path).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new AuthenticatorBroken($"external_auth: file: {path} cannot be read: {cause.Message}", cause);
        }
        if (login.User.Length == 0 || login.User.Contains('\n')) return null;
        var isRight = type switch
        {
            "text" => InText(lines, login, options),
            "htpasswd" => Lines(lines, ":").Where(f => f.Length >= 2 && f[0] == login.User).Take(1).Any(f => PasswordHashes.Matches(login.Password, f[1])),
            "htdigest" => InDigest(lines, login, options.TextOf("realm") ?? throw new AuthenticatorBroken("external_auth: file: htdigest needs the option '^realm'")),
            _ => throw new AuthenticatorBroken($"external_auth: file: '^filetype' is '{type}', where text, htpasswd or htdigest was expected"),
        };
        return isRight ? new VouchedUser(login.User, []) : null;
    }

    private static bool InText(string[] lines, Login login, MapValue options)
    {
        var separator = options.TextOf("field_separator") ?? ":";
        var (userField, passwordField) = (Field("username_field", 1), Field("password_field", 2));
        var hash = options.TextOf("hashtype") ?? "plaintext";
        var given = hash == "plaintext" ? login.Password : Hashed(hash, login.Password);
        return Lines(lines, separator).Where(f => f.Length >= Math.Max(userField, passwordField) && f[userField - 1] == login.User).Take(1)
            .Any(f => Same(given, hash == "plaintext" ? f[passwordField - 1] : f[passwordField - 1].ToLowerInvariant()));

        int Field(string name, int standard) => options.Get(name) is not { } value ? standard
            : value.AsInteger() is { } n and >= 1 ? (int)n : throw new AuthenticatorBroken($"external_auth: file: '^{name}' is {PythonText.Repr(value)}, where a number from 1 on was expected");
    }

    private static bool InDigest(string[] lines, Login login, string realm)
    {
        // The digest file's own algorithm.
        var given = Hashed("md5", $"{login.User}:{realm}:{login.Password}");
        return Lines(lines, ":").Where(f => f.Length >= 3 && f[0] == login.User && f[1] == realm).Take(1).Any(f => Same(given, f[2].ToLowerInvariant()));
    }

    private static IEnumerable<string[]> Lines(string[] lines, string separator) =>
        lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(separator));

    private static string Hashed(string type, string text)
    {
        try
        {
            return WireNames.HashHex(type, Encoding.UTF8.GetBytes(text));
        }
        catch (ArgumentException cause)
        {
            throw new AuthenticatorBroken($"external_auth: file: '^hashtype': {cause.Message}", cause);
        }
    }

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
