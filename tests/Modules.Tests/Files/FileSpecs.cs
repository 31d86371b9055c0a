using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Files;

public sealed class FileSpecs : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Calls _calls = new();

    public void Dispose() => _folder.Dispose();

    private string At(string name) => Path.Join(_folder.Path, name);

    [Fact]
    public async Task Writes_appends_and_prepends_lines()
    {
        var file = At("w");
        Assert.Equal($"Wrote 3 lines to \"{file}\"", await _calls.Answer("file.write", file, "a", "b", "c"));
        Assert.Equal($"Wrote 1 lines to \"{file}\"", await _calls.Answer("file.append", file, "d"));
        Assert.Equal($"Prepended 1 lines to \"{file}\"", await _calls.Answer("file.prepend", file, "z"));
        Assert.Equal("z\na\nb\nc\nd\n", await _calls.Answer("file.read", file));
        Assert.Equal(true, await _calls.Answer("file.contains", file, " b "));
        Assert.Equal(true, await _calls.Answer("file.contains_regex", file, "^c"));
        Assert.Equal(true, await _calls.Answer("file.contains_glob", file, "*c*"));
        Assert.Equal("0600", await _calls.Answer("file.set_mode", file, 600));
    }

    [Fact]
    public async Task Gives_a_last_line_its_end_before_it_appends()
    {
        var file = _folder.File("w", "a");
        await _calls.Answer("file.append", file, "b");
        Assert.Equal("a\nb\n", File.ReadAllText(file));
    }

    [Fact]
    public async Task Makes_links_copies_moves_and_removes()
    {
        var file = _folder.File("a", "x");
        Assert.Equal(true, await _calls.Answer("file.symlink", file, At("l")));
        Assert.Equal(file, await _calls.Answer("file.readlink", At("l")));
        Assert.Equal(true, await _calls.Answer("file.is_link", At("l")));
        Assert.Equal(true, await _calls.Answer("file.link", file, At("h")));
        Assert.Equal(true, await _calls.Answer("file.is_hardlink", At("h")));
        Assert.Equal(true, await _calls.Answer("file.copy", file, At("c")));
        Assert.Equal(true, await _calls.Answer("file.rename", At("c"), At("d")));
        Assert.Equal(true, await _calls.Answer("file.mkdir", At("x/y")));
        Assert.Equal(true, await _calls.Answer("file.directory_exists", At("x/y")));
        Assert.Equal(Value.Null, await _calls.Answer("file.makedirs", At("m/n/")));
        Assert.Equal($"Directory '{At("m/n")}' already exists", await _calls.Answer("file.makedirs", At("m/n/")));
        Assert.Equal(false, await _calls.Answer("file.rmdir", At("x")));
        Assert.Equal(true, await _calls.Answer("file.rmdir", Calls.With(("recurse", true)), At("x")));
        Assert.Equal(true, await _calls.Answer("file.remove", At("d")));
        Assert.Equal(false, await _calls.Answer("file.remove", At("d")));
    }

    [Fact]
    public async Task Describes_a_file()
    {
        var file = _folder.File("a", "hello");
        var stats = (MapValue)await _calls.Answer("file.stats", file);
        Assert.Equal("inode uid gid group user atime mtime ctime size mode type target", string.Join(' ', stats.Keys));
        Assert.Equal(("file", 5L), (stats.TextOf("type"), stats.Get("size")?.AsInteger()));
        Assert.Equal("5d41402abc4b2a76b9719d911017c592", await _calls.Answer("file.get_hash", file, "md5"));
        Assert.Equal(true, await _calls.Answer("file.check_hash", file, "md5=5d41402abc4b2a76b9719d911017c592"));
        Assert.Equal("File not found", await _calls.Answer("file.get_sum", At("none")));
        Assert.Equal("ERROR: Path not found: " + At("none"), (await _calls.Failure("file.stats", MapValue.Empty, At("none"))).Text);
        Assert.Equal(5, await _calls.Answer("file.diskusage", file));
        Assert.Equal(true, await _calls.Answer("file.path_exists_glob", At("*")));
    }

    [Theory]
    [InlineData("file.basename", "/d/f.ext", "f.ext")]
    [InlineData("file.dirname", "/d/f.ext", "/d")]
    [InlineData("file.dirname", "/f", "/")]
    [InlineData("file.normpath", "/d/../x//./y", "/x/y")]
    [InlineData("file.normpath", "", ".")]
    public async Task Splits_paths_as_Python_does(string function, string path, string expected) =>
        Assert.Equal(expected, await _calls.Answer(function, path));

    [Fact]
    public async Task Joins_parts_below_the_first() =>
        Assert.Equal("/usr/local/bin", await _calls.Answer("file.join", "/", "usr", "/local", "bin"));
}
