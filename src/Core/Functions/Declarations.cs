namespace SaltActors.Core.Functions;

/// <summary>Marks a static method as an execution function. The source generator turns it into a <see cref="FunctionSpec"/>.</summary>
/// <param name="name"><c>module.function</c>, in Salt's spelling.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SaltFunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
    /// <summary>The outputter that the result asks for; null leaves it to the command line.</summary>
    public string? Outputter { get; init; }
}

/// <summary>Marks a static method as a runner: it runs on the master.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SaltRunnerAttribute(string name) : Attribute
{
    public string Name { get; } = name;
    public string? Outputter { get; init; }
}

/// <summary>Marks a static method as a wheel function: it manages the master itself.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SaltWheelAttribute(string name) : Attribute
{
    public string Name { get; } = name;
    public string? Outputter { get; init; }
}

/// <summary>Marks a static method as a state function: it brings something into the state that its arguments describe, or in test mode says what it would do.</summary>
/// <remarks>It answers with a map of <c>name</c>, <c>result</c>, <c>changes</c> and <c>comment</c>: see <see cref="StateResult"/>.</remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SaltStateAttribute(string name) : Attribute
{
    public string Name { get; } = name;
    public string? Outputter { get; init; }
}

/// <summary>Marks the parameter (a <see cref="Values.ListValue"/>) that takes all places that are left: Python's <c>*args</c>.</summary>
/// <remarks>It is never null; where parameters with defaults stand before it, C# wants a default here too: <c>ListValue? args = null</c>.</remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class RestAttribute : Attribute;

/// <summary>Marks the parameter (a <see cref="Values.MapValue"/>) that takes all names that are left: Python's <c>**kwargs</c>.</summary>
/// <remarks>Never null, as with <see cref="RestAttribute"/>. Called directly by a job, it also holds how the job was published: <c>__pub_fun</c>, <c>__pub_jid</c> …</remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class KeywordsAttribute : Attribute;

/// <summary>
/// Marks a parameter whose type is a record: the parameters of its constructor stand in this place, one after the other,
/// with the record's own <c>param</c> texts. So functions that share a set of options declare it once.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ParametersAttribute : Attribute
{
    /// <summary>Parameters of the record, in C#'s spelling, that this function does not take; they keep their defaults.</summary>
    public string[] Except { get; init; } = [];
}

/// <summary>A parameter type that parses itself from an argument.</summary>
public interface ISaltArgument<TSelf> where TSelf : ISaltArgument<TSelf>
{
    /// <exception cref="ArgumentRefused">The value is not legal; the message says what was expected.</exception>
    static abstract TSelf FromValue(Values.Value value, string parameter);

    /// <summary>What is legal, in words for people, as <c>octal permissions</c>.</summary>
    static abstract string TypeText { get; }
}
