using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Yaml;

namespace SaltActors.Modules.Files.Managed;

/// <summary>The state <c>file.serialize</c>: a value as a file.</summary>
/// <remarks>Follows Salt 3006, salt/states/file.py.</remarks>
public static class SerializeState
{
    /// <summary>Keeps a value in a file, written in a format.</summary>
    /// <param name="name">The file.</param>
    /// <param name="dataset">The value.</param>
    /// <param name="datasetPillar">The pillar path of the value.</param>
    /// <param name="user">The owner.</param>
    /// <param name="group">The group.</param>
    /// <param name="mode">The permissions.</param>
    /// <param name="backup"><c>minion</c>: keep a copy of what is replaced.</param>
    /// <param name="makedirs">Make the folders above it.</param>
    /// <param name="showChanges">Tell the difference.</param>
    /// <param name="create">False: make no file that is not there.</param>
    /// <param name="mergeIfExists">Lay the value over what the file holds.</param>
    /// <param name="encoding">The encoding: <c>utf-8</c>.</param>
    /// <param name="encodingErrors">Taken for compatibility.</param>
    /// <param name="serializer">The format: the same as <c>formatter</c>.</param>
    /// <param name="serializerOpts">Options of the format, a list of maps: <c>indent</c>, <c>sort_keys</c>, <c>default_flow_style</c>, <c>ensure_ascii</c>, <c>allow_unicode</c>, <c>width</c>.</param>
    /// <param name="deserializerOpts">Taken for compatibility: reading has no options.</param>
    /// <param name="checkCmd">A program that the new content must please.</param>
    /// <param name="tmpDir">Taken for compatibility.</param>
    /// <param name="tmpExt">The extension of the copy that <c>check_cmd</c> gets.</param>
    /// <param name="formatter"><c>yaml</c>, <c>json</c>, <c>python</c> or <c>configparser</c>.</param>
    /// <param name="kwargs">What the run itself hands in.</param>
    [SaltState("file.serialize")]
    public static async Task<MapValue> Serialize(
        CallContext call, string name, Value? dataset = null, string? datasetPillar = null, Value? user = null, Value? group = null, Value? mode = null, string backup = "", bool makedirs = false,
        bool showChanges = true, bool create = true, bool mergeIfExists = false, string? encoding = null, string encodingErrors = "strict", string? serializer = null, Value? serializerOpts = null,
        Value? deserializerOpts = null, string? checkCmd = null, string tmpDir = "", string tmpExt = "", string? formatter = null, [Keywords] MapValue? kwargs = null)
    {
        _ = (encodingErrors, deserializerOpts, tmpDir, kwargs);
        if (encoding is not (null or "utf-8" or "UTF-8" or "utf8")) return StateResult.Failed(name, $"encoding: '{encoding}' cannot be written in this version; utf-8 can");
        if (!create && !UnixFile.Exists(name)) return StateResult.Of(name, true, $"File {name} is not present and is not set for creation");
        if (serializer is not null && formatter is not null) return StateResult.Failed(name, "Only one of serializer and formatter are allowed");
        var format = (serializer ?? formatter ?? "yaml").ToLowerInvariant();
        if (!Path.IsPathRooted(name)) return StateResult.Failed(name, $"Specified file {name} is not an absolute path");
        if (dataset is not null && datasetPillar is not null) return StateResult.Failed(name, "Only one of 'dataset' and 'dataset_pillar' is permitted");
        if (datasetPillar is not null) dataset = KeyPath.Find(call.Pillar, datasetPillar, ":");
        else if (dataset is null) return StateResult.Failed(name, "Neither 'dataset' nor 'dataset_pillar' was defined");
        if (dataset is null) return StateResult.Failed(name, $"Pillar {datasetPillar} does not exist");
        if (format is not ("yaml" or "json" or "python" or "configparser"))
            return StateResult.Failed(name, $"The {format} serializer could not be found. It either does not exist or its prerequisites are not installed.");
        var options = serializerOpts is ListValue many ? many.OfType<MapValue>().Aggregate(MapValue.Empty, (all, one) => all.Over(one)) : serializerOpts as MapValue ?? MapValue.Empty;
        try
        {
            Value? existing = null;
            if (mergeIfExists && UnixFile.IsFile(name))
            {
                existing = Read(format, await File.ReadAllTextAsync(name, call.Stopped).ConfigureAwait(false));
                if (existing is not null and not (MapValue or NullValue)) return StateResult.Failed(name, $"{name} holds a {existing.KindName}, into which nothing can be merged");
                if (existing is MapValue && dataset is not MapValue) return StateResult.Failed(name, $"dataset is a {dataset.KindName}, and only a dict can be merged");
                if (existing is MapValue map) dataset = SaltActors.States.Pillars.PillarMerge.Deep(map, (MapValue)dataset, mergeLists: false);
                if (existing is not null && dataset.Equals(existing)) return StateResult.Of(name, true, $"The file {name} is in the correct state");
            }
            var file = new ManagedFile(FilePaths.Normal(name), Ownership.Of(user, group, mode))
            {
                Content = Encoding.UTF8.GetBytes(Write(format, dataset, options)),
                ShowsChanges = showChanges,
                Makedirs = makedirs,
                Backup = backup,
                CheckCommand = checkCmd,
                TemporaryExtension = tmpExt,
            };
            var result = await ManagedState.BringAsync(call, name, file, keepsContent: false).ConfigureAwait(false);
            if (existing is MapValue old && showChanges && result.Get("changes") is MapValue changes && changes.Has("diff")) result = result.With("changes", changes.With("diff", Differences(old, (MapValue)dataset)));
            return result.Get("result") is NullValue ? result.With("comment", $"Dataset will be serialized and stored into {name}") : result;
        }
        catch (Exception failed) when (failed is CommandFailed or NotJson or ArgumentException)
        {
            return StateResult.Failed(name, failed.Message);
        }
    }

    private static string Write(string format, Value value, MapValue options)
    {
        switch (format)
        {
            case "json":
                var indent = options.Get("indent") is { } given ? given is IntegerValue n ? new string(' ', (int)n.Long) : given.AsText() : "  ";
                return JsonText.Write(value, new JsonLayout { Indent = indent, SortKeys = options.Get("sort_keys")?.IsTruthy ?? true, EnsureAscii = options.Get("ensure_ascii")?.IsTruthy ?? false }) + "\n";
            case "yaml":
                var flow = options.Get("default_flow_style") switch { BoolValue { IsTrue: true } => YamlFlow.Always, NullValue => YamlFlow.Leaves, _ => YamlFlow.Never };
                return YamlDumper.Dump(Plain(value), new YamlLayout
                {
                    Flow = flow,
                    SortKeys = options.Get("sort_keys")?.IsTruthy ?? true,
                    AllowUnicode = options.Get("allow_unicode")?.IsTruthy ?? false,
                    Indent = options.Get("indent") is IntegerValue i ? (int)i.Long : 2,
                    Width = options.Get("width") is IntegerValue w ? (int)w.Long : 80,
                }).Replace("\n...\n", "\n", StringComparison.Ordinal);
            case "python":
                return SaltActors.Rendering.Output.PrettyPrint.Format(value) + "\n";
            default:
                return Sections(value);
        }
    }

    // A plain map is written sorted, as PyYAML does with dicts.
    private static Value Plain(Value value) => value switch
    {
        MapValue map => MapValue.From(map.Select(e => KeyValuePair.Create(e.Key, Plain(e.Value)))).AsOrdered(false),
        ListValue list => ListValue.From(list.Select(Plain)),
        _ => value,
    };

    private static string Sections(Value value)
    {
        if (value is not MapValue sections) throw new CommandFailed($"configparser: a dict of sections is expected, found a {value.KindName}");
        var text = new StringBuilder();
        foreach (var (section, entries) in sections)
        {
            if (entries is not MapValue map) throw new CommandFailed($"configparser: the section '{section}' is a {entries.KindName}, expected was a dict");
            text.Append('[').Append(section).Append("]\n");
            foreach (var (key, entry) in map) text.Append(key).Append(" = ").Append(entry.ToString().Replace("\n", "\n\t", StringComparison.Ordinal)).Append('\n');
            text.Append('\n');
        }
        return text.Append('\n').ToString();
    }

    private static Value? Read(string format, string text)
    {
        try
        {
            return format switch
            {
                "json" => JsonText.Read(text),
                "yaml" => YamlLoader.Load(text, "the file"),
                _ => throw new CommandFailed($"merge_if_exists is not supported for the {format} serializer"),
            };
        }
        catch (Exception broken) when (broken is JsonRefused or YamlBroken)
        {
            throw new CommandFailed($"Failed to deserialize existing data: {broken.Message}");
        }
    }

    // Only what differs: key → {new, old}, into maps that both have.
    private static MapValue Differences(MapValue old, MapValue now)
    {
        var differences = new MapValue.Builder();
        foreach (var key in old.Select(e => e.Key).Concat(now.Select(e => e.Key)).Distinct())
        {
            var (before, after) = (old.Get(key), now.Get(key));
            if (before is not null && after is not null && before.Equals(after)) continue;
            differences[key] = before is MapValue inner && after is MapValue other ? Differences(inner, other) : MapValue.Of(("new", after ?? "<_null_>"), ("old", before ?? "<_null_>"));
        }
        return differences.Build();
    }
}
