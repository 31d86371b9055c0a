using System.Globalization;
using SaltActors.Core.Values;
using SaltActors.Modules.Grains.Machines;

namespace SaltActors.Modules.Status;

/// <summary>One process as the kernel shows it.</summary>
/// <param name="Name">The program's short name, at most 15 characters.</param>
/// <param name="Arguments">Empty for the kernel's own threads.</param>
/// <param name="State">A letter: R, S, D, Z, T, I.</param>
/// <param name="Started">Ticks from boot to its start.</param>
/// <param name="Resident">Memory in use, in bytes.</param>
internal sealed record ProcessEntry(
    int Pid, int Parent, string Name, IReadOnlyList<string> Arguments, char State, int Uid, string User,
    long UserTicks, long SystemTicks, long Started, long Threads, int Nice, long Virtual, long Resident)
{
    public long Ticks => UserTicks + SystemTicks;
    /// <summary>As <c>ps</c> shows it: the arguments, or the name in brackets.</summary>
    public string Command => Arguments.Count > 0 ? string.Join(' ', Arguments) : $"[{Name}]";
}

/// <summary>Reads all processes from <c>/proc</c>; one that ends in the meantime is left out.</summary>
internal static class ProcessTable
{
    public const long TicksPerSecond = 100;
    private const long PageSize = 4096;

    public static IReadOnlyList<ProcessEntry> Read(IMachine machine)
    {
        var users = Users(machine);
        return
        [
            .. machine.List("/proc").Where(n => n.All(char.IsAsciiDigit)).Select(n => int.Parse(n, CultureInfo.InvariantCulture)).Order()
                .Select(pid => Read(machine, pid, users)).OfType<ProcessEntry>(),
        ];
    }

    public static ProcessEntry? Find(IMachine machine, int pid) => Read(machine, pid, Users(machine));

    private static Dictionary<int, string> Users(IMachine machine)
    {
        var users = new Dictionary<int, string>();
        foreach (var fields in machine.ReadLines("/etc/passwd").Select(l => l.Split(':')))
            if (fields.Length > 2 && int.TryParse(fields[2], CultureInfo.InvariantCulture, out var uid)) users.TryAdd(uid, fields[0]);
        return users;
    }

    // 42 (a name) S 1 …: the name may hold anything, so the fields are counted from its last parenthesis. proc(5) numbers the state 3.
    private static ProcessEntry? Read(IMachine machine, int pid, Dictionary<int, string> users)
    {
        var folder = $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}";
        if (machine.ReadText($"{folder}/stat") is not { } stat || stat.LastIndexOf(')') is not (> 0 and var close)) return null;
        var name = stat[(stat.IndexOf('(') + 1)..close];
        var fields = KernelTables.Words(stat[(close + 1)..]);
        if (fields.Length < 22) return null;
        var uid = machine.ReadLines($"{folder}/status").Select(l => l.Split('\t')).FirstOrDefault(f => f[0] == "Uid:") is { Length: > 2 } ids
            && int.TryParse(ids[2], CultureInfo.InvariantCulture, out var owner) ? owner : 0;
        var arguments = (machine.ReadText($"{folder}/cmdline") ?? "").TrimEnd('\0');
        return new(pid, (int)Field(4), name, arguments.Length == 0 ? [] : arguments.Split('\0'), fields[0][0], uid, users.GetValueOrDefault(uid) ?? uid.ToString(CultureInfo.InvariantCulture),
            Field(14), Field(15), Field(22), Field(20), (int)Field(19), Field(23), Field(24) * PageSize);

        long Field(int number) => number - 3 < fields.Length && long.TryParse(fields[number - 3], CultureInfo.InvariantCulture, out var n) ? n : 0;
    }

    /// <summary>Pid (as text) to <c>user</c> and <c>cmd</c>, as <c>status.procs</c> answers.</summary>
    public static MapValue ToValue(IEnumerable<ProcessEntry> processes) => MapValue.From(processes.Select(p =>
        KeyValuePair.Create(p.Pid.ToString(CultureInfo.InvariantCulture), (Value)MapValue.Of(("user", p.User), ("cmd", p.Command)))));
}
