using SaltActors.Core.Values;

namespace SaltActors.Modules.Grains.Identity;

/// <summary>The process and its surroundings: <c>pid, uid, gid, username, groupname, cwd, shell, path, systempath, ps</c>.</summary>
internal static class ProcessGrains
{
    internal static void Add(MapValue.Builder grains, GrainInput input)
    {
        var process = input.Machine.Process;
        var path = (input.Machine.Variable("PATH") ?? "").Trim();
        grains["pid"] = process.Pid;
        grains["uid"] = process.Uid;
        grains["gid"] = process.Gid;
        grains["username"] = process.User;
        grains["groupname"] = process.Group;
        grains["cwd"] = process.WorkingFolder;
        grains["shell"] = input.Machine.Variable("SHELL") ?? "/bin/sh";
        grains["path"] = path;
        grains["systempath"] = ListValue.OfTexts(path.Split(':'));
    }

    /// <summary>The command that lists processes; needs <c>virtual</c> and <c>os_family</c>.</summary>
    internal static void AddPs(MapValue.Builder grains) =>
        grains["ps"] = (grains.Get("virtual")?.AsText(), grains.Get("os_family")?.AsText()) switch
        {
            // On an OpenVZ host only the processes of the host itself (envID 0) count.
            ("openvzhn", _) => "ps -fH -p $(grep -l \"^envID:[[:space:]]*0\\$\" /proc/[0-9]*/status | sed -e \"s=/proc/\\([0-9]*\\)/.*=\\1=\")  | awk '{ $7=\"\"; print }'",
            (_, "NILinuxRT") => "ps -o user,pid,ppid,tty,time,comm",
            _ => "ps -efHww",
        };
}
