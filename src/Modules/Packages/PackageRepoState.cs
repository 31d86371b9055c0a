using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Cp;
using SaltActors.Modules.Files.Managed;

namespace SaltActors.Modules.Packages;

/// <summary>The states <c>pkgrepo.managed</c> and <c>pkgrepo.absent</c>, for apt.</summary>
/// <remarks>Follows Salt 3006, salt/states/pkgrepo.py. Sources in deb822 files (<c>.sources</c>) are left alone.</remarks>
public static class PackageRepoState
{
    private const string Warning = "This may cause pkg states to behave differently than stated if this action is repeated without test=True, due to the differences in the configured repositories.";

    /// <summary>Keeps a repository of packages.</summary>
    /// <param name="name">The line of the source, <c>deb URI DIST COMPONENTS</c>.</param>
    /// <param name="ppa">Repositories of Launchpad: not there in this version.</param>
    /// <param name="copr">For other systems.</param>
    /// <param name="aptkey">False: keys go where <c>signed-by</c> of the line says.</param>
    /// <param name="humanname">A name for people.</param>
    /// <param name="file">The file; named after the repository as standard.</param>
    /// <param name="dist">The release, over that of the line.</param>
    /// <param name="comps">The components, over those of the line: a list, or texts with commas between them.</param>
    /// <param name="architectures">The architectures, over those of the line.</param>
    /// <param name="disabled">Keep it as a comment.</param>
    /// <param name="enabled">False: keep it as a comment.</param>
    /// <param name="comments">A comment behind the line.</param>
    /// <param name="cleanFile">Nothing else stays in the file.</param>
    /// <param name="refresh">Read the lists of packages anew afterwards.</param>
    /// <param name="keyUrl">The address of the key.</param>
    /// <param name="keyText">The key itself.</param>
    /// <param name="consolidate">Taken for compatibility.</param>
    /// <param name="kwargs">What other package managers take.</param>
    [SaltState("pkgrepo.managed")]
    public static async Task<MapValue> Managed(
        CallContext context, string name, string? ppa = null, string? copr = null, bool aptkey = true, string? humanname = null, string? file = null, string? dist = null, Value? comps = null, Value? architectures = null,
        bool disabled = false, bool? enabled = null, Value? comments = null, bool cleanFile = false, bool refresh = true, Value? keyUrl = null, string? keyText = null, bool consolidate = false, [Keywords] MapValue? kwargs = null)
    {
        _ = (copr, humanname, consolidate, aptkey);
        if (ppa is not null) return StateResult.Failed(name, "ppa: repositories of Launchpad cannot be configured in this version; give the whole line");
        foreach (var unknown in new[] { "keyid", "keyserver" })
            if (kwargs?.Get(unknown) is { IsTruthy: true }) return StateResult.Failed(name, $"{unknown}: keys are not fetched from key servers in this version; give key_url, with signed-by in the line");
        try
        {
            var wanted = AptSource.Needed((kwargs?.TextOf("name") ?? name).Trim());
            if (dist is not null) wanted = wanted with { Dist = dist };
            if (Words(comps) is { } components) wanted = wanted with { Components = [.. components] };
            if (Words(architectures) is { } archs) wanted = wanted with { Options = [.. wanted.Options.RemoveAll(o => o.Key == "arch"), KeyValuePair.Create("arch", string.Join(',', archs))] };
            if (comments is { IsNull: false }) wanted = wanted with { Comment = string.Join(' ', comments is ListValue list ? list.Select(c => c.ToString()) : [comments.ToString()]) };
            wanted = wanted with { IsDisabled = disabled || enabled == false };
            var places = AptSources.Read();
            var target = file ?? places.Find(wanted)?.File ?? AptSources.FileFor(wanted);
            var (there, others) = (places.All.Where(p => p.Source.IsSamePlace(wanted)).ToList(), places.All.Where(p => p.File == target && !p.Source.IsSamePlace(wanted)).ToList());
            // The key alone may be what is missing.
            var key = keyUrl is { IsTruthy: true } || keyText is { Length: > 0 } ? wanted.Option("signed-by") ?? throw new CommandFailed("key_url and key_text need signed-by in the line: a key is for its repository alone") : null;
            var isKeyMissing = key is not null && !File.Exists(key);
            if (there is [var only] && only.Source.IsSame(wanted) && (file is null || only.File == file) && !(cleanFile && others.Count > 0) && !isKeyMissing) return StateResult.Of(name, true, $"Package repo '{name}' already configured");
            var changes = there.Count == 0 ? MapValue.Of(("repo", name)) : Differences(there[0].Source, wanted);
            if (isKeyMissing) changes = changes.With("key", key!);
            if (cleanFile && others.Count > 0) changes = changes.With("removed", ListValue.OfTexts(others.Select(o => o.Source.ToString())));
            if (context.IsTest) return StateResult.Of(name, null, $"Package repo '{name}' would be configured. {Warning}", changes);
            if (isKeyMissing) await AptSources.StoreKeyAsync(context, key!, keyUrl, keyText, kwargs?.TextOf("__env__") ?? "base").ConfigureAwait(false);
            AptSources.Write(target, wanted, cleanFile);
            context.Memory.TryRemove("pkg.refreshed", out _);
            if (refresh) await context.Call("pkg.refresh_db").ConfigureAwait(false);
            return StateResult.Of(name, true, $"Configured package repo '{name}'", changes);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, $"Failed to configure repo '{name}': {failed.Message}");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return StateResult.Failed(name, $"Failed to configure repo '{name}': {refused.Message}");
        }
    }

    /// <summary>Keeps a repository of packages away.</summary>
    /// <param name="name">The line of the source.</param>
    /// <param name="kwargs"><c>refresh</c>: read the lists of packages anew afterwards, as is standard.</param>
    [SaltState("pkgrepo.absent")]
    public static async Task<MapValue> Absent(CallContext context, string name, [Keywords] MapValue? kwargs = null)
    {
        try
        {
            var unwanted = AptSource.Needed(name.Trim());
            var files = AptSources.Read().All.Where(p => !p.Source.IsDisabled && p.Source.IsSamePlace(unwanted) && (unwanted.Components.IsEmpty || !unwanted.Components.Except(p.Source.Components).Any())).ToList();
            if (files.Count == 0) return StateResult.Of(name, true, $"Package repo {name} is absent");
            var changes = MapValue.Of(("repo", name));
            if (context.IsTest) return StateResult.Of(name, null, $"Package repo '{name}' will be removed. {Warning}", changes);
            foreach (var place in files) AptSources.Remove(place, unwanted);
            context.Memory.TryRemove("pkg.refreshed", out _);
            if (kwargs?.Get("refresh")?.IsTruthy ?? true) await context.Call("pkg.refresh_db").ConfigureAwait(false);
            return StateResult.Of(name, true, $"Removed repo {name}", changes);
        }
        catch (CommandFailed failed)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    private static MapValue Differences(AptSource old, AptSource now)
    {
        var changes = new MapValue.Builder();
        void Compare(string what, Value before, Value after)
        {
            if (!before.Equals(after)) changes[what] = MapValue.Of(("new", after), ("old", before));
        }
        Compare("architectures", ListValue.OfTexts(old.Option("arch")?.Split(',') ?? []), ListValue.OfTexts(now.Option("arch")?.Split(',') ?? []));
        Compare("comps", ListValue.OfTexts(old.Components), ListValue.OfTexts(now.Components));
        Compare("disabled", old.IsDisabled, now.IsDisabled);
        Compare("line", old.ToString(), now.ToString());
        Compare("signedby", old.Option("signed-by") ?? "", now.Option("signed-by") ?? "");
        return changes.Build();
    }

    private static List<string>? Words(Value? given) => given switch
    {
        null or NullValue => null,
        ListValue list => [.. list.Select(w => w.ToString())],
        _ => [.. given.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
    };
}

/// <summary>A source, and the file that it is in.</summary>
internal sealed record AptPlace(string File, AptSource Source);

/// <summary>The files of apt's sources: <c>sources.list</c> and what is beside it.</summary>
internal sealed record AptSources(IReadOnlyList<AptPlace> All)
{
    private const string Folder = "/etc/apt";

    public static AptSources Read()
    {
        var places = new List<AptPlace>();
        var beside = Path.Combine(Folder, "sources.list.d");
        foreach (var file in new[] { Path.Combine(Folder, "sources.list") }.Concat(Directory.Exists(beside) ? Directory.EnumerateFiles(beside, "*.list").Order(StringComparer.Ordinal) : []))
            if (File.Exists(file)) places.AddRange(File.ReadLines(file).Select(AptSource.Of).OfType<AptSource>().Select(s => new AptPlace(file, s)));
        return new(places);
    }

    public AptPlace? Find(AptSource source) => All.FirstOrDefault(p => p.Source.IsSamePlace(source));

    public static string FileFor(AptSource source) =>
        Path.Combine(Folder, "sources.list.d", string.Concat(source.Uri[(source.Uri.IndexOf(':') + 1)..].Trim('/').Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')) + ".list");

    /// <summary>Puts the source in the place of those of the same repository, or at the end.</summary>
    public static void Write(string file, AptSource source, bool alone)
    {
        foreach (var other in Read().All.Where(p => p.File != file && p.Source.IsSamePlace(source)).Select(p => p.File).Distinct())
            Save(other, [.. File.ReadLines(other).Where(l => AptSource.Of(l)?.IsSamePlace(source) != true)]);
        var lines = File.Exists(file) && !alone ? File.ReadLines(file).ToList() : [];
        var at = lines.FindIndex(l => AptSource.Of(l)?.IsSamePlace(source) == true);
        lines = [.. lines.Where((l, i) => i == at || AptSource.Of(l)?.IsSamePlace(source) != true)];
        if (at < 0) lines.Add(source.ToString());
        else lines[at] = source.ToString();
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        Save(file, lines);
    }

    /// <summary>Takes the components away; a source without any goes, and so does a file without sources.</summary>
    public static void Remove(AptPlace place, AptSource unwanted)
    {
        var lines = new List<string>();
        foreach (var line in File.ReadLines(place.File))
        {
            if (AptSource.Of(line) is not { } source || !source.IsSamePlace(unwanted))
            {
                lines.Add(line);
                continue;
            }
            var left = source.Components.RemoveAll(c => unwanted.Components.Contains(c));
            if (!unwanted.Components.IsEmpty && !left.IsEmpty) lines.Add((source with { Components = left }).ToString());
        }
        if (lines.Exists(l => l.Trim().Length > 0) || Path.GetFileName(place.File) == "sources.list") Save(place.File, lines);
        else File.Delete(place.File);
    }

    /// <summary>An armoured key is stored as it is where its file's name says so, else as apt reads it.</summary>
    public static async Task StoreKeyAsync(CallContext context, string path, Value? url, string? text, string env)
    {
        byte[] key;
        if (text is { Length: > 0 }) key = Encoding.ASCII.GetBytes(text);
        else key = await File.ReadAllBytesAsync(await CpFiles.GetAsync(context, url!.ToString(), env).ConfigureAwait(false) ?? throw new CommandFailed($"the key {url} does not exist"), context.Stopped).ConfigureAwait(false);
        var isArmoured = key.AsSpan().StartsWith("-----BEGIN"u8);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (isArmoured && !path.EndsWith(".asc", StringComparison.Ordinal)) key = Dearmoured(Encoding.ASCII.GetString(key), path);
        FileReplacement.Write(path, key, 0x1A4u);
    }

    // RFC 9580, 6: lines of base64 between header and checksum.
    private static byte[] Dearmoured(string text, string path)
    {
        var body = text.Split('\n').Select(l => l.Trim()).SkipWhile(l => l.Length > 0).Skip(1).TakeWhile(l => !l.StartsWith("-----END", StringComparison.Ordinal)).Where(l => l.Length > 0 && !l.StartsWith('='));
        try
        {
            return Convert.FromBase64String(string.Concat(body));
        }
        catch (FormatException)
        {
            throw new CommandFailed($"the key for {path} is no OpenPGP key in ASCII armour");
        }
    }

    private static void Save(string file, List<string> lines) => FileReplacement.Write(file, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))), File.Exists(file) ? null : 0x1A4u);
}
