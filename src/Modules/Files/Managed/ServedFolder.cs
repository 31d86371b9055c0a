using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Cp;
using SaltActors.States.Files;

namespace SaltActors.Modules.Files.Managed;

/// <summary>A folder of the file server: what is below it, by paths relative to it.</summary>
internal sealed record ServedFolder(string Prefix, string SaltEnv, IReadOnlyList<string> Files, IReadOnlyList<string> EmptyFolders, IReadOnlyDictionary<string, string> Links)
{
    /// <summary>The first of the addresses that is a folder; null where none is.</summary>
    public static async Task<ServedFolder?> FindAsync(CallContext call, Value source, string saltEnv, string? include, string? exclude, int? maxDepth)
    {
        foreach (var url in source is ListValue urls ? urls : ListValue.Create([source]))
        {
            var address = FileUrl.Parse(url.ToString());
            var (env, folder) = (address.SaltEnv ?? saltEnv, address.Path.Trim('/'));
            var prefix = folder.Length == 0 ? "" : folder + "/";
            var server = CpFiles.Server(call);
            async Task<List<string>> Below(FileListing what) =>
                [.. (await server.ListAsync(what, env, folder, call.Stopped).ConfigureAwait(false)).Where(f => f.StartsWith(prefix, StringComparison.Ordinal)).Select(f => f[prefix.Length..]).Where(f => f.Length > 0)];
            var files = await Below(FileListing.Files).ConfigureAwait(false);
            var empty = await Below(FileListing.EmptyFolders).ConfigureAwait(false);
            if (files.Count == 0 && empty.Count == 0 && !(await server.ListAsync(FileListing.Folders, env, folder, call.Stopped).ConfigureAwait(false)).Contains(folder)) continue;
            bool IsWanted(string below) => (maxDepth is not { } depth || below.Count(c => c == '/') <= depth) && CpFiles.IsWanted(below, include, exclude);
            var links = (await server.LinksAsync(env, folder, call.Stopped).ConfigureAwait(false)).Where(l => l.Key.ToString().StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(l => l.Key.ToString()[prefix.Length..], l => l.Value.ToString(), StringComparer.Ordinal);
            return new ServedFolder(prefix, env, [.. files.Where(IsWanted)], [.. empty.Where(IsWanted)], links);
        }
        return null;
    }

    /// <summary>Whether the address is one of a file.</summary>
    public static async Task<bool> IsFileAsync(CallContext call, string url, string saltEnv) => await CpFiles.Server(call).HashAsync(url, saltEnv, call.Stopped).ConfigureAwait(false) is not null;
}
