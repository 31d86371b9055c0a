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
        if (function is null) return Failure(Unknown(context.Functions, kind, name), CallFailure.Unknown);
        try
        {
            if (function.TakesKeywords && context.Publish.Count > 0) arguments = WithPublishFields(arguments, context.Publish);
            var bound = BoundArguments.Bind(function, arguments);
            var value = await function.Body(context, bound).ConfigureAwait(false);
            return new(value, context.Retcode != 0 ? context.Retcode : RetcodeOf(value), function.Outputter);
        }
        catch (Exception refused) when (IsMasters(kind) && refused is (InvalidKeywords or ArgumentRefused))
        {
            return Failure($"\nPassed invalid arguments: {refused.Message}\n\nUsage:\n\n{function.Doc.TrimStart('\n')}", CallFailure.BadArguments) with { Outputter = null };
        }
        catch (InvalidKeywords refused)
        {
            return Failure($"ERROR executing '{name}': {refused.Message}", CallFailure.BadArguments);
        }
        catch (ArgumentRefused refused)
        {
            return Failure($"Passed invalid arguments to {name}: {refused.Message}\n{function.Doc}", CallFailure.BadArguments);
        }
        catch (NamedError named) when (IsMasters(kind))
        {
            return OnMaster(kind, name, named);
        }
        catch (NamedError refused) when (refused.Kind == "TypeError")
        {
            return Failure($"Passed invalid arguments to {name}: {refused.Message}\n{function.Doc}", CallFailure.BadArguments);
        }
        catch (CommandFailed failed)
        {
            return Failure($"ERROR: {failed.Message}", CallFailure.Failed);
        }
        catch (NamedError failed) when (failed.Kind == "CommandExecutionError")
        {
            return Failure($"ERROR: {failed.Message}", CallFailure.Failed);
        }
        catch (NamedError refused) when (refused.Kind == "SaltInvocationError")
        {
            return Failure($"ERROR executing '{name}': {refused.Message}", CallFailure.BadArguments);
        }
        catch (FunctionUnavailable unavailable)
        {
            return Failure($"'{name}' is not available here: {unavailable.Message}", CallFailure.Unavailable);
        }
        catch (OperationCanceledException) when (context.Stopped.IsCancellationRequested)
        {
            return Failure($"'{name}' was stopped before it ended", CallFailure.Stopped);
        }
        catch (Exception cause)
        {
            // Whatever a function throws belongs to its caller: the text names it, the daemon goes on.
            if (IsMasters(kind)) return OnMaster(kind, name, cause);
            return Failure($"The minion function caused an exception: {Traceback(cause)}", CallFailure.Exception);
        }
    }

    /// <summary>A map whose <c>result</c> or <c>success</c> is false, null or empty has failed although nothing was thrown.</summary>
    public static int RetcodeOf(Value value) =>
        value is MapValue map && (map.Get("result") is { IsTruthy: false } || map.Get("success") is { IsTruthy: false }) ? 1 : 0;

    /// <summary>The text for a function that does not exist.</summary>
    public static string UnknownText(string name) => $"'{name}' is not available.";

    private static bool IsMasters(FunctionKind kind) => kind is FunctionKind.Runner or FunctionKind.Wheel;

    // Salt 3006, salt/client/mixins.py, low(): the words for what a runner or wheel function threw.
    private static CallOutcome OnMaster(FunctionKind kind, string name, Exception cause) =>
        Failure($"Exception occurred in {(kind == FunctionKind.Wheel ? "wheel" : "runner")} {name}: {Traceback(cause)}", CallFailure.Exception) with { Outputter = null };

    // 3006.0 minion.py, _thread_return: every failure has the code 1, whatever the function had set before.
    private static CallOutcome Failure(Value text, CallFailure failure) => new(text, 1, "nested", failure);

    // The beginning of a name is answered with the documentation of all that it may have meant.
    private static Value Unknown(FunctionTable functions, FunctionKind kind, string name)
    {
        if (kind != FunctionKind.Execution || name.Length == 0) return UnknownText(name);
        var docs = new MapValue.Builder();
        foreach (var function in functions.OfKind(kind))
            if (function.Name.StartsWith(name, StringComparison.Ordinal)) docs[function.Name] = function.Doc;
        if (docs.Count == 0) return UnknownText(name);
        docs[name] = UnknownText(name);
        return docs.Build();
    }

    // In the shape of a Python traceback, whose last line scripts read: the kind of the error and its message.
    private static string Traceback(Exception cause)
    {
        var frames = cause.StackTrace is { Length: > 0 } stack ? stack + "\n" : "";
        var kind = cause is NamedError named ? named.Kind : cause.GetType().Name;
        return $"Traceback (most recent call last):\n{frames}{kind}: {cause.Message}\n";
    }

    // Functions with **kwargs see how they were published, as __pub_fun, __pub_jid …
    private static CallArguments WithPublishFields(CallArguments arguments, MapValue publish)
    {
        var keywords = arguments.Keywords.ToBuilder();
        foreach (var (key, value) in publish) keywords["__pub_" + key] = value is ListValue list && key.AsText() == "arg" ? CallArguments.Unmarked(list) : value;
        return arguments with { Keywords = keywords.Build() };
    }
}
