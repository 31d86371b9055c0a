using System.Runtime.InteropServices;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Os;

/// <summary>The running kernel: <c>kernel, nodename, kernelrelease, kernelversion, cpuarch, kernelparams</c>.</summary>
internal static class KernelGrains
{
    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var machine = input.Machine;
        grains["kernel"] = machine.ReadTrimmed("/proc/sys/kernel/ostype") ?? "Linux";
        grains["nodename"] = Networking.HostNameGrains.HostName(machine);
        grains["kernelrelease"] = machine.ReadTrimmed("/proc/sys/kernel/osrelease") ?? "";
        grains["kernelversion"] = machine.ReadTrimmed("/proc/sys/kernel/version") ?? "";
        // Kernels before 6.1 do not show their architecture in a file.
        grains["cpuarch"] = machine.ReadTrimmed("/proc/sys/kernel/arch") ?? BuiltFor(RuntimeInformation.OSArchitecture);
        if (machine.ReadText("/proc/cmdline") is { } line) grains["kernelparams"] = Parameters(line);
    }

    /// <summary>Boot parameters as pairs of key and value; a bare word, or one with several <c>=</c>, has the value null.</summary>
    internal static ListValue Parameters(string commandLine) => ListValue.From(ShellWords(commandLine).Select(Value (word) =>
        word.Split('=') is [var key, var value]
            ? new ListValue([key, value.Trim('"')], isTuple: true)
            : new ListValue([word.Split('=')[0], Value.Null], isTuple: true)));

    // Words as a POSIX shell splits them: quotes group, a backslash takes the next character as it is.
    private static List<string> ShellWords(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isOpen) = ('\0', false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
                isOpen = true;
            }
            else if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word.Append(c);
            }
            else if (c is '"' or '\'') (quote, isOpen) = (c, true);
            else if (!char.IsWhiteSpace(c)) (_, isOpen) = (word.Append(c), true);
            else if (isOpen)
            {
                words.Add(word.ToString());
                word.Clear();
                isOpen = false;
            }
        }
        if (isOpen) words.Add(word.ToString());
        return words;
    }

    private static string BuiltFor(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "x86_64",
        Architecture.X86 => "i686",
        Architecture.Arm64 => "aarch64",
        Architecture.Arm => "armv7l",
        Architecture.S390x => "s390x",
        Architecture.Ppc64le => "ppc64le",
        Architecture.RiscV64 => "riscv64",
        Architecture.LoongArch64 => "loongarch64",
        _ => architecture.ToString().ToLowerInvariant(),
    };
}
