using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Testing;

namespace SaltActors.Modules.MasterCalls;

/// <summary>The runners of one or two functions: <c>event</c>, <c>config</c>, <c>auth</c>, <c>error</c>.</summary>
/// <remarks>Follow Salt 3006, salt/runners/{event,config,auth,error}.py.</remarks>
public static class SmallRunners
{
    /// <summary>Sends an event to the master's bus.</summary>
    /// <param name="tag">Its tag, as it is.</param>
    /// <param name="data">Its data.</param>
    /// <returns>True where the bus took it.</returns>
    /// <example><code>salt-run event.send my/custom/event '{"foo": "bar"}'</code></example>
    [SaltRunner("event.send")]
    public static async Task<bool> Send(CallContext context, string tag, MapValue? data = null) =>
        await CallServices.Need(context.Services.Events, "event.send needs the bus of a running master")
            .FireAsync(new SaltEvent(tag, data ?? MapValue.Empty), context.Stopped).ConfigureAwait(false);

    /// <summary>An option of the master.</summary>
    /// <param name="key">The option; keys of maps and places of lists follow behind the delimiter.</param>
    /// <param name="default">What is answered where there is no such option.</param>
    /// <param name="delimiter">Stands between the steps of the key.</param>
    /// <example><code>salt-run config.get file_roots:base</code></example>
    [SaltRunner("config.get")]
    public static Value Get(CallContext context, string key, Value? @default = null, string delimiter = ":") =>
        KeyPath.Find(context.Options, key, delimiter) ?? @default ?? "";

    /// <summary>Logs in and makes a token.</summary>
    /// <param name="load"><c>eauth</c>, <c>username</c>, <c>password</c>, and <c>token_expire</c> where the master allows it.</param>
    /// <returns><c>start</c>, <c>expire</c>, <c>name</c>, <c>eauth</c>, <c>token</c>; empty where the login is refused.</returns>
    /// <example><code>salt-run auth.mk_token username=saltdev password=saltdev eauth=auto</code></example>
    [SaltRunner("auth.mk_token")]
    public static async Task<MapValue> MakeToken(CallContext context, [Keywords] MapValue load) =>
        await Tokens(context).MakeAsync(TestArguments.WithoutPublishFields(load), context.Stopped).ConfigureAwait(false) ?? MapValue.Empty;

    /// <summary>Deletes a token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>True where there was one.</returns>
    /// <example><code>salt-run auth.del_token 6556760736e4077daa601baec2b67c24</code></example>
    [SaltRunner("auth.del_token")]
    public static bool DeleteToken(CallContext context, string token) => Tokens(context).Delete(token);

    /// <summary>Fails in the way that is asked for, to try out how errors are shown.</summary>
    /// <param name="name">The error's name; nothing happens without one.</param>
    /// <param name="message">Its message.</param>
    /// <returns>An empty map.</returns>
    /// <example><code>salt-run error.error name="Exception" message="This is an error."</code></example>
    [SaltRunner("error.error")]
    [SaltWheel("error.error")]
    public static MapValue Error(string? name = null, string message = "")
    {
        if (name is null) return MapValue.Empty;
        throw new NamedError(ErrorNames.Find(name) ?? "Exception", message);
    }

    private static ITokens Tokens(CallContext context) => CallServices.Need(context.Services.Tokens, "tokens are made by a running master");
}
