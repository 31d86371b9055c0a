using System.Text.Json;
using SaltActors.Core.Values;
using SaltActors.Golden;
using SaltActors.Rendering.Jinja;
using SaltActors.Rendering.Jinja.Errors;
using SaltActors.Rendering.Jinja.Lexing;

namespace SaltActors.Rendering.Tests.Jinja;

/// <summary>What genuine Salt rendered, case by case.</summary>
public sealed class JinjaGoldenSpecs
{
    public static TheoryData<string> Cases() => [.. Directory.GetDirectories(GoldenData.PathOf("states/jinja")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Renders_what_Salt_renders(string name)
    {
        var folder = GoldenData.PathOf($"states/jinja/{name}");
        using var setUp = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "case.json")));
        using var recorded = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        var host = HostOf(folder, setUp.RootElement);
        var settings = SettingsOf(setUp.RootElement);
        var calls = setUp.RootElement.GetProperty("calls").EnumerateArray().ToArray();
        var answers = recorded.RootElement.GetProperty("calls").EnumerateArray().ToArray();
        var failures = new List<string>();
        for (var i = 0; i < calls.Length; i++)
        {
            var path = calls[i].GetProperty("kwarg").GetProperty("path").GetString()!["salt://".Length..];
            if (Compare(new JinjaRenderer(), host, settings, path, answers[i]) is { } failure) failures.Add($"{path}:\n{failure}");
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static string? Compare(JinjaRenderer renderer, TableHost host, RenderSettings settings, string path, JsonElement expected)
    {
        string answer;
        try
        {
            answer = renderer.Render(host.Load(path)!, host, settings);
            // The pipeline, not the renderer, turns line feeds back where the source had carriage returns.
            if (host.Load(path)!.Text.Contains("\r\n")) answer = answer.Replace("\n", "\r\n");
        }
        catch (TemplateBroken broken)
        {
            if (!expected.TryGetProperty("error", out var error)) return $"expected {expected}\nfailed with {broken.Message}\n{broken.Detail}\n{broken.InnerException}";
            var whole = error.GetProperty("message").GetString()!;
            // What Python adds to unforeseen errors is its own: there the first line counts.
            var (wanted, got) = whole.Contains("{TRACEBACK}") ? (error.GetProperty("head").GetString()!, broken.Message.Split('\n')[0]) : (whole, broken.Message);
            // Salt's own handler of broken YAML fails there; the text itself is more use.
            if (wanted == "Jinja error: 'NoneType' object has no attribute 'splitlines'") (wanted, got) = ("Jinja error: ", got["Jinja error: ".Length..].Length > 0 ? got[.."Jinja error: ".Length] : got);
            return wanted == got ? null : $"expected error\n{wanted}\ngot\n{got}";
        }
        if (!expected.TryGetProperty("return", out var text)) return $"expected error {expected}\ngot\n{answer}";
        return text.GetString() == answer ? null : $"expected\n{text.GetString()}\ngot\n{answer}";
    }

    private static RenderSettings SettingsOf(JsonElement setUp) => !setUp.TryGetProperty("config", out var config) ? RenderSettings.Default : new()
    {
        AllowUndefined = config.TryGetProperty("allow_undefined", out var allow) && allow.GetBoolean(),
        Syntax = config.TryGetProperty("jinja_env", out var options) ? JinjaSyntax.From((MapValue)GoldenValues.Read(options)) : JinjaSyntax.Default,
    };

    private static TableHost HostOf(string folder, JsonElement setUp)
    {
        var grains = (MapValue)GoldenValues.Read(JsonDocument.Parse("""
            {"os": "Debian", "os_family": "Debian", "osrelease": "12", "osmajorrelease": 12, "oscodename": "bookworm", "osfinger": "Debian-12", "osfullname": "Debian",
             "kernel": "Linux", "cpuarch": "x86_64", "osarch": "amd64", "fqdn": "golden.example.test", "host": "golden", "domain": "example.test", "nodename": "golden",
             "localhost": "golden", "init": "systemd", "num_cpus": 4, "mem_total": 2048, "virtual": "kvm", "roles": ["web", "db"], "id": "golden-minion", "sandbox": "{SANDBOX}"}
            """).RootElement);
        if (setUp.TryGetProperty("grains", out var more)) grains = grains.Over((MapValue)GoldenValues.Read(more));
        var variables = MapValue.Of(("grains", grains), ("pillar", TableHost.PillarOf(Path.Combine(folder, "pillar"))), ("opts", MapValue.Of(("id", "golden-minion"), ("file_client", "local"))),
            ("saltenv", "base"), ("sls", ""), ("slspath", ""), ("tpldir", "."), ("tplfile", ""), ("tpldot", ""));
        return new TableHost(name => Path.Combine(folder, "states", name) is var path && File.Exists(path) ? new TemplateSource(name, File.ReadAllText(path), path) : null, variables);
    }
}
