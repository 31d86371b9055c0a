using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary>The options <c>auth.ldap.*</c>.</summary>
public sealed record LdapSettings
{
    public static readonly LdapSettings None = new();

    public string Server { get; init; } = "localhost";
    public int Port { get; init; } = 389;
    public bool UseTls { get; init; }
    public bool StartTls { get; init; }
    public bool VerifiesCertificate { get; init; } = true;
    /// <summary><c>auth.ldap.uri</c>, in the place of server and port.</summary>
    public string Uri { get; init; } = "";
    public string BaseDn { get; init; } = "";
    public string BindDn { get; init; } = "";
    public string BindPassword { get; init; } = "";
    /// <summary>The filter that finds a user's entry; <c>{{ username }}</c> stands for his name.</summary>
    public string Filter { get; init; } = "";
    public string GroupBaseDn { get; init; } = "";
    public string GroupOu { get; init; } = "Groups";
    public string GroupClass { get; init; } = "posixGroup";
    public string GroupFilter { get; init; } = "";
    public string GroupAttribute { get; init; } = "memberUid";
    public string AccountAttribute { get; init; } = "memberUid";
    public string PersonType { get; init; } = "person";
    public bool IsActiveDirectory { get; init; }
    public bool IsAnonymous { get; init; }

    public static LdapSettings From(MapValue options)
    {
        return new LdapSettings
        {
            Server = Text("server", None.Server),
            Port = (int)(options.Get("auth.ldap.port")?.AsNumber() ?? double.Parse(Text("port", "389"), System.Globalization.CultureInfo.InvariantCulture)),
            UseTls = Flag("tls"),
            StartTls = Flag("starttls"),
            VerifiesCertificate = !Flag("no_verify"),
            Uri = Text("uri", ""),
            BaseDn = Text("basedn", ""),
            BindDn = Text("binddn", ""),
            BindPassword = Text("bindpw", ""),
            Filter = Text("filter", ""),
            GroupBaseDn = Text("group_basedn", ""),
            GroupOu = Text("groupou", None.GroupOu),
            GroupClass = Text("groupclass", None.GroupClass),
            GroupFilter = Text("group_filter", ""),
            GroupAttribute = Text("groupattribute", None.GroupAttribute),
            AccountAttribute = Text("accountattributename", None.AccountAttribute),
            PersonType = Text("persontype", None.PersonType),
            IsActiveDirectory = Flag("activedirectory"),
            IsAnonymous = Flag("anonymous"),
        };

        string Text(string name, string standard) => options.TextOf("auth.ldap." + name) is { } text ? text : standard;
        bool Flag(string name) => options.Get("auth.ldap." + name) is { IsTruthy: true };
    }
}
