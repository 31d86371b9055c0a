using System.Collections.Immutable;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.States.Files;

/// <summary>The file server of this machine itself (<c>file_client: local</c>): nothing is copied, a name leads to the file where it lies.</summary>
public sealed class LocalFiles(FileServer server, MapValue options) : IFileSource
{
    public Task<string?> CacheAsync(string url, string saltenv, CancellationToken stop)
    {
        var name = FileUrl.Parse(url);
        return Task.FromResult(server.Find(name.SaltEnv ?? saltenv, name.Path)?.Path);
    }

    public Task<ImmutableArray<string>> EnvironmentsAsync(CancellationToken stop) => Task.FromResult(server.Environments());

    public Task<ImmutableArray<string>> ListAsync(FileListing what, string saltenv, string prefix, CancellationToken stop) => Task.FromResult(what switch
    {
        FileListing.Files => server.Files(saltenv, prefix),
        FileListing.Folders => server.Folders(saltenv, prefix),
        _ => server.EmptyFolders(saltenv, prefix),
    });

    public Task<MapValue> LinksAsync(string saltenv, string prefix, CancellationToken stop) => Task.FromResult(server.Links(saltenv, prefix));

    public Task<MapValue?> HashAsync(string path, string saltenv, CancellationToken stop)
    {
        var name = FileUrl.Parse(path);
        return Task.FromResult(server.Hash(name.SaltEnv ?? saltenv, name.Path));
    }

    public Task<ListValue?> StatusAsync(string path, string saltenv, CancellationToken stop)
    {
        var name = FileUrl.Parse(path);
        return Task.FromResult(server.Find(name.SaltEnv ?? saltenv, name.Path) is { } file ? FileStatus.Of(file.Path) : null);
    }

    public Task<MapValue> OptionsAsync(CancellationToken stop) => Task.FromResult(FileServerOptions.Of(options, environmentsOnly: false));
}
