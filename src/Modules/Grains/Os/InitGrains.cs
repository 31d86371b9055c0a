using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Grains.Os;

/// <summary>What started the machine's services: <c>init</c>, <c>systemd</c>.</summary>
internal static class InitGrains
{
    private static readonly string[] InsideInit = ["upstart", "sysvinit", "systemd"];

    internal static void Add(MapValue.Builder grains, GrainInput input) => grains["init"] = Init(input.Machine);

    /// <summary><c>systemd</c> is {version, features}, where systemctl and localectl are both installed.</summary>
    internal static void AddSystemd(MapValue.Builder grains, GrainInput input)
    {
        if (input.Answers.Systemd?.Split('\n') is not [var first, var features, ..] || first.Split(' ') is not [_, var version, ..]) return;
        grains["systemd"] = MapValue.Of(("version", version), ("features", features.Trim()));
    }

    private static string Init(IMachine machine)
    {
        if (machine.Has("/run/systemd/system")) return "systemd";
        var words = (machine.ReadText("/proc/1/cmdline") ?? "").Split('\0', ' ').Where(w => w.Length > 0).ToList();
        if (words.Count == 0) return "unknown";
        var program = machine.Which(words[0]);
        if (program?.EndsWith("bin/init", StringComparison.Ordinal) is true) return NamedInside(machine.ReadBytes(program) ?? []);
        if (Runs("supervisord")) return "supervisord";
        if (Runs("dumb-init")) return "dumb-init";
        if (Runs("tini")) return "tini";
        // Phusion's base image has my_init as process 1 and runit under it.
        return words is ["runit"] || words.Contains("/sbin/my_init") ? "runit" : "unknown";

        bool Runs(string name) => machine.Which(name) is { } path && words.Contains(path);
    }

    // Every init names itself somewhere in its own binary.
    private static string NamedInside(byte[] binary)
    {
        var text = System.Text.Encoding.Latin1.GetString(binary);
        return InsideInit.Select(n => (Name: n, Place: text.IndexOf(n, StringComparison.OrdinalIgnoreCase))).Where(f => f.Place >= 0)
            .Select(f => f.Name).FirstOrDefault() ?? "unknown";
    }
}
