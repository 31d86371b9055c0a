using System.Text.Json;
using System.Text.RegularExpressions;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.States.Files;

namespace SaltActors.Modules.Tests.Recorded;

/// <summary>
/// What the states of <c>file</c> of genuine Salt 3006.18 answered: each once in test mode and twice for real, one after the other on the same folder,
/// and what lay in it at the end.
/// </summary>
public sealed partial class RecordedFileStateSpecs
{
    // Where this project does otherwise on purpose: the state and the last part of its name, and why.
    private static readonly Dictionary<string, string> Argued = new(StringComparer.Ordinal)
    {
        ["file.line e"] = "a line that stands there already is not put there a second time",
        ["file.line f"] = "a line that stands there already is not put there a second time",
        ["file.line g2x"] = "a line that stands there already, indented, is not put there a second time",
        ["file.line li2"] = "a line at the end gets a line of its own: no empty line before it, a line feed behind it",
        ["file.line g2y"] = "a line at the end gets a line of its own: no empty line before it, a line feed behind it",
        ["file.line g1n"] = "test mode tells what a run does: the file is made",
        ["file.directory y"] = "a failure that changed nothing tells no changes",
        ["file.directory e12"] = "a dangling link in the place of the folder is told, in test mode too",
        ["file.recurse r2"] = "every folder that is made is told, and '.' is none of its own",
        ["file.managed h22"] = "a mode that is none is told before the file is made",
        ["file.append f1x"] = "no text at all is an error, not the line 'None'",
        ["file.replace f5 ("] = "an expression that is none fails with its reason, not with a stack",
        ["file.serialize n7"] = "a pillar path that is not there is an error, not an empty text",
        ["file.serialize n17"] = "toml is not there",
        ["file.serialize reln"] = "a relative name is told as such",
        ["file.keyvalue o2"] = "a key that is met more often than count stays as it is; Salt loses the line",
        ["file.touch p2"] = "nothing is set to be new",
        ["file.decode s5"] = "test mode tells the digests that a run tells",
        ["file.not_cached src.txt"] = "without a master the file is used where it lies",
        ["file.cached src.txt"] = "without a master the file is used where it lies",
        ["file.symlink y1"] = "test mode tells what a run does: it is renamed",
        ["file.symlink y2"] = "force removes a folder too",
    };

    [Theory]
    [InlineData("files")]
    [InlineData("lines")]
    public async Task Answer_as_Salt_does(string file)
    {
        using var recorded = GoldenData.Read($"states/files/{file}.json");
        using var scene = new Scene();
        var failures = new List<string>();
        var states = 0;
        foreach (var step in recorded.RootElement.GetProperty("steps").EnumerateArray())
        {
            if (!step.TryGetProperty("state", out var state))
            {
                scene.Prepare(step);
                continue;
            }
            var name = scene.Filled(step.GetProperty("name").GetString()!);
            var arguments = (MapValue)scene.Filled(GoldenValues.Read(step.GetProperty("args")));
            var answers = step.GetProperty("answers").EnumerateArray().Select(GoldenValues.Read).ToList();
            states++;
            for (var i = 0; i < 3; i++)
            {
                var before = i == 0 ? scene.Snapshot() : "";
                var found = await scene.Single(state.GetString()!, name, arguments, isTest: i == 0);
                if (i == 0 && scene.Snapshot() != before) failures.Add($"{state} {step.GetProperty("name")} {step.GetProperty("args").GetRawText()} wrote something in test mode");
                var wanted = (MapValue)scene.Filled(answers[i]);
                if (Fits(wanted, found)) continue;
                if (Argued.ContainsKey($"{state} {Path.GetFileName(name)}{(arguments.TextOf("pattern") == "(" ? " (" : "")}")) continue;
                failures.Add($"{state} {step.GetProperty("name")} {step.GetProperty("args").GetRawText()} [{"test,first,second".Split(',')[i]}]\n  expected {PythonText.Repr(Shown(wanted))}\n  found    {PythonText.Repr(Shown(found))}");
            }
        }
        var differs = Argued.Keys.Select(a => a.Split(' ')[1]).ToHashSet();
        failures.AddRange(scene.Unlike(recorded.RootElement.GetProperty("after")).Where(u => !differs.Contains(u.Split(' ', '/')[0])));
        Assert.True(failures.Count == 0, $"{failures.Count} of {states}\n" + string.Join('\n', failures));
    }

    private static MapValue Shown(MapValue result) => MapValue.Of(("result", result.Get("result") ?? Value.Null), ("comment", result.Get("comment") ?? Value.Null), ("changes", result.Get("changes") ?? Value.Null));

    private static bool Fits(MapValue wanted, MapValue found)
    {
        if (!wanted.Get("result")!.Equals(found.Get("result")!)) return false;
        // Where Python stopped with an error, its last line has the reason.
        if (wanted.TextOf("raises") is { } raised) return found.TextOf("comment") is { } told && (raised.Contains(told, StringComparison.Ordinal) || told.Length > 0 && raised == "---");
        return Ordered(wanted.TextOf("comment")!) == Ordered(found.TextOf("comment")!) && Sorted(wanted.Get("changes")!).Equals(Sorted(found.Get("changes")!));
    }

    // file.recurse tells its files in no order.
    private static string Ordered(string comment) => comment.Contains("#### ", StringComparison.Ordinal)
        ? string.Join('\n', Heading().Split(comment).Select(p => string.Join('\n', p.Trim().Split('\n').Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal)) : comment;

    private static Value Sorted(Value changes) => changes is MapValue map
        ? MapValue.From(map.Where(e => e.Key.ToString() != "pid").Select(e => KeyValuePair.Create(e.Key, e.Key.ToString() == "removed" && e.Value is ListValue list ? ListValue.OfTexts(list.Select(i => i.ToString()).Order(StringComparer.Ordinal)) : e.Value))) : changes;

    [GeneratedRegex("(?=#### [^\n]* ####)")]
    private static partial Regex Heading();

    private sealed class Scene : IDisposable
    {
        private static readonly FunctionTable Functions = new(DeclaredFunctions.All);
        private readonly string _root = Directory.CreateTempSubdirectory("salt-files-").FullName;

        public Scene()
        {
            Directory.CreateDirectory(Path.Combine(_root, "srv"));
            Directory.CreateDirectory(Path.Combine(_root, "w"));
        }

        public void Prepare(JsonElement step)
        {
            string At(string key, string folder) => Path.Combine(_root, folder, step.GetProperty(key).GetString()!);
            if (step.TryGetProperty("serveFolder", out _)) Directory.CreateDirectory(At("serveFolder", "srv"));
            else if (step.TryGetProperty("folder", out _)) Directory.CreateDirectory(At("folder", "w"));
            else if (step.TryGetProperty("link", out _)) File.CreateSymbolicLink(At("link", "w"), step.GetProperty("target").GetString()!);
            else
            {
                var path = step.TryGetProperty("serve", out _) ? At("serve", "srv") : At("put", "w");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, step.GetProperty("text").GetString());
                if (!OperatingSystem.IsWindows() && step.TryGetProperty("mode", out var mode)) File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode.GetString(), 8));
            }
        }

        public async Task<MapValue> Single(string state, string name, MapValue arguments, bool isTest)
        {
            var options = MapValue.Of(("id", "fm"), ("file_client", "local"), ("cachedir", Path.Combine(_root, "var/cache/salt/minion")), ("renderer", "jinja|yaml"), ("hash_type", "sha256"),
                ("file_roots", MapValue.Of(("base", ListValue.OfTexts([Path.Combine(_root, "srv")])))));
            var context = new CallContext
            {
                Functions = Functions,
                Options = options,
                Grains = MapValue.Of(("kernel", "Linux"), ("os_family", "Debian")),
                Services = new CallServices { Files = new LocalFiles(FileServer.From(options, _ => { }), options) },
            };
            var answer = await context.Call("state.single", new CallArguments([state, name], arguments.With("test", isTest)));
            return answer is MapValue { Count: 1 } map ? (MapValue)map[0].Value : MapValue.Of(("result", Value.Null), ("comment", PythonText.Repr(answer)), ("changes", MapValue.Empty));
        }

        public string Filled(string text) => text.Replace("{root}", _root, StringComparison.Ordinal);

        public Value Filled(Value value) => value switch
        {
            TextValue { Text: var text } => Filled(text),
            ListValue list => ListValue.From(list.Select(Filled)),
            MapValue map => MapValue.From(map.Select(e => KeyValuePair.Create(Filled(e.Key), Filled(e.Value)))),
            _ => value,
        };

        /// <summary>All that lies in the folder: kind, permissions, time of the last writing, content.</summary>
        public string Snapshot() => string.Join('\n', new DirectoryInfo(Path.Combine(_root, "w")).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(e => e.FullName, StringComparer.Ordinal).Select(e =>
            $"{e.FullName} {e.Attributes} {(OperatingSystem.IsWindows() ? "" : e.UnixFileMode)} {e.LastWriteTimeUtc.Ticks} {e.LinkTarget} {(e is FileInfo { LinkTarget: null } file && !e.Attributes.HasFlag(FileAttributes.Device) && file.Length is > 0 and < 100_000 ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(e.FullName))) : "")}"));

        public IEnumerable<string> Unlike(JsonElement after)
        {
            var work = Path.Combine(_root, "w");
            var there = Directory.EnumerateFileSystemEntries(work, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(work, p)).ToHashSet();
            foreach (var entry in after.EnumerateObject())
            {
                var path = Path.Combine(work, entry.Name);
                if (!there.Remove(entry.Name)) yield return $"{entry.Name} is missing";
                else if (entry.Value.TryGetProperty("text", out var text) && File.ReadAllText(path) is var found && found != Filled(text.GetString()!)) yield return $"{entry.Name} holds {PythonText.Repr(found)}, expected was {text.GetRawText()}";
                else if (entry.Value.TryGetProperty("link", out var link) && new FileInfo(path).LinkTarget != Filled(link.GetString()!)) yield return $"{entry.Name} points to {new FileInfo(path).LinkTarget}";
                else if (!OperatingSystem.IsWindows() && !entry.Value.TryGetProperty("link", out _) && Convert.ToString((int)File.GetUnixFileMode(path), 8).PadLeft(4, '0') is var mode && mode != entry.Value.GetProperty("mode").GetString())
                    yield return $"{entry.Name} has the mode {mode}, expected was {entry.Value.GetProperty("mode").GetString()}";
            }
            foreach (var more in there) yield return $"{more} is there";
        }

        public void Dispose() => Directory.Delete(_root, recursive: true);
    }
}
