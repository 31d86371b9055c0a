using System.Net;
using System.Net.Sockets;
using System.Text;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Tests.Grains;

/// <summary>A machine written down: files by path, programs by command line, names by host.</summary>
internal sealed class RecordedMachine : IMachine
{
    public Dictionary<string, string> Files { get; init; } = [];
    public Dictionary<string, byte[]> Binaries { get; init; } = [];
    public Dictionary<string, string> Links { get; init; } = [];
    public Dictionary<string, string> Variables { get; init; } = new() { ["PATH"] = "/usr/bin" };
    public Dictionary<string, ProgramAnswer> Programs { get; init; } = [];
    public Dictionary<string, string> CanonicalNames { get; init; } = [];
    public Dictionary<string, string[]> Names { get; init; } = [];
    public List<InterfaceAddress> Addresses { get; init; } = [];
    public List<string> Started { get; } = [];
    public ProcessFacts Process { get; init; } = new(4711, 0, 0, "root", "root", "/root", "/opt/salt");
    public bool? IsChroot { get; init; }

    public string? ReadText(string path) => Files.GetValueOrDefault(path);
    public byte[]? ReadBytes(string path) => Binaries.GetValueOrDefault(path) ?? (Files.TryGetValue(path, out var text) ? Encoding.UTF8.GetBytes(text) : null);
    public bool HasFile(string path) => Files.ContainsKey(path) || Binaries.ContainsKey(path);
    public bool HasFolder(string path) => Paths.Any(f => f.StartsWith(path + "/", StringComparison.Ordinal));
    public IReadOnlyList<string> List(string folder) =>
        [.. Paths.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal)).Select(f => f[(folder.Length + 1)..].Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];
    public string? LinkTarget(string path) => Links.GetValueOrDefault(path);
    public string? Variable(string name) => Variables.GetValueOrDefault(name);
    public IReadOnlyList<InterfaceAddress> Ipv4Addresses() => Addresses;
    public Task<string?> CanonicalNameAsync(string host, CancellationToken stop) => Task.FromResult(CanonicalNames.GetValueOrDefault(host));
    public Task<string?> NameOfAsync(IPAddress address, CancellationToken stop) => CanonicalNameAsync(address.ToString(), stop);
    public Task<IReadOnlyList<IPAddress>> AddressesAsync(string host, AddressFamily family, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<IPAddress>>([.. Names.GetValueOrDefault(host, []).Select(IPAddress.Parse).Where(a => a.AddressFamily == family)]);

    public Task<ProgramAnswer?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        lock (Started) Started.Add(program);
        return Task.FromResult(Programs.GetValueOrDefault(string.Join(' ', [program, .. arguments])));
    }

    /// <summary>Puts programs on the path.</summary>
    public RecordedMachine With(params string[] programs)
    {
        foreach (var program in programs) Files["/usr/bin/" + program] = "";
        return this;
    }

    private IEnumerable<string> Paths => Files.Keys.Concat(Binaries.Keys).Concat(Links.Keys);
}
