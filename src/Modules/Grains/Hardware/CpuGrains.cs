using System.Globalization;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Hardware;

/// <summary><c>num_cpus, cpu_model, cpu_flags</c> from <c>/proc/cpuinfo</c>, whose keys differ by architecture.</summary>
internal static class CpuGrains
{
    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var (count, model, flags) = (0, "Unknown", ListValue.Empty);
        foreach (var line in input.Machine.ReadLines("/proc/cpuinfo"))
        {
            if (line.Split(':') is not [var key, var value, ..]) continue;
            value = value.Trim();
            switch (key.Trim())
            {
                case "processor": count++; break;
                // s390x: one line counts them all.
                case "# processors": count = int.Parse(value, CultureInfo.InvariantCulture); break;
                // Every processor repeats its flags, on large machines to megabytes: the text is cut up once.
                case "flags" or "Features" when flags.Count == 0: flags = ListValue.OfTexts(value.Split(' ', StringSplitOptions.RemoveEmptyEntries)); break;
                case "vendor_id" or "model name" or "cpu": model = value; break;
                // 32-bit ARM, one processor: "ARMv6-compatible processor rev 7 (v6l)".
                case "Processor": (model, count) = (value.Split('-')[0], 1); break;
            }
        }
        grains["num_cpus"] = count;
        grains["cpu_model"] = model;
        grains["cpu_flags"] = flags;
    }
}
