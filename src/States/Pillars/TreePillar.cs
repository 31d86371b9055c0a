using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Rendering.Jinja;
using SaltActors.States.Templates;

namespace SaltActors.States.Pillars;

/// <summary><c>file_tree</c>: folders become maps, files become texts; below <c>nodegroups/NAME</c> for all of a group, below <c>hosts/ID</c> for one minion.</summary>
/// <remarks>Follows Salt 3006, salt/pillar/file_tree.py.</remarks>
internal sealed class TreePillar : IExternalPillar
{
    public string Name => "file_tree";

    public MapValue Compile(PillarScene scene, MapValue pillar, Value settings)
    {
        if (settings is not MapValue map || map.Get("root_dir") is not { } root) throw new CommandFailed("root_dir is not given");
        if (map.Get("follow_dir_links") is { IsTruthy: true } is var follows && root is MapValue byEnv) root = byEnv.Get(scene.PillarEnv ?? "base") ?? Value.Null;
        var folder = root.ToString().Replace("%(minion_id)s", scene.Minion.Id.Text, StringComparison.Ordinal);
        if (!Path.IsPathRooted(folder)) throw new CommandFailed($"root_dir '{folder}' is not an absolute path");
        if (!Directory.Exists(folder)) throw new CommandFailed($"root_dir {folder} does not exist");
        var reading = new Reading(scene, map, follows);
        var data = MapValue.Empty;
        var groups = Path.Combine(folder, "nodegroups");
        if (Directory.Exists(groups))
            foreach (var group in Directory.EnumerateDirectories(groups).Order(StringComparer.Ordinal))
                if (NodegroupsPillar.IsIn(scene, Path.GetFileName(group))) data = PillarMerge.Deep(data, reading.Folder(group), mergeLists: false);
        var host = Path.Combine(folder, "hosts", scene.Minion.Id.Text);
        return Directory.Exists(host) ? PillarMerge.Deep(data, reading.Folder(host), mergeLists: false) : data;
    }

    private sealed class Reading(PillarScene scene, MapValue settings, bool follows)
    {
        private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        public MapValue Folder(string folder)
        {
            var map = new MapValue.Builder();
            foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(entry);
                if (Directory.Exists(entry))
                {
                    if (follows || new DirectoryInfo(entry).LinkTarget is null) map[name] = Folder(entry);
                }
                else if (File.Exists(entry)) map[name] = Content(entry);
            }
            return map.Build();
        }

        private Value Content(string file)
        {
            var bytes = File.ReadAllBytes(file);
            string text;
            try
            {
                text = Strict.GetString(bytes);
            }
            catch (DecoderFallbackException)
            {
                return new BytesValue(bytes);
            }
            if (settings.Get("template") is { IsTruthy: true })
                text = TemplateEngine.RenderText(new RenderTask { Call = scene.Call, Source = new TemplateSource(file, text, file), Files = NoTemplates.Instance, Calling = scene.Calling }, settings.TextOf("render_default") ?? "jinja");
            return KeepsNewline(file) ? text : text.EndsWith('\n') ? text[..^1] : text;
        }

        private bool KeepsNewline(string file) => settings.Get("keep_newline") switch
        {
            ListValue patterns => patterns.Any(p => NamePattern.Matches(p.ToString(), file)),
            { } flag => flag.IsTruthy,
            null => false,
        };
    }
}

/// <summary><c>nodegroups</c>: the names of the groups that the minion is in.</summary>
internal sealed class NodegroupsPillar : IExternalPillar
{
    public string Name => "nodegroups";

    public MapValue Compile(PillarScene scene, MapValue pillar, Value settings)
    {
        var name = settings is MapValue map ? map.TextOf("pillar_name") ?? "nodegroups" : settings.AsText() is { Length: > 0 } given ? given : "nodegroups";
        return MapValue.Of((name, ListValue.OfTexts(scene.Options.MapOf("nodegroups").Keys.Select(k => k.ToString()).Where(k => IsIn(scene, k)).Order(StringComparer.Ordinal))));
    }

    internal static bool IsIn(PillarScene scene, string group)
    {
        if (!scene.Options.MapOf("nodegroups").Has(group)) return false;
        var parsed = TargetParser.Parse(group, "nodegroup", ":", scene.Options.MapOf("nodegroups"));
        if (parsed is Target.Never never) scene.Log?.Write(LogSeverity.Error, $"nodegroup '{group}' means nobody: {never.Reason}");
        return MinionMatcher.Matches(parsed, scene.Minion);
    }
}
