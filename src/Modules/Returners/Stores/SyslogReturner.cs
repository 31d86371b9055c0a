using System.Collections.Frozen;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Returners.Stores;

/// <summary><c>syslog</c>: each return as one line of JSON in the system's log.</summary>
/// <remarks>
/// Options <c>syslog.level</c> (<c>LOG_INFO</c>), <c>syslog.facility</c> (<c>LOG_USER</c>), <c>syslog.tag</c>, <c>syslog.options</c>. Written to the log daemon's own socket, as the C library does.
/// A line that is longer than the daemon takes is cut, and says so. Follows Salt 3006, salt/returners/syslog_return.py.
/// </remarks>
/// <param name="socketPath">Where the log daemon listens.</param>
internal sealed class SyslogReturner(string socketPath = "/dev/log") : IReturner
{
    private const int LongestTag = 32, ShortestLine = 1024;

    private static readonly FrozenDictionary<string, int> Levels = Numbered("EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG");
    private static readonly FrozenDictionary<string, int> Facilities = Numbered("KERN", "USER", "MAIL", "DAEMON", "AUTH", "SYSLOG", "LPR", "NEWS", "UUCP", "CRON",
        "AUTHPRIV", "FTP", "-", "-", "-", "-", "LOCAL0", "LOCAL1", "LOCAL2", "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6", "LOCAL7");
    private static readonly string[] Choices = ["LOG_PID", "LOG_CONS", "LOG_NDELAY", "LOG_ODELAY", "LOG_NOWAIT", "LOG_PERROR"];

    public string Name => "syslog";
    public ReturnerAbilities Abilities => ReturnerAbilities.Return | ReturnerAbilities.PrepJid;

    public async Task ReturnAsync(ReturnerContext context, IReadOnlyList<MapValue> returns, CancellationToken stop)
    {
        var options = new ReturnerOptions(context, "syslog", "returner.syslog");
        var level = Number(options, "level", "LOG_INFO", Levels);
        var facility = Number(options, "facility", "LOG_USER", Facilities);
        var tag = options.Text("tag", "salt-minion");
        if (tag.Length > LongestTag) throw new ReturnerFailed($"the option 'syslog.tag' has {tag.Length} characters, where at most {LongestTag} were expected");
        var choices = options.Find("options") is ListValue list ? list.Items.Select(c => c.ToString()).ToList() : [];
        if (choices.Find(c => !Choices.Contains(c)) is { } unknown) throw new ReturnerFailed($"the option 'syslog.options' names '{unknown}', where {string.Join(", ", Choices)} were expected");

        var when = context.Clock.GetLocalNow();
        var who = choices.Contains("LOG_PID") ? string.Create(CultureInfo.InvariantCulture, $"{tag}[{Environment.ProcessId}]") : tag;
        // RFC 3164: the day has two places, the first may be a blank.
        var head = string.Create(CultureInfo.InvariantCulture, $"<{facility * 8 + level}>{when:MMM} {when.Day,2} {when:HH:mm:ss} {who}: ");
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), stop).ConfigureAwait(false);
            foreach (var @return in returns)
            {
                var text = StoredText.Of(@return);
                await SendAsync(socket, head + text, stop).ConfigureAwait(false);
                if (choices.Contains("LOG_PERROR")) await Console.Error.WriteLineAsync($"{who}: {text}".AsMemory(), stop).ConfigureAwait(false);
            }
        }
        catch (SocketException cause)
        {
            throw new ReturnerFailed($"the returner 'syslog' cannot reach the log daemon at {socketPath}: {cause.Message}", cause: cause);
        }
    }

    private static async Task SendAsync(Socket socket, string line, CancellationToken stop)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        var length = bytes.Length;
        while (true)
            try
            {
                await socket.SendAsync(bytes.AsMemory(0, length), SocketFlags.None, stop).ConfigureAwait(false);
                return;
            }
            catch (SocketException cause) when (cause.SocketErrorCode == SocketError.MessageSize && length > ShortestLine)
            {
                length /= 2;
                bytes = [.. bytes.AsSpan(0, length), .. " [cut: longer than the log takes]"u8];
                length = bytes.Length;
            }
    }

    private static int Number(ReturnerOptions options, string option, string standard, FrozenDictionary<string, int> known)
    {
        var name = options.Text(option, standard);
        return known.TryGetValue(name, out var number) ? number
            : throw new ReturnerFailed($"the option 'syslog.{option}' is '{name}', where one of {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))} was expected");
    }

    private static FrozenDictionary<string, int> Numbered(params string[] names) =>
        names.Select((name, number) => (Name: "LOG_" + name, number)).Where(n => n.Name != "LOG_-").ToFrozenDictionary(n => n.Name, n => n.number);
}
