using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests;

/// <summary>Programs whose output was recorded: a function table where <c>cmd.run_all</c> answers from a list, and keeps what was asked.</summary>
internal sealed class RecordedPrograms
{
    private readonly Dictionary<string, (int Retcode, string Stdout, string Stderr)> _answers = new(StringComparer.Ordinal);

    public List<string> Called { get; } = [];

    /// <summary>What a command line answers; one that is not recorded answers 127.</summary>
    public RecordedPrograms With(string command, string stdout = "", int retcode = 0, string stderr = "")
    {
        _answers[command] = (retcode, stdout, stderr);
        return this;
    }

    public FunctionTable Table => new(Calls.Table.All.Select(f => f is { Kind: FunctionKind.Execution, Name: "cmd.run_all" } ? f with { Body = Answer } : f));

    private ValueTask<Value> Answer(CallContext context, BoundArguments arguments)
    {
        var command = string.Join(' ', arguments.List(0));
        Called.Add(command);
        var (retcode, stdout, stderr) = _answers.GetValueOrDefault(command, (127, "", $"not recorded: {command}"));
        return ValueTask.FromResult<Value>(MapValue.Of(("pid", 1), ("retcode", retcode), ("stdout", stdout), ("stderr", stderr)));
    }
}
