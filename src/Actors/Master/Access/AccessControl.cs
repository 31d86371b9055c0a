using System.Collections.Frozen;
using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary>Who sent a command, as far as he proved it.</summary>
public abstract record Caller
{
    /// <param name="Kind">How he tried to prove it: <c>token</c>, <c>eauth</c> or <c>user</c>.</param>
    public sealed record Unproven(string Kind, string? Name) : Caller;

    /// <summary>Holds the master's own key: may do everything.</summary>
    public sealed record Master(string Name) : Caller;

    /// <summary>May do what his rules say.</summary>
    public sealed record Known(string Kind, string Name, AccessRules Rules) : Caller;
}

/// <summary>Decides who may command the master, in Salt's order: a token, else a login at a backend, else a key file.</summary>
public sealed class AccessControl(AccessSettings settings, LocalCredentials credentials, IEnumerable<IAuthenticator> backends, TimeProvider clock, Action<string> warn)
{
    private readonly FrozenDictionary<string, IAuthenticator> _backends = backends.ToFrozenDictionary(b => b.Name);
    private readonly Tokens _tokens = new(settings.TokenFolder, settings.HashType, clock);

    public PublisherAcl Publishers => settings.Publishers;

    /// <summary>What the configuration says that cannot work, for warnings at the start.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. settings.External.Problems(), .. settings.Publishers.Problems(),
        .. settings.External.Backends.Where(b => b == "auto").Select(_ => "external_auth: the backend 'auto' believes everyone, with any password; it is for trying rules out"),
        .. settings.External.Backends.Where(b => !_backends.ContainsKey(b)).Select(b => $"external_auth: the backend '{b}' is not there; there are {string.Join(", ", _backends.Keys.Order())}"),
    ];

    /// <param name="proofs">Where <c>token</c>, <c>eauth</c>, <c>username</c> and <c>password</c> stand: a publish has them under <c>kwargs</c>.</param>
    /// <param name="load">The request, with <c>key</c> and <c>user</c>.</param>
    public async Task<Caller> ProveAsync(MapValue proofs, MapValue load)
    {
        if (proofs.Has("token"))
        {
            if (proofs.TextOf("token") is not { } text || _tokens.Find(text) is not { } token) return new Caller.Unproven("token", null);
            return RulesOf(token) is { IsEmpty: false } rules ? new Caller.Known("token", token.Name, rules) : new Caller.Unproven("token", token.Name);
        }
        if (proofs.Has("eauth"))
        {
            var backend = proofs.TextOf("eauth") ?? "";
            return await LogInAsync(backend, proofs).ConfigureAwait(false) is { } user && RulesOf(backend, user) is { IsEmpty: false } rules
                ? new Caller.Known("eauth", user.Name, rules)
                : new Caller.Unproven("eauth", proofs.TextOf("username"));
        }
        var name = load.TextOf("user") ?? "";
        if (load.TextOf("key") is not { } key) return new Caller.Unproven("user", name);
        if (credentials.IsMaster(key))
            return settings.SudoAcl && name.StartsWith("sudo_", StringComparison.Ordinal) && !settings.Publishers.IsEmpty
                ? new Caller.Known("user", name, settings.Publishers.RulesFor(name["sudo_".Length..])) : new Caller.Master(name);
        return credentials.IsUser(name, key) ? new Caller.Known("user", name, settings.Publishers.RulesFor(name)) : new Caller.Unproven("user", name);
    }

    /// <summary>A token for whoever logs in right; null for anybody else.</summary>
    public async Task<Token?> MakeTokenAsync(MapValue load)
    {
        var backend = load.TextOf("eauth") ?? "";
        if (await LogInAsync(backend, load).ConfigureAwait(false) is not { } user || RulesOf(backend, user) is not { IsEmpty: false } rules) return null;
        var life = settings.ChoosesTokenLife(backend, user.Name) && load.Get("token_expire")?.AsNumber() is { } wished and > 0 ? TimeSpan.FromSeconds(wished) : settings.TokenLife;
        return _tokens.Make(user.Name, backend, life, user.Groups, settings.KeepAclInToken ? rules.ToValue() : null);
    }

    public Token? FindToken(string text) => _tokens.Find(text);

    public bool DeleteToken(string text) => _tokens.Delete(text);

    public int CleanTokens() => _tokens.Clean();

    private async Task<VouchedUser?> LogInAsync(string backend, MapValue load)
    {
        VouchedUser? user = null;
        if (!settings.External.Backends.Contains(backend)) warn($"a login at '{backend}' was refused: external_auth does not have it");
        else if (!_backends.TryGetValue(backend, out var authenticator)) warn($"a login at '{backend}' was refused: that backend is not there");
        else if (load.TextOf("username") is { Length: > 0 } name && !name.StartsWith('^'))
            try
            {
                user = await authenticator.CheckAsync(new Login(name, load.TextOf("password") ?? "", load), settings.External.OptionsOf(backend)).ConfigureAwait(false);
            }
            catch (AuthenticatorBroken cause)
            {
                warn(cause.Message);
            }
        if (user is null) await Task.Delay(settings.WrongLoginDelay, clock).ConfigureAwait(false);
        return user;
    }

    private AccessRules RulesOf(string backend, VouchedUser user) => settings.External.RulesFor(backend, user.Name, user.Groups, settings.PermissiveAcl);

    private AccessRules RulesOf(Token token) =>
        settings.KeepAclInToken && token.Rules is { } kept ? AccessRules.Of(kept) : RulesOf(token.Eauth, new VouchedUser(token.Name, token.Groups));
}
