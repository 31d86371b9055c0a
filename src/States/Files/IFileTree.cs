using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.States.Files;

/// <param name="Path">Where the file's bytes are on this machine.</param>
/// <param name="Relative">Its name below the root, as <c>salt://</c> has it.</param>
/// <param name="Backend">Whose file it is, <c>roots</c> for one.</param>
public sealed record FoundFile(string Path, string Relative, string Backend);

/// <summary>Files by environment and name: what a backend of the file server offers. Safe from every thread; it reads disks, so it is called beside a mailbox.</summary>
/// <remarks>Every name that comes in may be a stranger's. One that leads out of the tree finds nothing.</remarks>
public interface IFileTree
{
    /// <summary>The name in <c>fileserver_backend</c>.</summary>
    string Name { get; }

    ImmutableArray<string> Environments();

    bool HasEnvironment(string environment);

    FoundFile? Find(string environment, string path);

    /// <summary>Names below the prefix; links are followed, hidden files left out, each name once.</summary>
    ImmutableArray<string> Files(string environment, string prefix);

    ImmutableArray<string> Folders(string environment, string prefix);

    ImmutableArray<string> EmptyFolders(string environment, string prefix);

    /// <summary>Links whose end lies within their root: name → what is written in the link.</summary>
    MapValue Links(string environment, string prefix);
}
