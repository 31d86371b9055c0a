using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SaltActors.Modules.Tests.Returners.Servers;

/// <summary>A real server of one test class, with all that it writes in a folder of its own. Only where <c>SALT_SYSTEM_TESTS=1</c>.</summary>
public abstract class ServerProcess : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private Process? _server;

    public static bool IsWanted { get; } = Environment.GetEnvironmentVariable("SALT_SYSTEM_TESTS") == "1";

    public string Folder { get; } = Directory.CreateTempSubdirectory("salt-returners-").FullName;
    public int Port { get; } = IsWanted ? FreePort() : 0;

    public async Task InitializeAsync()
    {
        if (!IsWanted) return;
        await PrepareAsync();
        _server = Begin();
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var clock = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            Assert.False(_server.HasExited, $"{_server.StartInfo.FileName} ended with {(_server.HasExited ? _server.ExitCode : 0)}:\n{Log()}");
            Assert.True(clock.Elapsed < Patience, $"{_server.StartInfo.FileName} does not answer:\n{Log()}");
            await every.WaitForNextTickAsync();
        }
        await FillAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
            _server.Dispose();
        }
        Directory.Delete(Folder, recursive: true);
    }

    protected abstract Task PrepareAsync();
    protected abstract Process Begin();
    protected abstract Task<bool> AnswersAsync();
    protected abstract Task FillAsync();

    protected string LogPath => Path.Combine(Folder, "log");

    /// <summary>A certificate for localhost that is its own authority: <c>server.crt</c> and <c>server.key</c>.</summary>
    protected void MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(CertificateKey, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(CertificateKey, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public string Certificate => Path.Combine(Folder, "server.crt");
    protected string CertificateKey => Path.Combine(Folder, "server.key");

    /// <summary>Runs a program to its end; gives what it wrote.</summary>
    protected static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}{await error}");
        return (await output).TrimEnd('\n');
    }

    protected Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"exec \"$@\" >> {LogPath} 2>&1", "sh", program, .. arguments]);
        return Process.Start(start)!;
    }

    protected static bool IsRoot => Environment.UserName == "root";

    protected static string Program(params string[] places) =>
        places.SelectMany(p => p.Contains('*') ? Directory.GetDirectories(Path.GetDirectoryName(p[..p.IndexOf('*')])!).Select(d => Path.Combine(d, p[(p.IndexOf('*') + 2)..])) : [p])
            .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"none of {string.Join(", ", places)} is here: install postgresql, mariadb-server and redis-server (.ci/run does)");

    private string Log() => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";

    // Servers do not take port 0; the one that was free a moment ago is.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
