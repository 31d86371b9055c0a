using System.Diagnostics;

namespace SaltActors.Actors.Tests.Master.Access;

/// <summary>A program of the machine, run to its end.</summary>
internal static class SystemProgram
{
    public static async Task<string> Run(string program, string[] arguments, string? input = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {process.ExitCode}\n{await output}{await errors}");
        return await output;
    }
}
