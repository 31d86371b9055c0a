namespace SaltActors.Actors.Tests;

/// <summary>A folder of one test, gone with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("salt-").FullName;
    public string Under(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
