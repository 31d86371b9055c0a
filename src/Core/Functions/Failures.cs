using SaltActors.Core.Values;

namespace SaltActors.Core.Functions;

/// <summary>A function could not do what it was asked, for a reason the user must read. Becomes <c>ERROR: message</c> and retcode 1.</summary>
public sealed class CommandFailed(string message) : Exception(message);

/// <summary>Arguments do not fit the function. Becomes <c>Passed invalid arguments to …</c> with its documentation.</summary>
public sealed class ArgumentRefused(string message) : Exception(message);

/// <summary>Keywords that the function does not know.</summary>
public sealed class InvalidKeywords(MapValue keywords)
    : Exception("The following keyword arguments are not valid: " + string.Join(", ", keywords.Select(k => $"{k.Key}={k.Value}")));

/// <summary>The function exists but cannot run here; the message says what is missing.</summary>
public sealed class FunctionUnavailable(string message) : Exception(message);

/// <summary>An error that is known by a name of Python's or Salt's, as <c>ValueError</c>; the name is what callers look for.</summary>
/// <param name="kind">The name.</param>
public sealed class NamedError(string kind, string message) : Exception(message)
{
    public string Kind { get; } = kind;
}
