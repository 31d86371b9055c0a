using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Yaml;
using SaltActors.States.Templates;

namespace SaltActors.States.Pillars;

/// <summary>A source of pillar data beside the pillar roots: one word of <c>ext_pillar</c>.</summary>
public interface IExternalPillar
{
    /// <summary>The name under <c>ext_pillar</c>.</summary>
    string Name { get; }

    /// <param name="pillar">What is known so far.</param>
    /// <param name="settings">What stands behind the name: a text, a list or a map.</param>
    /// <returns>What is to be laid over it.</returns>
    /// <exception cref="CommandFailed">The source has no answer; the message says why.</exception>
    MapValue Compile(PillarScene scene, MapValue pillar, Value settings);
}

/// <summary>All sources of <c>ext_pillar</c>, in the order of the configuration.</summary>
internal static class ExternalPillars
{
    private static readonly IExternalPillar[] Known = [new CommandPillar("cmd_yaml"), new CommandPillar("cmd_yamlex"), new CommandPillar("cmd_json"), new TreePillar(), new NodegroupsPillar(), new TablePillar(), new WebPillar("http_json"), new WebPillar("http_yaml"), new StackPillar()];

    internal static MapValue Over(PillarScene scene, MapValue pillar, List<string> errors)
    {
        foreach (var source in scene.Options.ListOf("ext_pillar").OfType<MapValue>())
            foreach (var (name, settings) in source)
                try
                {
                    if (Array.Find(Known, k => k.Name == name.AsText()) is { } known) pillar = scene.Merge(pillar, known.Compile(scene, pillar, settings));
                    else
                        scene.Log?.Write(LogSeverity.Critical, $"Specified ext_pillar interface {name} is unavailable: this version has {string.Join(", ", Known.Select(k => k.Name))}");
                }
                catch (Exception failed) when (failed is CommandFailed or RenderFailed or NamedError or FunctionUnavailable)
                {
                    errors.Add($"Failed to load ext_pillar {name}: {failed.Message}");
                }
        return pillar;
    }
}

/// <summary><c>cmd_yaml</c>, <c>cmd_yamlex</c> and <c>cmd_json</c>: what a program writes. <c>%s</c> in its command line is the minion's id.</summary>
internal sealed class CommandPillar(string name) : IExternalPillar
{
    public string Name => name;

    public MapValue Compile(PillarScene scene, MapValue pillar, Value settings)
    {
        var command = settings.ToString().Replace("%s", scene.Minion.Id.Text, StringComparison.Ordinal);
        var output = scene.Call.ForInnerCalls().Call("cmd.run_stdout", new CallArguments([command], MapValue.Of(("python_shell", true)))).AsTask().GetAwaiter().GetResult().ToString();
        try
        {
            var data = name == "cmd_json" ? JsonText.Read(output) : YamlLoader.Load(output, command, name == "cmd_yamlex" ? YamlMaps.Aggregating : YamlMaps.Plain);
            return data as MapValue ?? (data.IsTruthy ? throw new CommandFailed($"'{command}' writes a {data.KindName}, where a map was expected") : MapValue.Empty);
        }
        catch (Exception broken) when (broken is YamlBroken or JsonRefused)
        {
            throw new CommandFailed($"'{command}' writes what is no {(name == "cmd_json" ? "JSON" : "YAML")}: {broken.Message}");
        }
    }
}
