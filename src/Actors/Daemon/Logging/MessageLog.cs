using Akka.Event;
using SaltActors.Core.Functions;

namespace SaltActors.Actors.Daemon.Logging;

/// <summary>What functions write into the daemon's log.</summary>
public sealed class MessageLog(ILoggingAdapter log) : IMessageLog
{
    // It may have braces in it: it is an argument, never a format.
    public void Write(LogSeverity severity, string message)
    {
        switch (severity)
        {
            case LogSeverity.Debug: log.Debug("{0}", message); break;
            case LogSeverity.Info: log.Info("{0}", message); break;
            case LogSeverity.Warning: log.Warning("{0}", message); break;
            default: log.Error("{0}", message); break;
        }
    }
}
