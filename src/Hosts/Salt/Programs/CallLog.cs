using System.Globalization;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>The log of one <c>salt-call</c>: on the standard error from <c>log_level</c> on, and in <c>log_file</c> where <c>log_level_logfile</c> says from where on.</summary>
internal sealed class CallLog : IMessageLog, IDisposable
{
    private readonly LogSeverity? _console, _file;
    private readonly StreamWriter? _writer;

    internal CallLog(MapValue options)
    {
        _console = Parse(options.TextOf("log_level") ?? "warning");
        _file = Parse(options.TextOf("log_level_logfile") ?? options.TextOf("log_level") ?? "warning");
        if (options.TextOf("log_file") is { Length: > 0 } path && _file is not null) _writer = Open(path);
    }

    public void Write(LogSeverity severity, string message)
    {
        var name = severity.ToString().ToUpperInvariant();
        if (severity >= _console) Console.Error.WriteLine($"[{name,-8}] {message}");
        if (severity >= _file) _writer?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy-MM-dd HH:mm:ss,fff} [salt-call        ][{name,-8}][{Environment.ProcessId}] {message}"));
    }

    // Null is quiet.
    private static LogSeverity? Parse(string word) => word.ToLowerInvariant() switch
    {
        "all" or "garbage" or "trace" or "debug" or "profile" => LogSeverity.Debug,
        "info" => LogSeverity.Info,
        "error" => LogSeverity.Error,
        "critical" => LogSeverity.Critical,
        "quiet" => null,
        _ => LogSeverity.Warning,
    };

    // The minion's log belongs to its user; whoever may not write there, calls all the same.
    private static StreamWriter? Open(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            return new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"[WARNING ] the log file {path} cannot be written: {cause.Message}");
            return null;
        }
    }

    public void Dispose() => _writer?.Dispose();
}
