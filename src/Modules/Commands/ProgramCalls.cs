using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Commands;

/// <summary>What came of a program that a function called.</summary>
internal sealed record ProgramAnswer(int Retcode, string Stdout, string Stderr)
{
    public bool IsSuccess => Retcode == 0;
    /// <summary>The errors, or the output where there are none.</summary>
    public string Complaint => Stderr.Length > 0 ? Stderr : Stdout;
}

/// <summary>
/// Programs that functions call: through <c>cmd.run_all</c> of the call's own function table, so that whoever gives the table decides what runs.
/// </summary>
internal static class ProgramCalls
{
    /// <summary>Runs a program without a shell; its code does not become the job's.</summary>
    public static Task<ProgramAnswer> RunAsync(CallContext context, params ReadOnlySpan<string> words) => RunAsync(context, [.. words], MapValue.Empty);

    /// <param name="options">Further options of <c>cmd.run_all</c>, as <c>env</c> or <c>stdin</c>.</param>
    public static async Task<ProgramAnswer> RunAsync(CallContext context, ImmutableArray<string> words, MapValue options)
    {
        var arguments = new CallArguments([ListValue.OfTexts(words)], MapValue.Of(("python_shell", false), ("ignore_retcode", true)).Over(options));
        var answer = await context.Call("cmd.run_all", arguments).ConfigureAwait(false) as MapValue ?? MapValue.Empty;
        return new((int)(answer.Get("retcode")?.AsInteger() ?? 0), answer.TextOf("stdout") ?? "", answer.TextOf("stderr") ?? "");
    }
}
