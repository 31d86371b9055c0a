using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Testing;

/// <summary>The functions of <c>test</c> that answer, wait and fail on request.</summary>
/// <remarks>Follows Salt 3006, salt/modules/test.py.</remarks>
public static class TestModule
{
    /// <summary>
    /// Answers <c>True</c>: the minion is up and takes jobs. This is no ICMP ping.
    /// </summary>
    /// <example><code>salt '*' test.ping</code></example>
    [SaltFunction("test.ping")]
    public static bool Ping() => true;

    /// <summary>Answers with what it was given.</summary>
    /// <param name="text">Anything.</param>
    /// <example><code>salt '*' test.echo 'foo bar baz quo qux'</code></example>
    [SaltFunction("test.echo")]
    public static Value Echo(Value text) => text;

    /// <summary>Answers <c>True</c>.</summary>
    /// <example><code>salt '*' test.true</code></example>
    [SaltFunction("test.true")]
    public static bool True() => true;

    /// <summary>Answers <c>False</c>. The job still succeeds: its code is 0.</summary>
    /// <example><code>salt '*' test.false</code></example>
    [SaltFunction("test.false")]
    public static bool False() => false;

    /// <summary>Waits, then answers <c>True</c>. A job that is told to stop wakes at once.</summary>
    /// <param name="length">Seconds; a fraction is cut off.</param>
    /// <example><code>salt '*' test.sleep 20</code></example>
    [SaltFunction("test.sleep")]
    public static async Task<bool> Sleep(CallContext context, double length)
    {
        if (!double.IsFinite(length) || length < 0) throw new NamedError("ValueError", "sleep length must be non-negative");
        await Task.Delay(TimeSpan.FromSeconds(Math.Truncate(length)), context.Clock, context.Stopped).ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits for a random time, then answers <c>True</c>.</summary>
    /// <param name="max">The longest time, in seconds.</param>
    /// <example><code>salt '*' test.rand_sleep 60</code></example>
    [SaltFunction("test.rand_sleep")]
    public static Task<bool> RandSleep(CallContext context, int max = 60)
    {
        if (max < 0) throw new NamedError("ValueError", $"max must be non-negative, found {max}");
        return Sleep(context, Random.Shared.NextInt64(0, max + 1L));
    }

    /// <summary>Answers <c>True</c> and gives the job this code.</summary>
    /// <param name="code">The code; everything but 0 is a failure.</param>
    /// <example><code>salt '*' test.retcode 42</code></example>
    [SaltFunction("test.retcode")]
    public static bool Retcode(CallContext context, int code = 42)
    {
        context.Retcode = code;
        return true;
    }

    /// <summary>Fails with an unexpected error.</summary>
    /// <param name="message">What the error says.</param>
    /// <example><code>salt '*' test.exception 'Oh noes!'</code></example>
    [SaltFunction("test.exception")]
    public static void Exception(string message = "Test Exception") => throw new NamedError("Exception", message);

    /// <summary>
    /// Fails with an error of a name: one of Python's own, or one of <c>salt.exceptions</c>. Each is reported as if a function had met it.
    /// </summary>
    /// <param name="name">The name, as <c>TypeError</c> or <c>salt.exceptions.CommandExecutionError</c>.</param>
    /// <param name="args">What the error says; several are shown as a tuple.</param>
    /// <param name="kwargs">Taken for compatibility; an error has no named parts here.</param>
    /// <returns><c>False</c> where there is no such error.</returns>
    /// <example><code>
    /// salt '*' test.raise_exception TypeError "An integer is required"
    /// salt '*' test.raise_exception salt.exceptions.CommandExecutionError "Something went wrong"
    /// </code></example>
    [SaltFunction("test.raise_exception")]
    public static bool RaiseException(string name, [Rest] ListValue args, [Keywords] MapValue kwargs)
    {
        if (ErrorNames.Find(name) is not { } kind) return false;
        throw new NamedError(kind, args.Count switch
        {
            0 => "",
            1 => args[0].ToString(),
            _ => PythonText.Repr(new ListValue(args.Items, isTuple: true)),
        });
    }

    /// <summary>Fails with an <c>AssertionError</c> unless it is given something true.</summary>
    /// <param name="assertion">Anything; zero, empty, <c>None</c> and <c>False</c> fail.</param>
    /// <example><code>salt '*' test.assertion False</code></example>
    [SaltFunction("test.assertion")]
    public static void Assertion(Value assertion)
    {
        if (!assertion.IsTruthy) throw new NamedError("AssertionError", "");
    }

    /// <summary>Calls a function and answers with its result, or with <c>None</c> where it fails.</summary>
    /// <param name="module">The function, as <c>test.ping</c>.</param>
    /// <param name="returnTryException">Answer with the text of the error instead of <c>None</c>.</param>
    /// <param name="kwargs">Keywords for the function.</param>
    /// <example><code>salt '*' test.try raise_exception message=oops</code></example>
    [SaltFunction("test.try")]
    public static async Task<Value> Try(CallContext context, string module, bool returnTryException = false, [Keywords] MapValue? kwargs = null)
    {
        try
        {
            return await context.Call(module, new CallArguments([], TestArguments.WithoutPublishFields(kwargs ?? MapValue.Empty))).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // What the function throws is the answer that was asked for.
            return returnTryException ? failed.Message : Value.Null;
        }
    }

    /// <summary>Calls a function through this one.</summary>
    /// <param name="func">The function, as <c>test.echo</c>.</param>
    /// <param name="args">Its arguments in their places.</param>
    /// <example><code>salt '*' test.cross_test test.echo '[hello]'</code></example>
    [SaltFunction("test.cross_test")]
    public static ValueTask<Value> CrossTest(CallContext context, string func, ListValue? args = null) =>
        context.Call(func, (args ?? ListValue.Empty).Items.AsSpan());

    /// <summary>Answers with the grains, called through the function table.</summary>
    /// <example><code>salt '*' test.attr_call</code></example>
    [SaltFunction("test.attr_call")]
    public static ValueTask<Value> AttrCall(CallContext context) => context.Call("grains.items");

    /// <summary>Answers with the option <c>test.foo</c>: <c>unconfigured</c> where no file sets it.</summary>
    /// <example><code>salt '*' test.conf_test</code></example>
    [SaltFunction("test.conf_test")]
    public static ValueTask<Value> ConfTest(CallContext context) => context.Call("config.option", "test.foo");

    /// <summary>Says where this function went; nothing is written to a terminal.</summary>
    /// <param name="args">Not used.</param>
    /// <param name="kwargs">Not used.</param>
    /// <example><code>salt '*' test.tty tty0 'This is a test'</code></example>
    [SaltFunction("test.tty")]
    public static string Tty([Rest] ListValue args, [Keywords] MapValue kwargs) => "ERROR: This function has been moved to cmd.tty";

    /// <summary>Answers with the calls that led here, for looking into the minion.</summary>
    /// <example><code>salt '*' test.stack</code></example>
    [SaltFunction("test.stack")]
    public static string Stack() => Environment.StackTrace;

    /// <summary>Answers <c>True</c>: no deprecated function is left to warn about.</summary>
    /// <example><code>salt '*' test.deprecation_warning</code></example>
    [SaltFunction("test.deprecation_warning")]
    public static bool DeprecationWarning() => true;
}
