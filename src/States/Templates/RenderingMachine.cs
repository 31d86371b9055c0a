using System.Net;
using System.Net.Sockets;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;

namespace SaltActors.States.Templates;

/// <summary>The machine that renders, for filters that look at it.</summary>
internal sealed class RenderingMachine : ITemplateMachine
{
    public static readonly RenderingMachine Local = new();
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private static readonly string[] SystemFolders = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = new() { Timeout = Patience };

    public string? Which(string program)
    {
        if (program.Contains('/')) return IsExecutable(program) ? Path.GetFullPath(program) : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(SystemFolders);
        return folders.Select(f => Path.Join(f, program)).FirstOrDefault(IsExecutable);
    }

    public IReadOnlyList<string> ListFiles(string folder) => Directory.Exists(folder)
        ? [folder, .. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None })]
        : [folder];

    public byte[]? ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;   // what cannot be read is told by the filter
        }
    }

    public long? UserId(string name) => File.Exists("/etc/passwd")
        ? File.ReadLines("/etc/passwd").Select(l => l.Split(':')).Where(f => f.Length > 2 && f[0] == name).Select(f => long.TryParse(f[2], out var id) ? id : (long?)null).FirstOrDefault()
        : null;

    public IReadOnlyList<string> Resolve(string name)
    {
        try
        {
            return [.. Dns.GetHostAddresses(name).Select(a => a.ToString())];
        }
        catch (SocketException)
        {
            return [];
        }
    }

    public Value Query(string url, MapValue options)
    {
        using var request = new HttpRequestMessage(new HttpMethod((options.TextOf("method") ?? "GET").ToUpperInvariant()), url);
        if (options.TextOf("data") is { } body) request.Content = new StringContent(body);
        foreach (var (name, value) in options.MapOf("header_dict")) request.Headers.TryAddWithoutValidation(name.ToString(), value.ToString());
        try
        {
            using var answer = Http.Send(request);
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            var text = reader.ReadToEnd();
            return answer.IsSuccessStatusCode ? MapValue.Of(("body", text))
                : MapValue.Of(("error", $"HTTP {(int)answer.StatusCode}: {answer.ReasonPhrase}"), ("status", (int)answer.StatusCode), ("body", text));
        }
        catch (Exception cause) when (cause is HttpRequestException or TaskCanceledException or IOException)
        {
            return MapValue.Of(("error", cause.Message));
        }
    }

    private static bool IsExecutable(string path) => File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
