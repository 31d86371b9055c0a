using System.Collections.Immutable;

namespace SaltActors.States.Compiler;

/// <summary>States that cannot be run as they are written. Each text is an error of its own; the user sees all of them.</summary>
public sealed class CompileFailed(IEnumerable<string> errors) : Exception("Data failed to compile")
{
    public ImmutableArray<string> Errors { get; } = [.. errors];
}

/// <summary>Data that is so wrong that nobody can say what was meant: ends the whole call.</summary>
public sealed class StateDataBroken(string message) : Exception(message);
