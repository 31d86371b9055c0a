using System.Net;
using System.Net.Sockets;

namespace SaltActors.Modules.Grains.Machines;

/// <summary>
/// A machine as the core grains see it: its files, addresses, names and programs. The real one is
/// <see cref="LocalMachine"/>; a recorded one lets every distribution be tested anywhere.
/// </summary>
/// <remarks>What is missing and what may not be read look the same: both say nothing about the machine.</remarks>
public interface IMachine
{
    /// <summary>A file's text in UTF-8, or null where it is missing or may not be read.</summary>
    string? ReadText(string path);

    /// <summary>A file's bytes, or null where it is missing or may not be read.</summary>
    byte[]? ReadBytes(string path);
    bool HasFile(string path);
    bool HasFolder(string path);

    /// <summary>The names in a folder in ordinal order; empty where there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Where a symbolic link points, as it is written; null for anything else.</summary>
    string? LinkTarget(string path);

    /// <summary>True where process 1 has another root than we have; null where that may not be known.</summary>
    bool? IsChroot { get; }

    /// <summary>A variable of the environment, or null.</summary>
    string? Variable(string name);

    /// <summary>The IPv4 addresses in the kernel's order.</summary>
    IReadOnlyList<InterfaceAddress> Ipv4Addresses();
    ProcessFacts Process { get; }

    /// <summary>The name that the resolver gives back for a host (<c>AI_CANONNAME</c>), or null where it knows none.</summary>
    Task<string?> CanonicalNameAsync(string host, CancellationToken stop);

    /// <summary>A host's addresses of one family; empty where it has none.</summary>
    Task<IReadOnlyList<IPAddress>> AddressesAsync(string host, AddressFamily family, CancellationToken stop);

    /// <summary>The name of an address, or null where it has none.</summary>
    Task<string?> NameOfAsync(IPAddress address, CancellationToken stop);

    /// <summary>Runs a program to its end; null where it cannot be started or is still running when <paramref name="stop"/> fires.</summary>
    Task<ProgramAnswer?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop);
}

/// <summary>An address with the interface that has it; <paramref name="Prefix"/> is the network's length in bits.</summary>
public sealed record InterfaceAddress(string Interface, IPAddress Address, int Prefix);

/// <summary>What a program said on its standard output, and its exit code.</summary>
public sealed record ProgramAnswer(int Code, string Output);

/// <summary>This process, and who it runs as.</summary>
/// <param name="ProgramFolder">Where the program itself lies.</param>
public sealed record ProcessFacts(int Pid, int Uid, int Gid, string User, string Group, string WorkingFolder, string ProgramFolder);

/// <summary>Shared ways of reading a machine.</summary>
public static class MachineReading
{
    /// <summary>A file's text without surrounding white space; null where it is missing, empty only where the file is.</summary>
    public static string? ReadTrimmed(this IMachine machine, string path) => machine.ReadText(path)?.Trim();

    public static IEnumerable<string> ReadLines(this IMachine machine, string path) =>
        machine.ReadText(path) is { } text ? text.Split('\n').Select(l => l.TrimEnd('\r')) : [];

    public static bool Has(this IMachine machine, string path) => machine.HasFile(path) || machine.HasFolder(path);

    /// <summary>A program's full path, looked for along <c>PATH</c>; null where it is not installed.</summary>
    public static string? Which(this IMachine machine, string program)
    {
        if (program.StartsWith('/')) return machine.HasFile(program) ? program : null;
        foreach (var folder in (machine.Variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(AlwaysSearched))
            if (machine.HasFile($"{folder}/{program}")) return $"{folder}/{program}";
        return null;
    }

    // Salt searches these too where PATH leaves them out, as under cron.
    private static readonly string[] AlwaysSearched = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin"];
}
