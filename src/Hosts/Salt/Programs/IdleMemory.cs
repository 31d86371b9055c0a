using System.Globalization;
using System.Runtime.InteropServices;

namespace SaltActors.Hosts.Salt.Programs;

/// <summary>Gives back to the system what a waiting minion does not need: most of what it ever used, it used to start or for one job.</summary>
/// <remarks>
/// First the heap is collected and shrunk. Then the pages of the program's files are let go which nobody has written to: the system
/// holds them in its file cache anyway, and those that are needed again come back one by one, without a read from the disk.
/// </remarks>
internal static partial class IdleMemory
{
    private const int DontNeed = 4;
    private static int _isRunning;

    /// <summary>Returns at once; a call while another runs does nothing.</summary>
    internal static void GiveBack() => Task.Run(() =>
    {
        if (Interlocked.Exchange(ref _isRunning, 1) != 0) return;
        try
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            if (OperatingSystem.IsLinux()) LetGoOfFiles();
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    });

    private static void LetGoOfFiles()
    {
        (nint Start, nint Length)? file = null;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (MappingOf(line, out var mapping)) file = mapping;
            // Pages that are no longer the file's own (relocated tables, for one) must stay.
            else if (file is { } found && line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (line.AsSpan("Anonymous:".Length).Trim() is "0 kB") _ = Advise(found.Start, found.Length, DontNeed);
                file = null;
            }
        }
    }

    // "00400000-00420000 r-xp 00000000 08:01 131 /usr/bin/salt": a file's, and not to be written to. True for the head line of any mapping.
    private static bool MappingOf(string line, out (nint, nint)? readOnlyFile)
    {
        readOnlyFile = null;
        var dash = line.IndexOf('-', StringComparison.Ordinal);
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (dash <= 0 || space < dash || line.Length < space + 5) return false;
        if (!nint.TryParse(line.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var start)
            || !nint.TryParse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var end)) return false;
        if (line[space + 1] == 'r' && line[space + 2] == '-' && line[space + 4] == 'p' && line.Contains(" /", StringComparison.Ordinal)) readOnlyFile = (start, end - start);
        return true;
    }

    // A refusal leaves the pages where they are: nothing is lost by it.
    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}
