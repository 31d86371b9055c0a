using SaltActors.Core.Values;
using SaltActors.States.Files;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Requests.Commands;

/// <summary>One question to the file server. Disks are read beside the workers, and any accepted minion may ask.</summary>
/// <param name="answer">Load → the answer, in Salt's shape.</param>
public sealed class FileCommand(string name, Func<FileServer, MapValue, Value> answer, FileServer files) : ISealedCommand
{
    public string Name => name;
    public bool NeedsIdentity => false;   // Salt's minions of protocol 2 send no token here; who has the epoch's key may read

    public Task<byte[]> AnswerAsync(SealedRequest request) => Task.Run(() => request.SealReply(answer(files, request.Load)));
}

/// <summary>Every question of Salt's file client, by name.</summary>
public static class FileCommands
{
    public static IEnumerable<ISealedCommand> All(FileServer files) =>
    [
        new FileCommand("_file_envs", (server, _) => ListValue.OfTexts(server.Environments()), files),
        new FileCommand("_file_find", (server, load) => server.Describe(Environment(load), Path(load)), files),
        new FileCommand("_file_hash", (server, load) => server.Hash(Environment(load), Path(load)) ?? (Value)"", files),
        new FileCommand("_file_hash_and_stat", HashAndStatus, files),
        new FileCommand("_file_list", (server, load) => ListValue.OfTexts(server.Files(Environment(load), Prefix(load))), files),
        new FileCommand("_dir_list", (server, load) => ListValue.OfTexts(server.Folders(Environment(load), Prefix(load))), files),
        new FileCommand("_file_list_emptydirs", (server, load) => ListValue.OfTexts(server.EmptyFolders(Environment(load), Prefix(load))), files),
        new FileCommand("_symlink_list", (server, load) => server.Links(Environment(load), Prefix(load)), files),
        new FileCommand("_serve_file", (server, load) => server.Chunk(Environment(load), Path(load), load.Get("loc")?.AsInteger() ?? 0, GzipOf(load)), files),
    ];

    private static Value HashAndStatus(FileServer server, MapValue load) =>
        server.Hash(Environment(load), Path(load)) is { } hash && server.Find(Environment(load), Path(load)) is { } file && FileStatus.Of(file.Path) is { } status
            ? ListValue.Create([hash, status]) : ListValue.Create(["", Value.Null]);

    private static string Environment(MapValue load) => load.Get("saltenv") switch
    {
        null or NullValue => "base",
        var given => given.ToString(),
    };

    // A name that is no text finds nothing.
    private static string Path(MapValue load) => load.TextOf("path") ?? "";

    private static string Prefix(MapValue load) => load.TextOf("prefix") ?? "";

    private static int GzipOf(MapValue load) => (int)Math.Clamp(load.Get("gzip")?.AsInteger() ?? 0, 0, 9);
}
