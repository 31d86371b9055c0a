using System.IO.Compression;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Files;

/// <summary>What minions do with what <c>salt-cp</c> sends.</summary>
public sealed class CopyModuleSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salt-").FullName;
    private readonly Calls _calls = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_text_goes_into_the_folder_or_becomes_the_file()
    {
        var files = MapValue.Of(("/far/one", "1\n"), ("/far/two", "2"));
        Assert.Equal($"{{'{_folder}/one': True, '{_folder}/two': True}}", (await Received(files, _folder)).ToString());
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(_folder, "one")));
        Assert.Equal($"{{'{_folder}/other': True}}", (await Received(MapValue.Of(("/far/one", "x")), Path.Combine(_folder, "other"))).ToString());
        Assert.Equal("x", File.ReadAllText(Path.Combine(_folder, "other")));
    }

    [Fact]
    public async Task Without_a_folder_nothing_is_written()
    {
        Assert.Equal("Destination unavailable", (await Received(MapValue.Of(("/far/one", "x")), Path.Combine(_folder, "no", "other"))).ToString());
        Assert.Equal($"{{'{_folder}/no/one': False}}", (await Received(MapValue.Of(("/far/one", "x")), Path.Combine(_folder, "no", "one"))).ToString());
        Assert.Equal("{}", (await Received(MapValue.Empty, _folder)).ToString());
    }

    [Fact]
    public async Task Pieces_become_a_file_with_its_permissions()
    {
        var file = Path.Combine(_folder, "new", "deep", "file");
        await _calls.Answer("cp.recv_chunked", file, Packed("first "), false, true, Convert.ToInt32("640", 8));
        await _calls.Answer("cp.recv_chunked", file, Convert.ToBase64String("second"u8), true, false, "0640");
        Assert.Equal("first second", File.ReadAllText(file));
        if (!OperatingSystem.IsWindows()) Assert.Equal("640", Convert.ToString((int)File.GetUnixFileMode(file), 8));
        await _calls.Answer("cp.recv_chunked", file, Packed("anew"));
        Assert.Equal("anew", File.ReadAllText(file));
    }

    [Fact]
    public async Task A_piece_that_is_null_makes_a_folder()
    {
        var folder = Path.Combine(_folder, "a", "b");
        Assert.Equal("True", (await _calls.Answer("cp.recv_chunked", folder, Value.Null)).ToString());
        Assert.Equal("True", (await _calls.Answer("cp.recv_chunked", folder, Value.Null)).ToString());
        Assert.True(Directory.Exists(folder));
        File.WriteAllText(Path.Combine(folder, "f"), "");
        Assert.Equal("Path exists and is a file", (await _calls.Answer("cp.recv_chunked", Path.Combine(folder, "f"), Value.Null)).ToString());
    }

    [Theory]
    [InlineData("no base64!")]
    [InlineData("bm90IGd6aXA=")]
    public async Task A_piece_that_is_broken_is_an_answer_with_a_code(string piece) =>
        Assert.Equal(1, (await _calls.Failure("cp.recv_chunked", MapValue.Empty, Path.Combine(_folder, "x"), piece)).Retcode);

    [Fact]
    public async Task A_folder_cannot_be_written_as_a_file() =>
        Assert.Equal(1, (await _calls.Failure("cp.recv_chunked", MapValue.Empty, _folder, Packed("x"))).Retcode);

    private Task<Value> Received(MapValue files, string destination) => _calls.Answer("cp.recv", MapValue.Empty, files, destination);

    private static string Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return Convert.ToBase64String(packed.ToArray());
    }
}
