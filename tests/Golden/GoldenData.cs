using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SaltActors.Golden;

/// <summary>What genuine Salt answered, as recorded under <c>tests/Golden</c>.</summary>
internal static class GoldenData
{
    /// <summary>A file of the golden data, as <c>wire/crypticle.json</c>.</summary>
    public static JsonDocument Read(string path) => JsonDocument.Parse(File.ReadAllBytes(PathOf(path)));

    public static string PathOf(string path) => System.IO.Path.Combine(Folder(), path);

    private static string Folder([CallerFilePath] string here = "") => System.IO.Path.GetDirectoryName(here)!;
}
