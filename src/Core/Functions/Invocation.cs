using SaltActors.Core.Values;

namespace SaltActors.Core.Functions;

/// <summary>What a call came to: the value that is shown, and how it ended.</summary>
/// <param name="Outputter">The outputter the result asks for, or null.</param>
/// <param name="Failure">What kind of failure it was, for callers that must tell them apart.</param>
public sealed record CallOutcome(Value Return, int Retcode, string? Outputter, CallFailure Failure = CallFailure.None)
{
    public bool Success => Retcode == 0;
}

public enum CallFailure { None, Unknown, Unavailable, BadArguments, Failed, Exception, Stopped }

/// <summary>Calls a function by name and turns whatever happens into an outcome. Never throws.</summary>
public static class Invocation
{
    public static async Task<CallOutcome> RunAsync(CallContext context, FunctionKind kind, string name, CallArguments arguments)
    {
        var function = context.Functions.Find(kind, name);
        if (function is null) return new(Unknown(context.Functions, kind, name), 1, "nested", CallFailure.Unknown);
        try
        {
            if (function.TakesKeywords && context.Publish.Count > 0) arguments = WithPublishFields(arguments, context.Publish);
            var bound = BoundArguments.Bind(function, arguments);
            var value = await function.Body(context, bound).ConfigureAwait(false);
            return new(value, context.Retcode != 0 ? context.Retcode : RetcodeOf(value), function.Outputter);
        }
        catch (InvalidKeywords refused)
        {
            return new($"ERROR executing '{name}': {refused.Message}", 1, "nested", CallFailure.BadArguments);
        }
        catch (ArgumentRefused refused)
        {
            return new($"Passed invalid arguments to {name}: {refused.Message}\n\n{function.Doc}", 1, "nested", CallFailure.BadArguments);
        }
        catch (CommandFailed failed)
        {
            return new($"ERROR: {failed.Message}", context.Retcode != 0 ? context.Retcode : 1, "nested", CallFailure.Failed);
        }
        catch (FunctionUnavailable unavailable)
        {
            return new($"'{name}' is not available here: {unavailable.Message}", 1, "nested", CallFailure.Unavailable);
        }
        catch (OperationCanceledException) when (context.Stopped.IsCancellationRequested)
        {
            return new($"'{name}' was stopped before it ended", 1, "nested", CallFailure.Stopped);
        }
        catch (Exception cause)
        {
            // Whatever a function throws belongs to its caller: the text names it, the daemon goes on.
            return new($"The minion function caused an exception: {cause}", 1, "nested", CallFailure.Exception);
        }
    }

    /// <summary>A map that says <c>result: False</c> or <c>success: False</c> has failed although nothing was thrown.</summary>
    public static int RetcodeOf(Value value) =>
        value is MapValue map && (map.Get("result") is BoolValue { IsTrue: false } || map.Get("success") is BoolValue { IsTrue: false }) ? 1 : 0;

    private static string Unknown(FunctionTable functions, FunctionKind kind, string name)
    {
        var dot = name.IndexOf('.');
        return dot > 0 && functions.HasModule(kind, name[..dot]) || kind != FunctionKind.Execution
            ? $"'{name}' is not available."
            : $"Module '{(dot > 0 ? name[..dot] : name)}' is not available.";
    }

    // Functions with **kwargs see how they were published, as __pub_fun, __pub_jid …
    private static CallArguments WithPublishFields(CallArguments arguments, MapValue publish)
    {
        var keywords = arguments.Keywords.ToBuilder();
        foreach (var (key, value) in publish) keywords["__pub_" + key] = value;
        return arguments with { Keywords = keywords.Build() };
    }
}
