using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SaltActors.Hosts;

/// <summary>A daemon behind <c>-d</c>: the program starts itself once more without a terminal, and ends when that one is up. So what is wrong at the start is still said where it was typed.</summary>
internal static partial class Background
{
    private const string Mark = "SALT_IN_BACKGROUND";
    private const string Up = "up";

    /// <summary>True where this process is the one that shall stay.</summary>
    internal static bool IsHere { get; } = TakeMark();

    /// <summary>Starts the one that stays.</summary>
    /// <param name="arguments">What that one is given; the same as this one was, with the program's name before them where one file holds several.</param>
    /// <returns>0 when it is up, or the status with which it ended before it was.</returns>
    internal static async Task<int> StartAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        // Where the runtime was started with this program's library as its first argument, so must be the next one.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment[Mark] = "1";
        using var process = Process.Start(start) ?? throw new IOException($"{Environment.ProcessPath} cannot be started once more");
        process.StandardInput.Close();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (line == Up) return 0;
            else Console.WriteLine(line);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Says that this process is up, and lets go of the terminal. Nothing where it was not started by <see cref="StartAsync"/>.</summary>
    internal static void SayUp()
    {
        if (!IsHere) return;
        Console.WriteLine(Up);
        Console.Out.Flush();
        Environment.CurrentDirectory = "/";
        var terminal = Enumerable.Range(0, 3).Select(PlaceOf).OfType<string>().ToHashSet();
        var nowhere = Open("/dev/null", 2);
        foreach (var descriptor in Descriptors())
            if (descriptor <= 2 || PlaceOf(descriptor) is { } place && terminal.Contains(place)) _ = Duplicate(nowhere, descriptor);
    }

    // The runtime keeps copies of the standard streams; who reads their other end waits for all of them.
    private static int[] Descriptors() => Directory.Exists("/proc/self/fd")
        ? [.. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(e => int.Parse(Path.GetFileName(e), CultureInfo.InvariantCulture))]
        : [0, 1, 2];

    private static string? PlaceOf(int descriptor) => new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;

    // A session of its own, so that the end of the terminal is not its end; and programs that it starts are no daemons by this.
    private static bool TakeMark()
    {
        if (Environment.GetEnvironmentVariable(Mark) is null || OperatingSystem.IsWindows()) return false;
        Environment.SetEnvironmentVariable(Mark, null);
        _ = NewSession();
        return true;
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int NewSession();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int descriptor, int place);
}
