using SaltActors.Core.Events;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Testing;

namespace SaltActors.Modules.MasterCalls;

/// <summary>The runner <c>test</c>: to try out how runners are called and shown.</summary>
/// <remarks>Follows Salt 3006, salt/runners/test.py.</remarks>
public static class TestRunner
{
    private static readonly MapValue Words = MapValue.Of(
        ("us", ListValue.OfTexts(["foo", "bar", "baz", "qux", "quux", "quuz", "corge", "grault", "garply", "waldo", "fred", "plugh", "xyzzy", "thud"])),
        ("uk", ListValue.OfTexts(["wibble", "wobble", "wubble", "flob"])));

    /// <summary>Answers with the arguments: <c>args</c> and <c>kwargs</c>.</summary>
    /// <param name="args">Anything in places.</param>
    /// <param name="kwargs">Anything by name.</param>
    /// <example><code>salt-run test.arg foo bar=baz</code></example>
    [SaltRunner("test.arg")]
    public static MapValue Arg([Rest] ListValue args, [Keywords] MapValue kwargs) => MapValue.Of(("args", args), ("kwargs", TestArguments.WithoutPublishFields(kwargs)));

    /// <summary>Answers with the arguments, those that the call itself adds included.</summary>
    /// <param name="args">Anything in places.</param>
    /// <param name="kwargs">Anything by name.</param>
    /// <example><code>salt-run test.raw_arg foo __bar=baz</code></example>
    [SaltRunner("test.raw_arg")]
    public static MapValue RawArg([Rest] ListValue args, [Keywords] MapValue kwargs) => MapValue.Of(("args", args), ("kwargs", kwargs));

    /// <summary>Words that mean nothing.</summary>
    /// <param name="locality"><c>us</c> or <c>uk</c>.</param>
    /// <returns>A list; nothing for another word.</returns>
    /// <example><code>salt-run test.metasyntactic locality=uk</code></example>
    [SaltRunner("test.metasyntactic")]
    public static Value Metasyntactic(string locality = "us") => Words.Get(locality) ?? Value.Null;

    /// <summary>Answers <c>bar</c>.</summary>
    /// <remarks>Salt's prints <c>foo</c>, too: its runners run in the command's own process.</remarks>
    /// <example><code>salt-run test.stdout_print</code></example>
    [SaltRunner("test.stdout_print")]
    public static string StdoutPrint() => "bar";

    /// <summary>Waits.</summary>
    /// <param name="sTime">Seconds.</param>
    /// <returns>True.</returns>
    /// <example><code>salt-run test.sleep s_time=5</code></example>
    [SaltRunner("test.sleep")]
    public static async Task<bool> Sleep(CallContext context, double sTime = 10)
    {
        await Task.Delay(TimeSpan.FromSeconds(sTime), context.Clock, context.Stopped).ConfigureAwait(false);
        return true;
    }

    /// <summary>Sends 99 events of progress, ten a second.</summary>
    /// <returns>True.</returns>
    /// <example><code>salt-run test.stream</code></example>
    [SaltRunner("test.stream")]
    public static async Task<bool> Stream(CallContext context)
    {
        var events = CallServices.Need(context.Services.Events, "test.stream needs the bus of a running master");
        for (var i = 1; i < 100; i++)
        {
            await events.FireAsync(new SaltEvent($"salt/run/{context.Jid}/progress", MapValue.Of(("message", $"Runner is {i}% done"))), context.Stopped).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromMilliseconds(100), context.Clock, context.Stopped).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>The master's configuration.</summary>
    /// <example><code>salt-run test.get_opts</code></example>
    [SaltRunner("test.get_opts")]
    public static MapValue GetOpts(CallContext context) => context.Options;
}
