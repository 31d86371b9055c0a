using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Rendering.Json;
using SaltActors.Rendering.Yaml;

namespace SaltActors.States.Templates;

/// <summary><c>yaml</c>: text to data, maps in their order.</summary>
public sealed class YamlStage : IRenderer
{
    public string Name => "yaml";

    public Value Render(Value input, RenderTask task, string argument) => Load(input, task, YamlMaps.Ordered);

    internal static Value Load(Value input, RenderTask task, YamlMaps maps)
    {
        if (input is not TextValue { Text: var text }) return input;
        try
        {
            var data = YamlLoader.Load(text, task.Source.Path ?? task.Source.Name, maps);
            return data.IsTruthy ? data : MapValue.Empty;
        }
        catch (YamlBroken broken)
        {
            var detail = text == task.Source.Text ? broken.Message : $"{broken.Message}\n(the line is one of the rendered text)";
            task.Log?.Write(LogSeverity.Error, detail);
            throw new RenderFailed(broken.SaltText, detail, broken);
        }
    }
}

/// <summary><c>yamlex</c>: as <c>yaml</c>, and a key may stand twice: the last wins, unless <c>!aggregate</c> lays them together.</summary>
public sealed class YamlexStage : IRenderer
{
    public string Name => "yamlex";
    public Value Render(Value input, RenderTask task, string argument) => YamlStage.Load(input, task, YamlMaps.Aggregating);
}

/// <summary><c>json</c>: text to data.</summary>
public sealed class JsonStage : IRenderer
{
    public string Name => "json";

    public Value Render(Value input, RenderTask task, string argument)
    {
        if (input is not TextValue { Text: var text }) return input;
        if (text.StartsWith("#!", StringComparison.Ordinal)) text = text.IndexOf('\n') is >= 0 and var end ? text[end..] : "";
        if (string.IsNullOrWhiteSpace(text)) return MapValue.Empty;
        try
        {
            var data = JsonText.Read(text.Trim());
            return data.IsTruthy ? data : MapValue.Empty;
        }
        catch (JsonRefused refused)
        {
            throw new RenderFailed(refused.Message, $"{task.Source.Path ?? task.Source.Name}: {refused.Message}", refused);
        }
    }
}
