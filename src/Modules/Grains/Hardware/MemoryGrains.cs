using System.Globalization;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Hardware;

/// <summary><c>mem_total</c> and <c>swap_total</c> in MiB, rounded down.</summary>
internal static class MemoryGrains
{
    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        grains["mem_total"] = 0;
        foreach (var line in input.Machine.ReadLines("/proc/meminfo"))
            if (line.Split(':', ' ', '\t') is [var key and ("MemTotal" or "SwapTotal"), .. var rest]
                && long.TryParse(rest.FirstOrDefault(r => r.Length > 0), CultureInfo.InvariantCulture, out var kibibytes))
                grains[key == "MemTotal" ? "mem_total" : "swap_total"] = kibibytes / 1024;
    }
}
