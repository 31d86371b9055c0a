using System.Collections.Immutable;
using System.Security.Cryptography;
using SaltActors.Core.Values;
using SaltActors.Transport.Keys;
using SaltActors.Transport.Payload;

namespace SaltActors.Actors.Master.Access;

/// <summary>What a token stands for.</summary>
/// <param name="Rules">Rules that were kept with it (<c>keep_acl_in_token</c>); null where they are looked up at each use.</param>
public sealed record Token(string Text, double Start, double Expire, string Name, string Eauth, ImmutableArray<string> Groups, ListValue? Rules)
{
    /// <summary>Salt's shape: <c>start, expire</c> (seconds since 1970), <c>name, eauth, token[, groups, auth_list]</c>.</summary>
    public MapValue ToValue()
    {
        var map = new MapValue.Builder { ["start"] = Start, ["expire"] = Expire, ["name"] = Name, ["eauth"] = Eauth, ["token"] = Text };
        if (!Groups.IsDefaultOrEmpty) map["groups"] = ListValue.OfTexts(Groups);
        if (Rules is not null) map["auth_list"] = Rules;
        return map.Build();
    }

    internal static Token? From(Value value) => value is MapValue map && map.TextOf("token") is { } text && map.TextOf("name") is { } name && map.TextOf("eauth") is { } eauth
        ? new Token(text, map.Get("start")?.AsNumber() ?? 0, map.Get("expire")?.AsNumber() ?? 0, name, eauth, [.. map.ListOf("groups").Select(g => g.ToString())], map.Get("auth_list") as ListValue)
        : null;
}

/// <summary>Tokens as files, where Salt keeps them too: <c>token_dir/&lt;token&gt;</c>, msgpack, mode 0600.</summary>
/// <remarks>A token's text decides a file's name, so nothing but the hex digits of the master's hash is ever looked for.</remarks>
public sealed class Tokens(string folder, string hashType, TimeProvider clock)
{
    private const int RandomBytes = 512;

    public Token Make(string name, string eauth, TimeSpan life, ImmutableArray<string> groups, ListValue? rules)
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        var now = Now();
        var token = new Token(WireNames.HashHex(hashType, random), now, now + life.TotalSeconds, name, eauth, groups, rules);
        PrivateFiles.CreateFolder(folder);
        PrivateFiles.Write(Path.Combine(folder, token.Text), Msgpack.Pack(token.ToValue(), MsgpackDialect.Local));
        return token;
    }

    /// <summary>Null where there is none, or it has expired: then it is gone.</summary>
    public Token? Find(string text)
    {
        if (!IsName(text)) return null;
        var path = Path.Combine(folder, text);
        Token? token;
        try
        {
            token = Token.From(Msgpack.Unpack(File.ReadAllBytes(path), MsgpackDialect.Local));
        }
        catch (Exception cause) when (cause is MsgpackBroken or IOException or UnauthorizedAccessException)
        {
            return null;   // what cannot be read proves nothing
        }
        if (token is null || token.Text != text) return null;
        if (token.Expire > Now()) return token;
        File.Delete(path);
        return null;
    }

    /// <summary>False where there is none.</summary>
    public bool Delete(string text)
    {
        if (!IsName(text) || !File.Exists(Path.Combine(folder, text))) return false;
        File.Delete(Path.Combine(folder, text));
        return true;
    }

    /// <summary>Deletes those that have expired.</summary>
    public int Clean()
    {
        if (!Directory.Exists(folder)) return 0;
        var before = Directory.GetFiles(folder).Select(Path.GetFileName).ToList();
        return before.Count(name => IsName(name!) && Find(name!) is null);
    }

    private static bool IsName(string text) => text.Length is >= 32 and <= 128 && text.All(char.IsAsciiHexDigitLower);

    private double Now() => clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
}
