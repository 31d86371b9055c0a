using System.Text.Json;
using SaltActors.Core.Configuration;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Configuration;

namespace SaltActors.Rendering.Tests.Configuration;

public sealed class RecordedConfigurationSpecs
{
    private static readonly JsonElement Cases = GoldenData.Read("cli/configuration.json").RootElement.GetProperty("cases");

    // conf_file names the file that would be read, where Salt names its standard path; the syndic's files move with root_dir at once;
    // the default of pillar_roots is not that of file_roots; a tilde is spelled out where a path is used. The rest are ours or belong to a later release.
    private static readonly string[] Ours = ["config_dir", "ssh_config_file", "cython_enable", "minimum_auth_version", "request_server_ttl", "syndic_log_file", "syndic_pidfile"];

    public static TheoryData<string> Names => [.. Cases.EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void Reads_files_as_salt_did(string name)
    {
        var recorded = Cases.EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        var role = Enum.Parse<ConfigurationRole>(recorded.GetProperty("role").GetString()!, ignoreCase: true);
        using var folder = new TemporaryFolder();
        foreach (var file in recorded.GetProperty("files").EnumerateObject()) folder.Write(file.Name, file.Value.GetString()!);
        var found = Read(role, folder);
        var empty = Cases.EnumerateArray().Single(c => c.GetProperty("name").GetString() == $"empty-{recorded.GetProperty("role").GetString()}");
        var expected = ((MapValue)GoldenValues.Read(empty.GetProperty("expected"))).Over((MapValue)GoldenValues.Read(recorded.GetProperty("expected")));

        var wrong = expected.Keys.Concat(found.Keys).Select(k => k.ToString()).Distinct().Except(Ours)
            .Where(key => !(key == "conf_file" && !recorded.GetProperty("files").TryGetProperty($"etc/{role.FileName()}", out _)))
            .Where(key => !(key == "pillar_roots" && name == "file-roots-shapes"))
            .Select(key => (Key: key, Expected: folder.Expanded(expected.Get(key)), Found: found.Get(key)))
            .Where(o => (o.Expected is null ? null : PythonText.Repr(o.Expected)) != (o.Found is null ? null : PythonText.Repr(o.Found)))
            .Select(o => $"{o.Key}: expected {o.Expected ?? "nothing"}, found {o.Found ?? "nothing"}");
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }

    private static MapValue Read(ConfigurationRole role, TemporaryFolder folder)
    {
        var files = new DiskFiles();
        var surroundings = new ConfigurationSurroundings(_ => null, folder.PathOf("home"), TimeProvider.System);
        var options = new ConfigurationReader(files, surroundings).Read(role, folder.PathOf("etc")).Options;
        // Salt keeps the name where it was installed for, below root_dir.
        var kept = options.TextOf("root_dir") is { Length: > 1 } root ? Path.Join(root, "etc/salt") : folder.PathOf("nowhere");
        var names = new MinionName(files, () => "host", () => "host.example.org");
        var named = role.IsMinion() ? SaltConfiguration.WithId(options, names.Of(options, kept).Id) : options.With("id", names.OfMaster(options, kept));
        return MapValue.From(named.Select(o => KeyValuePair.Create(o.Key.ToString(), o.Value)));
    }
}

internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("salt-actors-").FullName;
    internal TemporaryFolder()
    {
        Directory.CreateDirectory(PathOf("etc"));
        Directory.CreateDirectory(PathOf("home"));
    }

    internal string PathOf(string name) => Path.Join(_path, name);

    internal void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text.Replace("<ROOT>", _path, StringComparison.Ordinal));
    }

    internal Value? Expanded(Value? value) => value switch
    {
        TextValue text => text.Text.Replace("<ROOT>", _path, StringComparison.Ordinal),
        ListValue list => ListValue.From(list.Select(i => Expanded(i)!)),
        MapValue map => MapValue.From(map.Select(e => KeyValuePair.Create(e.Key, Expanded(e.Value)!))),
        _ => value,
    };

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
