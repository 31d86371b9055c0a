using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary>The options that say who may command the master.</summary>
public sealed record AccessSettings
{
    public ExternalAuth External { get; init; } = new(MapValue.Empty);
    public PublisherAcl Publishers { get; init; } = new(MapValue.Empty, MapValue.Empty);
    /// <summary><c>sudo_acl</c>: whoever comes through sudo may do only what <c>publisher_acl</c> allows under his own name.</summary>
    public bool SudoAcl { get; init; }
    public bool PermissiveAcl { get; init; }
    public bool KeepAclInToken { get; init; }
    public TimeSpan TokenLife { get; init; } = TimeSpan.FromSeconds(43200);
    /// <summary><c>token_expire_user_override</c>: true, or backend → names.</summary>
    public Value MayChooseTokenLife { get; init; } = BoolValue.False;
    public string TokenFolder { get; init; } = "";
    public string HashType { get; init; } = "sha256";
    /// <summary>How long the answer to a wrong login is held back: guessing must not be quick.</summary>
    public TimeSpan WrongLoginDelay { get; init; } = TimeSpan.FromSeconds(1);
    public string? SharedSecret { get; init; }
    public string PamService { get; init; } = "login";
    public LdapSettings Ldap { get; init; } = LdapSettings.None;

    /// <exception cref="FormatException">An option has a value of the wrong kind; the message names it.</exception>
    public static AccessSettings From(MapValue options, MasterOptions master)
    {
        var life = options.Get("token_expire") is { IsNull: false } given ? given.AsNumber() ?? throw Wrong("token_expire", "a number of seconds", given) : 43200;
        if (options.TextOf("eauth_tokens") is { } store and not ("localfs" or ""))
            throw new FormatException($"the option 'eauth_tokens' is '{store}': only localfs is there");
        return new AccessSettings
        {
            External = new ExternalAuth(Map("external_auth")),
            Publishers = new PublisherAcl(Map("publisher_acl"), Map("publisher_acl_blacklist")),
            SudoAcl = options.Get("sudo_acl") is { IsTruthy: true },
            PermissiveAcl = options.Get("permissive_acl") is { IsTruthy: true },
            KeepAclInToken = options.Get("keep_acl_in_token") is { IsTruthy: true },
            TokenLife = TimeSpan.FromSeconds(life),
            MayChooseTokenLife = options.Get("token_expire_user_override") ?? BoolValue.False,
            TokenFolder = options.TextOf("token_dir") ?? Path.Combine(master.CacheDir, "tokens"),
            HashType = master.HashType,
            SharedSecret = options.TextOf("sharedsecret"),
            PamService = options.TextOf("auth.pam.service") is { Length: > 0 } service ? service : "login",
            Ldap = LdapSettings.From(options),
        };

        MapValue Map(string key) => options.Get(key) switch
        {
            null or NullValue => MapValue.Empty,
            MapValue map => map,
            var other => throw Wrong(key, "a map", other),
        };
    }

    private static FormatException Wrong(string key, string expected, Value found) =>
        new($"the option '{key}' must be {expected}, found {found.KindName} {PythonText.Repr(found)}");

    /// <summary>True where the user may say how long his token lives.</summary>
    public bool ChoosesTokenLife(string backend, string user) => MayChooseTokenLife switch
    {
        MapValue map => map.Get(backend) is ListValue names && names.Contains(user),
        var flag => flag.IsTruthy,
    };
}
