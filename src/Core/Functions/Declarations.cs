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

/// <summary>A parameter type that parses itself from an argument.</summary>
public interface ISaltArgument<TSelf> where TSelf : ISaltArgument<TSelf>
{
    /// <exception cref="ArgumentRefused">The value is not legal; the message says what was expected.</exception>
    static abstract TSelf FromValue(Values.Value value, string parameter);

    /// <summary>What is legal, in words for people, as <c>octal permissions</c>.</summary>
    static abstract string TypeText { get; }
}
