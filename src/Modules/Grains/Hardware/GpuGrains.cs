using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Hardware;

/// <summary><c>num_gpus</c> and <c>gpus</c>: a list of {vendor, model}.</summary>
internal static class GpuGrains
{
    private static readonly string[] Vendors = ["nvidia", "amd", "ati", "intel", "cirrus logic", "vmware", "matrox", "aspeed"];
    private static readonly string[] Classes = ["vga compatible controller", "3d controller", "display controller"];

    // PCI classes of the three: VGA, 3D and other display controllers.
    private static readonly string[] ClassCodes = ["0x0300", "0x0302", "0x0380"];

    /// <summary>True where lspci would have something to say: the options allow it, and a display card is on the bus.</summary>
    internal static bool IsWanted(IMachine machine, MapValue options)
    {
        if (options.Get("enable_lspci") is BoolValue { IsTrue: false } || options.Get("enable_gpu_grains") is BoolValue { IsTrue: false }) return false;
        const string bus = "/sys/bus/pci/devices";
        return machine.List(bus).Any(d => machine.ReadText($"{bus}/{d}/class") is { Length: >= 6 } code && ClassCodes.Contains(code[..6]));
    }

    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var cards = (input.Answers.Cards ?? "").ReplaceLineEndings("\n").Split("\n\n").Select(Fields)
            .Where(f => Classes.Contains(f.GetValueOrDefault("Class", "").ToLowerInvariant()))
            .Select(Value (f) => MapValue.Of(("vendor", Vendor(f.GetValueOrDefault("Vendor", ""))), ("model", f.GetValueOrDefault("Device", ""))));
        var gpus = ListValue.From(cards);
        grains["num_gpus"] = gpus.Count;
        grains["gpus"] = gpus;
    }

    private static Dictionary<string, string> Fields(string record)
    {
        var fields = new Dictionary<string, string>();
        foreach (var line in record.Split('\n'))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) fields[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        return fields;
    }

    private static string Vendor(string name)
    {
        var words = new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ');
        return Vendors.FirstOrDefault(v => words.Contains(v)) ?? "unknown";
    }
}
