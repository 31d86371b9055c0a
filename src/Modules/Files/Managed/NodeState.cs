using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Managed;

/// <summary>States of <c>file</c> about what a name stands for: hard links, device nodes and pipes.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py.</remarks>
public static class NodeState
{
    /// <summary>Keeps a second name of a file.</summary>
    /// <param name="name">The second name.</param>
    /// <param name="target">The file.</param>
    /// <param name="force">Remove what stands in its place.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    /// <param name="user">The owner of folders that are made.</param>
    /// <param name="group">Their group.</param>
    /// <param name="dirMode">Their permissions.</param>
    [SaltState("file.hardlink")]
    public static MapValue Hardlink(
        CallContext context, string name, string target, bool force = false, bool makedirs = false, Value? user = null, Value? group = null, Value? dirMode = null)
    {
        name = FilePaths.Expand(name);
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        if (!Path.IsPathRooted(target)) return StateResult.Failed(name, $"Specified target {target} is not an absolute path");
        if (Ownership.Of(user, group, null).Unknown() is { } unknown) return StateResult.Failed(name, unknown);
        if (UnixFile.Find(target) is not { } original) return StateResult.Failed(name, $"Target {target} for hard link does not exist");
        if (original.IsFolder) return StateResult.Failed(name, $"Unable to hard link from directory {target}");
        var there = UnixFile.Find(name, follow: false);
        if (there is not null && there.Inode == original.Inode && there.Device == original.Device)
            return StateResult.Of(name, true, context.IsTest ? $"The hard link {name} is presently targetting {target}" : $"Target of hard link {name} is already pointing to {target}");
        if (context.IsTest)
            return there is null ? StateResult.Of(name, null, $"Hard link {name} to {target} is set for creation", MapValue.Of(("new", name)))
                : there.Links > 1 && there.IsFile ? StateResult.Of(name, null, $"Link {name} target is set to be changed to {target}", MapValue.Of(("change", name)))
                : force ? StateResult.Of(name, null, $"The file or directory {name} is set for removal to make way for a new hard link targeting {target}")
                : StateResult.Failed(name, $"File or directory exists where the hard link {name} should be. Did you mean to use force?");
        var folder = FilePaths.FolderName(name);
        try
        {
            if (!UnixFile.IsFolder(folder))
            {
                if (!makedirs) return StateResult.Failed(name, $"Directory {folder} for hard link is not present");
                FileTreeModule.MakedirsPerms(folder, user, group, dirMode is { IsNull: false } ? dirMode.ToString() : null);
            }
            var changes = MapValue.Of(("new", name));
            if (there is not null)
            {
                if (!force && there.Links <= 1) return StateResult.Failed(name, $"{(there.IsFolder ? "Directory" : "File")} exists where the hard link {name} should be");
                if (there.IsFolder) Directory.Delete(name, recursive: true);
                if (there.Links <= 1) changes = MapValue.Of(("forced", $"{(there.IsFolder ? "Directory" : "File")} for hard link was forcibly replaced"), ("new", name));
            }
            // One step: at no moment is there nothing.
            var arriving = $"{name}.{Guid.NewGuid():n}.new";
            UnixFile.HardLink(target, arriving);
            UnixFile.Rename(arriving, name);
            return StateResult.Of(name, true, there is null || there.Links <= 1 ? $"Created new hard link {name} -> {target}" : $"Set target of hard link {name} -> {target}", changes);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or CommandFailed)
        {
            return StateResult.Failed(name, $"Unable to create new hard link {name} -> {target}: {refused.Message}");
        }
    }

    /// <summary>Keeps a device node or a pipe.</summary>
    /// <param name="name">Its path.</param>
    /// <param name="ntype"><c>c</c> character device, <c>b</c> block device, <c>p</c> pipe.</param>
    /// <param name="major">The device's major number.</param>
    /// <param name="minor">Its minor number.</param>
    /// <param name="user">The owner.</param>
    /// <param name="group">The group.</param>
    /// <param name="mode">The permissions.</param>
    [SaltState("file.mknod")]
    public static MapValue Mknod(CallContext context, string name, string ntype, int major = 0, int minor = 0, Value? user = null, Value? group = null, [System.ComponentModel.DefaultValue("0600")] Value? mode = null)
    {
        name = FilePaths.Expand(name);
        var (kind, letter, bits) = ntype switch
        {
            "c" => ("Character device", 'c', 0x2000u),
            "b" => ("Block device", 'b', 0x6000u),
            "p" => ("Fifo pipe", 'p', 0x1000u),
            _ => ("", ' ', 0u),
        };
        if (bits == 0) return StateResult.Failed(name, $"Node type unavailable: '{ntype}'. Available node types are character ('c'), block ('b'), and pipe ('p')");
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        var wanted = Ownership.Of(user, group, mode);
        try
        {
            if (UnixFile.Find(name, follow: false) is { } there)
            {
                if (there.Kind != letter) return StateResult.Failed(name, ntype == "p" ? $"File {name} exists and is not a fifo pipe. Refusing to continue" : $"File {name} exists and is not a {kind.ToLowerInvariant()}. Refusing to continue");
                var differences = wanted.Differences(name);
                if (differences.Count == 0) return StateResult.Of(name, true, $"{kind} {name} is in the correct state");
                if (context.IsTest) return StateResult.Of(name, null, $"{kind} {name} is set to be changed", differences);
                wanted.Apply(name);
                return StateResult.Of(name, true, $"{kind} {name} updated", differences);
            }
            if (context.IsTest) return StateResult.Of(name, null, $"{kind} {name} is set to be created");
            if (wanted.Unknown() is { } unknown) return StateResult.Failed(name, unknown);
            UnixFile.MakeNode(name, bits, wanted.Mode ?? 0x180, (uint)major, (uint)minor);
            wanted.Apply(name);
            return StateResult.Of(name, true, "", MapValue.Of(("new", $"{kind} {name} created.")));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, $"{kind} {name} cannot be made: {refused.Message}");
        }
    }
}
