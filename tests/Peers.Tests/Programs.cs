using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SaltActors.Peers.Tests;

/// <summary>The published programs as real processes: a master and the native <c>salt</c> with all its names.</summary>
internal static class Programs
{
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Here(), "../.."));

    /// <summary>The native program: where <c>SALT_NATIVE</c> says, or in <c>artifacts/</c>; null where it was not published.</summary>
    public static string? Native => ((string?[])[Environment.GetEnvironmentVariable("SALT_NATIVE"), Path.Combine(Repository, "artifacts/bin/salt"), Path.Combine(Repository, "artifacts/ci/salt/salt")])
        .FirstOrDefault(p => p is not null && File.Exists(p));

    /// <summary>The master of the build that this test belongs to.</summary>
    public static string Master => Directory.EnumerateFiles(Path.Combine(Repository, "src/Hosts/Master/bin"), "salt-master.dll", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/publish/", StringComparison.Ordinal)).OrderByDescending(File.GetLastWriteTimeUtc).First();

    public static Process Start(string file, params string[] args) => Start(file, null, args);

    private static Process Start(string file, string? input, string[] args)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var arg in args) start.ArgumentList.Add(arg);
        var process = Process.Start(start)!;
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        return process;
    }

    public static Task<(int Exit, string Out, string Error)> RunAsync(string file, params string[] args) => RunWithInputAsync(file, null, args);

    /// <param name="input">What the program reads from its standard input; null for nothing.</param>
    public static async Task<(int Exit, string Out, string Error)> RunWithInputAsync(string file, string? input, params string[] args)
    {
        using var process = Start(file, input, args);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}

/// <summary>A test that runs the native program; skipped, and says why, where that was not published.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute()
    {
        if (Programs.Native is null) Skip = "the native program is not published: build.ps1 -Target Publish, or set SALT_NATIVE";
    }
}
