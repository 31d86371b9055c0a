using System.Collections.Immutable;
using System.DirectoryServices.Protocols;
using System.Net;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary><c>ldap</c>: users of a directory. The user's entry is found, and his own password must open it.</summary>
/// <remarks>
/// <c>auth.ldap.binddn</c> with <c>{{ username }}</c> in it is the user's own entry; without, it is the account that looks for the entry by
/// <c>auth.ldap.filter</c>. Groups count as <c>name%</c>: those of <c>groupclass</c> that list the user, or in an Active Directory those his entry names.
/// </remarks>
public sealed class LdapAuthenticator(LdapSettings settings) : IAuthenticator
{
    private const int LdapPort = 389, LdapsPort = 636, InvalidCredentials = 49, InvalidDnSyntax = 34, NoSuchObject = 32, UnwillingToPerform = 53, InsufficientAccess = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "ldap";

    // The library waits on its thread: one of its own for each login.
    public Task<VouchedUser?> CheckAsync(Login login, MapValue options) =>
        Task.Factory.StartNew(() => Check(login), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private VouchedUser? Check(Login login)
    {
        // An empty password opens any entry as nobody, and would pass for a success (RFC 4513, 5.1.2).
        if (login.Password.Length == 0) return null;
        try
        {
            using var connection = Connect();
            var entry = IsOwnEntry(settings.BindDn) ? Filled(settings.BindDn, login.User, InName) : Find(connection, login.User);
            if (entry is null) return null;
            connection.Bind(new NetworkCredential(entry, login.Password));
            return new VouchedUser(login.User, Groups(connection, entry, login.User));
        }
        catch (LdapException cause) when (cause.ErrorCode is InvalidCredentials or NoSuchObject or InvalidDnSyntax or UnwillingToPerform)
        {
            return null;
        }
        catch (Exception cause) when (cause is DirectoryException or DllNotFoundException or TypeInitializationException)
        {
            throw new AuthenticatorBroken($"external_auth: ldap: {Where}: {cause.Message}", cause);
        }
    }

    private string Where => settings.Uri.Length > 0 ? settings.Uri : $"{settings.Server}:{settings.Port}";

    private LdapConnection Connect()
    {
        if (!settings.VerifiesCertificate)
            throw new AuthenticatorBroken("external_auth: ldap: 'auth.ldap.no_verify' is not there: a directory that nobody can tell from another proves nothing. Give its authority to the system's trusted certificates");
        var (host, port, isSecure) = Address();
        var connection = new LdapConnection(new LdapDirectoryIdentifier(host, port)) { AuthType = AuthType.Basic, Timeout = Patience };
        connection.SessionOptions.ProtocolVersion = 3;
        connection.SessionOptions.ReferralChasing = ReferralChasingOptions.None;
        if (isSecure) connection.SessionOptions.SecureSocketLayer = true;
        if (settings.StartTls) connection.SessionOptions.StartTransportLayerSecurity(null);
        return connection;
    }

    private (string Host, int Port, bool IsSecure) Address()
    {
        if (settings.Uri.Length == 0) return (settings.Server, settings.UseTls && settings.Port == LdapPort ? LdapsPort : settings.Port, settings.UseTls);
        return Uri.TryCreate(settings.Uri, UriKind.Absolute, out var uri) && uri.Scheme is "ldap" or "ldaps"
            ? (uri!.Host, uri.Port > 0 ? uri.Port : uri.Scheme == "ldaps" ? LdapsPort : LdapPort, uri.Scheme == "ldaps")
            : throw new AuthenticatorBroken($"external_auth: ldap: the option 'auth.ldap.uri' is '{settings.Uri}', where ldap://host or ldaps://host was expected");
    }

    private string? Find(LdapConnection connection, string user)
    {
        if (settings.BaseDn.Length == 0 || settings.Filter.Length == 0)
            throw new AuthenticatorBroken("external_auth: ldap: 'auth.ldap.basedn' and 'auth.ldap.filter' are needed where 'auth.ldap.binddn' does not name the user's own entry");
        try
        {
            if (settings.IsAnonymous || settings.BindDn.Length == 0) connection.AuthType = AuthType.Anonymous;
            else connection.Bind(new NetworkCredential(settings.BindDn, settings.BindPassword));
            var found = Search(connection, settings.BaseDn, Filled(settings.Filter, user, InFilter));
            // Of two that are found, nobody knows which one it would be.
            return found.Count == 1 ? found[0].DistinguishedName : null;
        }
        catch (LdapException cause) when (cause.ErrorCode == InvalidCredentials)
        {
            throw new AuthenticatorBroken($"external_auth: ldap: {Where}: '{settings.BindDn}' (auth.ldap.binddn) may not enter: {cause.Message}", cause);
        }
        finally
        {
            connection.AuthType = AuthType.Basic;
        }
    }

    private ImmutableArray<string> Groups(LdapConnection connection, string entry, string user)
    {
        if (settings.IsActiveDirectory)
            return [.. Search(connection, entry, $"(objectClass={settings.PersonType})", "memberOf").SelectMany(e => e.Attributes["memberOf"]?.GetValues(typeof(string)).Cast<string>() ?? []).Select(FirstName)];
        if (settings.BaseDn.Length == 0) return [];
        var where = settings.GroupBaseDn.Length > 0 ? settings.GroupBaseDn : settings.GroupOu.Length > 0 ? $"ou={settings.GroupOu},{settings.BaseDn}" : settings.BaseDn;
        var filter = settings.GroupFilter.Length > 0 ? Filled(settings.GroupFilter, user, InFilter)
            : $"(&(objectClass={settings.GroupClass})(|({settings.AccountAttribute}={InFilter(user)})({settings.AccountAttribute}={InFilter(entry)})))";
        try
        {
            return [.. Search(connection, where, filter, "cn").Select(e => FirstName(e.DistinguishedName))];
        }
        catch (DirectoryOperationException cause) when ((int?)cause.Response?.ResultCode is NoSuchObject or InsufficientAccess)
        {
            return [];   // a directory without that branch has no groups for us
        }
    }

    private static List<SearchResultEntry> Search(LdapConnection connection, string where, string filter, params string[] attributes) =>
        [.. ((SearchResponse)connection.SendRequest(new SearchRequest(where, filter, SearchScope.Subtree, attributes), Patience)).Entries.Cast<SearchResultEntry>()];

    private static bool IsOwnEntry(string dn) => dn.Contains("{{", StringComparison.Ordinal);

    private static string Filled(string pattern, string user, Func<string, string> guarded)
    {
        var begin = pattern.IndexOf("{{", StringComparison.Ordinal);
        var end = begin < 0 ? -1 : pattern.IndexOf("}}", begin, StringComparison.Ordinal);
        return end < 0 ? pattern : pattern[..begin] + guarded(user) + Filled(pattern[(end + 2)..], user, guarded);
    }

    // What has a meaning inside a filter (RFC 4515) or a name (RFC 4514) stands for itself.
    private static string InFilter(string text) => string.Concat(text.Select(c => c is '*' or '(' or ')' or '\\' or '\0' ? $"\\{(int)c:x2}" : c.ToString()));
    private static string InName(string text) => string.Concat(text.Select((c, i) => c is ',' or '+' or '"' or '\\' or '<' or '>' or ';' or '=' || i == 0 && c is '#' or ' ' ? $"\\{c}" : c.ToString()));

    private static string FirstName(string dn)
    {
        var first = dn.Split(',')[0];
        return first[(first.IndexOf('=', StringComparison.Ordinal) + 1)..];
    }
}
