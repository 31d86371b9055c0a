using SaltActors.Core.Values;

namespace SaltActors.Core.Functions;

/// <summary>What a state function answers: Salt's map of <c>name</c>, <c>changes</c>, <c>result</c> and <c>comment</c>.</summary>
public static class StateResult
{
    /// <param name="result">True: it is as wanted; false: it failed; null: test mode, and something would change.</param>
    public static MapValue Of(string name, bool? result, string comment, MapValue? changes = null) => MapValue.Of(
        ("name", name), ("changes", changes ?? MapValue.Empty), ("result", result is { } known ? known : Value.Null), ("comment", comment));

    public static MapValue Failed(string name, string comment) => Of(name, false, comment);
}
