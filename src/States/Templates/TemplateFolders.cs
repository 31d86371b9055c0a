using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Rendering.Jinja;
using SaltActors.States.Files;

namespace SaltActors.States.Templates;

/// <summary>Templates below the roots of one environment, on this machine.</summary>
/// <param name="reading">Told of each path that is looked for, and of the file that was found there (null for none).</param>
public sealed class TreeTemplates(IFileTree tree, string environment, Action<string, FoundFile?>? reading = null) : ITemplateFiles
{
    public TemplateSource? Load(string path)
    {
        var found = tree.Find(environment, path);
        reading?.Invoke(path, found);
        return found is null ? null : TemplateText.Read(found.Relative, found.Path);
    }
}

/// <summary>Templates of the file server, wherever that is.</summary>
public sealed class ServedTemplates(IFileSource files, string saltenv, CancellationToken stop) : ITemplateFiles
{
    // A template is rendered from its first line to its last: this thread waits.
    public TemplateSource? Load(string path) => files.CacheAsync(FileUrl.Scheme + "|" + path, saltenv, stop).GetAwaiter().GetResult() is { } local ? TemplateText.Read(path, local) : null;
}

/// <summary>For texts that may not import anything.</summary>
public sealed class NoTemplates : ITemplateFiles
{
    public static readonly NoTemplates Instance = new();
    public TemplateSource? Load(string path) => null;
}

/// <summary>Reading templates from disk.</summary>
public static class TemplateText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="RenderFailed">The file is not text in UTF-8.</exception>
    public static TemplateSource Read(string name, string path)
    {
        var bytes = File.ReadAllBytes(path);
        try
        {
            return new TemplateSource(name, Strict.GetString(bytes), path);
        }
        catch (DecoderFallbackException broken)
        {
            throw new RenderFailed($"'utf-8' codec can't decode byte 0x{(broken.BytesUnknown is [var first, ..] ? first : 0):x2} in position {broken.Index}: invalid start byte", $"{path} is not text in UTF-8: byte {broken.Index}", broken);
        }
    }
}
