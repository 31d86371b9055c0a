using System.Collections.Frozen;

namespace SaltActors.Modules.Testing;

/// <summary>The errors that <c>test.raise_exception</c> knows by name.</summary>
internal static class ErrorNames
{
    private const string SaltModule = "salt.exceptions.";

    private static readonly FrozenSet<string> Python = FrozenSet.Create(
        "Exception", "ArithmeticError", "AssertionError", "AttributeError", "BufferError", "EOFError", "FloatingPointError", "ImportError",
        "IndexError", "KeyError", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError", "NotImplementedError", "OSError",
        "IOError", "OverflowError", "RecursionError", "ReferenceError", "RuntimeError", "StopIteration", "SyntaxError", "SystemError",
        "TypeError", "UnboundLocalError", "UnicodeError", "ValueError", "ZeroDivisionError", "BlockingIOError", "BrokenPipeError",
        "ConnectionError", "ConnectionAbortedError", "ConnectionRefusedError", "ConnectionResetError", "FileExistsError",
        "FileNotFoundError", "InterruptedError", "IsADirectoryError", "NotADirectoryError", "PermissionError", "ProcessLookupError", "TimeoutError");

    private static readonly FrozenSet<string> Salt = FrozenSet.Create(
        "SaltException", "SaltClientError", "SaltMasterError", "SaltClientTimeout", "SaltReqTimeoutError", "SaltInvocationError", "SaltRenderError",
        "SaltSystemExit", "SaltRunnerError", "SaltWheelError", "SaltConfigurationError", "SaltCacheError", "CommandExecutionError",
        "CommandNotFoundError", "LoaderError", "PublishError", "MasterExit", "AuthenticationError", "AuthorizationError", "FileserverConfigError",
        "FileLockError", "GitLockError", "GitRemoteError", "MinionError", "TimedProcTimeoutError", "EauthAuthenticationError", "TokenAuthenticationError",
        "UserAuthenticationError", "CheckError", "PkgParseError", "PillarRenderError", "TemplateError", "NotImplemented", "ArgumentValueError", "InvalidEntityError");

    /// <returns>The name alone, or null where it is unknown.</returns>
    public static string? Find(string name)
    {
        if (Python.Contains(name)) return name;
        if (!name.StartsWith(SaltModule, StringComparison.Ordinal)) return null;
        var bare = name[SaltModule.Length..];
        return Salt.Contains(bare) ? bare : null;
    }
}
