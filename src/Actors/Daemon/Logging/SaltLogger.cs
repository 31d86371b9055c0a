using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace SaltActors.Actors.Daemon.Logging;

/// <summary>Writes what the actors log in Salt's form: to standard error, and to the log file where one is set.</summary>
/// <remarks>
/// Akka makes its loggers by name, so the settings come in as HOCON (<c>salt.log</c>), laid by the program from Salt's options
/// <c>log_level</c>, <c>log_file</c>, <c>log_level_logfile</c>, <c>log_fmt_console</c>, <c>log_fmt_logfile</c>, <c>log_fmt_jid</c>, <c>log_datefmt</c>, <c>log_datefmt_logfile</c>.
/// </remarks>
public sealed class SaltLogger : ReceiveActor
{
    private readonly LogLevels _console, _file;
    private readonly LogFormat _consoleFormat, _fileFormat;
    private readonly StreamWriter? _writer;

    public SaltLogger()
    {
        var settings = Context.System.Settings.Config.GetConfig("salt.log") ?? Config.Empty;
        _console = LogLevels.Parse(settings.GetString("console", "warning"));
        _file = LogLevels.Parse(settings.GetString("file-level", "warning"));
        var jids = settings.GetString("jid-format", LogFormats.Standard.Jid);
        _consoleFormat = new LogFormat(settings.GetString("console-format", LogFormats.Standard.Console), settings.GetString("console-dates", LogFormats.Standard.ConsoleDates), jids);
        _fileFormat = new LogFormat(settings.GetString("file-format", LogFormats.Standard.File), settings.GetString("file-dates", LogFormats.Standard.FileDates), jids);
        _writer = Open(settings.GetString("file", ""));
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(OnLogged);
    }

    /// <summary>The HOCON that carries Salt's logging options to the logger.</summary>
    /// <param name="consoleLevel">Salt's word: <c>debug</c>, <c>info</c>, <c>warning</c> …</param>
    /// <param name="file">A path, or empty for none.</param>
    /// <param name="fileLevel">Salt's word for the file.</param>
    /// <param name="formats">How lines look; Salt's defaults where it is null.</param>
    public static Config Settings(string consoleLevel, string file, string fileLevel, LogFormats? formats = null)
    {
        var looks = formats ?? LogFormats.Standard;
        var lowest = LogLevels.Parse(consoleLevel).Severity < LogLevels.Parse(fileLevel).Severity || file.Length == 0 ? consoleLevel : fileLevel;
        return ConfigurationFactory.ParseString($$"""
            salt.log { console = "{{consoleLevel}}", file = {{Quoted(file)}}, file-level = "{{fileLevel}}",
              console-format = {{Quoted(looks.Console)}}, console-dates = {{Quoted(looks.ConsoleDates)}}, file-format = {{Quoted(looks.File)}}, file-dates = {{Quoted(looks.FileDates)}}, jid-format = {{Quoted(looks.Jid)}} }
            akka.loglevel = {{LogLevels.Parse(lowest).AkkaLevel}}
            akka.stdout-loglevel = OFF
            akka.loggers = ["SaltActors.Actors.Daemon.Logging.SaltLogger, SaltActors.Actors.Daemon"]
            """);
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"";

    private void OnLogged(LogEvent logged)
    {
        var level = LogLevels.Of(logged.LogLevel());
        if (level.Severity < Math.Min(_console.Severity, _file.Severity)) return;
        var text = OneLine(logged.Message?.ToString() ?? "");
        if (logged.Cause is { } cause) text += $": {cause}";
        var line = new LogLine(logged.Timestamp.ToLocalTime(), Source(logged.LogSource), level.Name, level.Severity, text);
        if (level.Severity >= _console.Severity) Console.Error.WriteLine(_consoleFormat.Format(line));
        if (_writer is not null && level.Severity >= _file.Severity) _writer.WriteLine(_fileFormat.Format(line));
    }

    private static string Source(string logSource)
    {
        var end = logSource.IndexOfAny(['[', '(']);
        var path = end < 0 ? logSource : logSource[..end];
        return path[(path.LastIndexOf('/') + 1)..];
    }

    // What came from outside must not write lines of its own into the log.
    private static string OneLine(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 ? text : string.Concat(text.Select(c => c < ' ' ? '?' : c));

    private static StreamWriter? Open(string path)
    {
        if (path.Length == 0) return null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var how = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
            return new StreamWriter(path, how) { AutoFlush = true };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"[WARNING ] the log file {path} cannot be written ({cause.Message}); the log goes to standard error alone");
            return null;
        }
    }

    protected override void PostStop() => _writer?.Dispose();
}

/// <summary>How log lines look; see <see cref="LogFormat"/>.</summary>
public sealed record LogFormats(string Console, string ConsoleDates, string File, string FileDates, string Jid)
{
    /// <summary>Salt's defaults. There are no lines of source in our log: Salt's place for their number is left out.</summary>
    public static readonly LogFormats Standard = new("[%(levelname)-8s] %(message)s", "%H:%M:%S",
        "%(asctime)s,%(msecs)03d [%(name)-17s][%(levelname)-8s][%(process)d] %(message)s", "%Y-%m-%d %H:%M:%S", "[JID: %(jid)s]");

    private const string SaltFile = "%(asctime)s,%(msecs)03d [%(name)-17s:%(lineno)-4d][%(levelname)-8s][%(process)d] %(message)s";

    /// <summary>From a daemon's configuration.</summary>
    public static LogFormats From(Core.Values.MapValue options) => new(
        options.TextOf("log_fmt_console") ?? Standard.Console, options.TextOf("log_datefmt") ?? Standard.ConsoleDates,
        options.TextOf("log_fmt_logfile") is { } file and not SaltFile ? file : Standard.File,
        options.TextOf("log_datefmt_logfile") ?? options.TextOf("log_datefmt") ?? Standard.FileDates, options.TextOf("log_fmt_jid") ?? Standard.Jid);
}

/// <summary>Salt's names for how grave a log line is, and Akka's.</summary>
internal readonly record struct LogLevels(string Name, int Severity, string AkkaLevel)
{
    internal static LogLevels Parse(string word) => word.ToLowerInvariant() switch
    {
        "all" or "garbage" or "trace" or "debug" or "profile" => new("DEBUG", 10, "DEBUG"),
        "info" => new("INFO", 20, "INFO"),
        "error" => new("ERROR", 40, "ERROR"),
        "critical" => new("CRITICAL", 50, "ERROR"),
        "quiet" => new("QUIET", 1000, "OFF"),
        _ => new("WARNING", 30, "WARNING"),
    };

    internal static LogLevels Of(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => new("DEBUG", 10, "DEBUG"),
        LogLevel.InfoLevel => new("INFO", 20, "INFO"),
        LogLevel.WarningLevel => new("WARNING", 30, "WARNING"),
        _ => new("ERROR", 40, "ERROR"),
    };
}
