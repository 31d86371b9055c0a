using System.Net.Http.Headers;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Yaml;

namespace SaltActors.States.Pillars;

/// <summary><c>http_json</c> and <c>http_yaml</c>: what a server answers. <c>%s</c> in its address is the minion's id, <c>&lt;grain&gt;</c> a grain where <c>with_grains</c> is set.</summary>
/// <remarks>Follows Salt 3006, salt/pillar/http_json.py and http_yaml.py.</remarks>
internal sealed class WebPillar(string name) : IExternalPillar
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = 64 << 20 };

    public string Name => name;

    public MapValue Compile(PillarScene scene, MapValue pillar, Value settings)
    {
        if (settings is not MapValue map || map.TextOf("url") is not { Length: > 0 } url) throw new CommandFailed("url is not given");
        url = url.Replace("%s", Uri.EscapeDataString(scene.Minion.Id.Text), StringComparison.Ordinal);
        if (map.Get("with_grains") is { IsTruthy: true })
            url = System.Text.RegularExpressions.Regex.Replace(url, "<([^<>]+)>", m => KeyPath.Find(scene.Minion.Grains, m.Groups[1].Value) is { } grain
                ? Uri.EscapeDataString(grain.ToString()) : throw new CommandFailed($"url {url}: the minion has no grain '{m.Groups[1].Value}'"));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (map.TextOf("username") is { } user) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{map.TextOf("password")}")));
        string text;
        try
        {
            // Pillars are compiled outside of actors, on threads that may wait.
            using var answer = Http.Send(request, scene.Call.Stopped);
            if (!answer.IsSuccessStatusCode) throw new CommandFailed($"{url} answers {(int)answer.StatusCode} {answer.ReasonPhrase}");
            using var reader = new StreamReader(answer.Content.ReadAsStream(scene.Call.Stopped));
            text = reader.ReadToEnd();
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException or UriFormatException or InvalidOperationException || cause is OperationCanceledException && !scene.Call.Stopped.IsCancellationRequested)
        {
            throw new CommandFailed($"{url} cannot be read: {cause.Message}");
        }
        try
        {
            var data = name == "http_json" ? JsonText.Read(text) : YamlLoader.Load(text, url);
            return data as MapValue ?? throw new CommandFailed($"{url} answers a {data.KindName}, where a map was expected");
        }
        catch (Exception broken) when (broken is YamlBroken or JsonRefused)
        {
            throw new CommandFailed($"{url} answers what is no {(name == "http_json" ? "JSON" : "YAML")}: {broken.Message}");
        }
    }
}
