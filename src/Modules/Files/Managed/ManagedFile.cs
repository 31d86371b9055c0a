using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Files.Managed;

/// <summary>How a file differs from what it is to be: computed once, shown in test mode, applied else.</summary>
/// <param name="IsNew">There is no such file yet.</param>
/// <param name="Content">The content that it is to get; null where that does not change.</param>
/// <param name="Diff">The difference as text.</param>
/// <param name="Attributes">Owner, group and mode that differ.</param>
internal sealed record FileDifference(bool IsNew, byte[]? Content, string? Diff, MapValue Attributes)
{
    public bool IsNothing => !IsNew && Content is null && Attributes.Count == 0;
}

/// <summary>A file as a state wants it.</summary>
internal sealed record ManagedFile(string Path, Ownership Ownership)
{
    /// <summary>Its content; null where only owner and permissions are wanted.</summary>
    public byte[]? Content { get; init; }
    /// <summary>The content comes from a file, so that the mode of a file that is made is told.</summary>
    public bool IsFromSource { get; init; }
    public bool ShowsChanges { get; init; } = true;
    public bool Makedirs { get; init; }
    public Value? DirMode { get; init; }
    public string? Backup { get; init; }
    /// <summary>A program that the new content must please before it is put in place; it gets the path of a copy.</summary>
    public string? CheckCommand { get; init; }
    public string TemporaryExtension { get; init; } = "";

    public FileDifference Difference()
    {
        if (!UnixFile.Exists(Path)) return new FileDifference(true, Content, null, MapValue.Empty);
        var attributes = Ownership.Differences(Path);
        if (Content is null) return new FileDifference(false, null, null, attributes);
        var before = File.ReadAllBytes(Path);
        return before.AsSpan().SequenceEqual(Content) ? new FileDifference(false, null, null, attributes)
            : new FileDifference(false, Content, ShowsChanges ? FileReplacement.Difference(before, Content) : "<show_changes=False>", attributes);
    }

    /// <summary>What test mode tells.</summary>
    public MapValue Predicted(FileDifference difference) => difference.IsNew ? MapValue.Of(("newfile", Path)) : Changes(difference);

    /// <summary>Brings the file to it. The answer is what changed.</summary>
    /// <exception cref="CommandFailed">It cannot be done; the message says why.</exception>
    public async Task<MapValue> ApplyAsync(CallContext call, FileDifference difference)
    {
        if (Ownership.Unknown() is { } unknown) throw new CommandFailed(unknown);
        var folder = FilePaths.FolderName(Path);
        if (!UnixFile.IsFolder(folder))
        {
            if (!Makedirs) throw new CommandFailed("Parent directory not present");
            FileTreeModule.MakedirsPerms(folder, Text(Ownership.User), Text(Ownership.Group), DirMode is { IsNull: false } mode ? mode.ToString() : Ownership.FolderModeText);
        }
        if (CheckCommand is { Length: > 0 } && difference.Content is { } checkedContent) await CheckAsync(call, checkedContent).ConfigureAwait(false);
        try
        {
            if (!difference.IsNew)
            {
                if (difference.Content is { } content)
                {
                    if (Backup is "minion" or "both") FileReplacement.Keep(Path, call.Options.TextOf("cachedir") ?? throw new CommandFailed("backup: cachedir has no value"), call.Clock);
                    FileReplacement.Write(Path, content);
                }
                Ownership.Apply(Path);
                return Changes(difference);
            }
            FileReplacement.Write(Path, difference.Content ?? [], Ownership.Mode);
            var owners = Ownership.Differences(Path).Without("mode");
            Ownership.Apply(Path);
            if (Content is null) return MapValue.Of(("new", $"file {Path} created"));
            var changes = MapValue.Of(("diff", "New file")).Over(owners);
            const uint Private = 0x180;   // 0600
            if (IsFromSource ? UnixFile.Status(Path).Mode is var now and not Private : (now = Ownership.Mode ?? Private) != Private) changes = changes.With("mode", Convert.ToString(now, 8).PadLeft(4, '0'));
            return changes;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"Unable to manage file: {refused.Message}");
        }
    }

    private static MapValue Changes(FileDifference difference) => difference.Diff is { } diff ? MapValue.Of(("diff", diff)).Over(difference.Attributes) : difference.Attributes;

    private async Task CheckAsync(CallContext call, byte[] content)
    {
        var copy = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():n}{TemporaryExtension}");
        try
        {
            await File.WriteAllBytesAsync(copy, content, call.Stopped).ConfigureAwait(false);
            var answer = (MapValue)await call.ForInnerCalls().Call("cmd.run_all", new CallArguments([$"{CheckCommand} {copy}"], MapValue.Of(("python_shell", true), ("ignore_retcode", true)))).ConfigureAwait(false);
            if (answer.Get("retcode")?.AsInteger() == 0) return;
            var said = string.Join('\n', new[] { answer.TextOf("stdout"), answer.TextOf("stderr") }.Where(t => !string.IsNullOrEmpty(t)));
            throw new CommandFailed(said.Length == 0 ? "check_cmd execution failed" : $"check_cmd execution failed\n{said}");
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static TextValue? Text(string? text) => text is null ? null : TextValue.Of(text);
}
