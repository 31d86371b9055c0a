using SaltActors.Core.Values;

namespace SaltActors.States.Templates;

/// <summary>Renderers of Salt that need what this program does not bring. A text that names one gets an error that says so, where Salt without the library renders nothing.</summary>
public sealed class OutsideEngines(string name, string reason) : IRenderer
{
    public static readonly IRenderer[] All =
    [
        .. Of("the template language is a library of Python", "mako", "wempy", "genshi", "cheetah"),
        .. Of("it is a program in Python", "py", "pydsl", "pyobjects"),
        .. Of("it is not there in this version", "toml", "gpg", "stateconf", "json5", "hjson", "dson", "msgpack", "nacl", "pass", "aws_kms", "azure_keyvault", "tf_state"),
    ];

    public string Name => name;

    public Value Render(Value input, RenderTask task, string argument) => throw new RenderFailed($"{task.Source.Path ?? task.Source.Name}: the renderer '{name}' cannot be used here: {reason}");

    private static IEnumerable<IRenderer> Of(string reason, params string[] names) => names.Select(n => new OutsideEngines(n, reason));
}
