using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Logging;

/// <summary>The module <c>log</c>: writes to the minion's log.</summary>
/// <remarks>Follows Salt 3006, salt/modules/logmod.py. Where the call has no log, as in a template that is only looked at, nothing is written.</remarks>
public static class LogModule
{
    /// <summary>Writes a message for people who look for faults.</summary>
    /// <param name="message">The text.</param>
    /// <returns><c>True</c>.</returns>
    /// <example><code>salt '*' log.debug 'Lorem ipsum'</code></example>
    [SaltFunction("log.debug")]
    public static bool Debug(CallContext context, Value message) => Write(context, LogSeverity.Debug, message);

    /// <summary>Writes a message about normal life.</summary>
    /// <param name="message">The text.</param>
    /// <returns><c>True</c>.</returns>
    /// <example><code>salt '*' log.info 'Lorem ipsum'</code></example>
    [SaltFunction("log.info")]
    public static bool Info(CallContext context, Value message) => Write(context, LogSeverity.Info, message);

    /// <summary>Writes a warning.</summary>
    /// <param name="message">The text.</param>
    /// <returns><c>True</c>.</returns>
    /// <example><code>salt '*' log.warning 'Lorem ipsum'</code></example>
    [SaltFunction("log.warning")]
    public static bool Warning(CallContext context, Value message) => Write(context, LogSeverity.Warning, message);

    /// <summary>Writes an error.</summary>
    /// <param name="message">The text.</param>
    /// <returns><c>True</c>.</returns>
    /// <example><code>salt '*' log.error 'Lorem ipsum'</code></example>
    [SaltFunction("log.error")]
    public static bool Error(CallContext context, Value message) => Write(context, LogSeverity.Error, message);

    /// <summary>Writes an error that stops the work.</summary>
    /// <param name="message">The text.</param>
    /// <returns><c>True</c>.</returns>
    /// <example><code>salt '*' log.critical 'Lorem ipsum'</code></example>
    [SaltFunction("log.critical")]
    public static bool Critical(CallContext context, Value message) => Write(context, LogSeverity.Critical, message);

    /// <summary>Writes an error, as one that something threw.</summary>
    /// <param name="message">The text.</param>
    /// <returns><c>True</c>.</returns>
    /// <example><code>salt '*' log.exception 'Lorem ipsum'</code></example>
    [SaltFunction("log.exception")]
    public static bool Exception(CallContext context, Value message) => Write(context, LogSeverity.Error, message);

    private static bool Write(CallContext context, LogSeverity severity, Value message)
    {
        context.Services.Log?.Write(severity, message.ToString());
        return true;
    }
}
