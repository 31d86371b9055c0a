using System.Collections.Frozen;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace SaltActors.Modules.Grains.Machines;

/// <summary>The machine this process runs on.</summary>
public sealed class LocalMachine : IMachine
{
    public string? ReadText(string path) => ReadBytes(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public byte[]? ReadBytes(string path)
    {
        try
        {
            // Files of the kernel say 4096 or 0 for their length: what counts is where reading ends.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using var bytes = new MemoryStream();
            file.CopyTo(bytes, 16 * 1024);
            return bytes.ToArray();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool HasFile(string path) => File.Exists(path);
    public bool HasFolder(string path) => Directory.Exists(path);

    public IReadOnlyList<string> List(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The target of /proc/1/root reads "/" inside and outside of a chroot; what differs is which mount holds it.
    public bool? IsChroot =>
        ReadText("/proc/1/mountinfo") is { } init && ReadText("/proc/self/mountinfo") is { } own && RootMount(init) is { } there
            ? RootMount(own) != there
            : null;

    public string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public IReadOnlyList<InterfaceAddress> Ipv4Addresses()
    {
        try
        {
            return
            [
                .. from card in NetworkInterface.GetAllNetworkInterfaces()
                   from address in card.GetIPProperties().UnicastAddresses
                   where address.Address.AddressFamily == AddressFamily.InterNetwork
                   select new InterfaceAddress(card.Name, address.Address, address.PrefixLength),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    public ProcessFacts Process
    {
        get
        {
            var ids = this.ReadLines("/proc/self/status")
                .Where(l => l.StartsWith("Uid:", StringComparison.Ordinal) || l.StartsWith("Gid:", StringComparison.Ordinal))
                .ToFrozenDictionary(l => l[..3], l => int.Parse(l.Split('\t')[2], CultureInfo.InvariantCulture));
            int uid = ids.GetValueOrDefault("Uid"), gid = ids.GetValueOrDefault("Gid");
            return new(Environment.ProcessId, uid, gid,
                NameOf("/etc/passwd", uid) ?? Environment.UserName, NameOf("/etc/group", gid) ?? "",
                Environment.CurrentDirectory, AppContext.BaseDirectory.TrimEnd('/'));
        }
    }

    public async Task<string?> CanonicalNameAsync(string host, CancellationToken stop)
    {
        try
        {
            var entry = await Dns.GetHostEntryAsync(host, stop).WaitAsync(stop).ConfigureAwait(false);
            return entry.HostName;
        }
        catch (Exception cause) when (cause is SocketException or ArgumentException or OperationCanceledException)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<IPAddress>> AddressesAsync(string host, AddressFamily family, CancellationToken stop)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, family, stop).WaitAsync(stop).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is SocketException or ArgumentException or OperationCanceledException)
        {
            return [];
        }
    }

    public Task<string?> NameOfAsync(IPAddress address, CancellationToken stop) => CanonicalNameAsync(address.ToString(), stop);

    public async Task<ProgramAnswer?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        try
        {
            using var process = System.Diagnostics.Process.Start(start);
            if (process is null) return null;
            process.StandardInput.Close();
            try
            {
                var errors = process.StandardError.ReadToEndAsync(stop);
                var output = await process.StandardOutput.ReadToEndAsync(stop).ConfigureAwait(false);
                await errors.ConfigureAwait(false);
                await process.WaitForExitAsync(stop).ConfigureAwait(false);
                return new(process.ExitCode, output);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
        }
        catch (Exception cause) when (cause is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }

    private string? NameOf(string database, int id)
    {
        var number = id.ToString(CultureInfo.InvariantCulture);
        return this.ReadLines(database).Select(l => l.Split(':')).FirstOrDefault(f => f.Length > 2 && f[2] == number)?[0];
    }

    // 28 0 254:1 / / rw,relatime …: device and root of what is mounted on "/".
    private static string? RootMount(string mounts) =>
        mounts.Split('\n').Select(l => l.Split(' ')).LastOrDefault(f => f.Length > 4 && f[4] == "/") is { } root ? $"{root[2]} {root[3]}" : null;
}
