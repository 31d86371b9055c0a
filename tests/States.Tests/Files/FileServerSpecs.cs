using System.IO.Compression;
using System.Text;
using SaltActors.Core.Values;
using SaltActors.States.Files;

namespace SaltActors.States.Tests.Files;

/// <summary>What the file server gives out; the answers are those of a Salt 3006.18 master over the same tree.</summary>
public sealed class FileServerSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salt-files-").FullName;
    private readonly List<string> _warnings = [];

    public FileServerSpecs()
    {
        Put("base/a.txt", "base-a\n");
        Put("base/sub/b.txt", "sub\n");
        Put("base/sub/deep/c.txt", "deep\n");
        Put("base/.hidden/h", "hid\n");
        Put("base/skip.bak", "x");
        Put("base/sub/.svn", "x");
        Put("base/zero", "");
        Put("base/q?x=1", "q\n");
        Directory.CreateDirectory(Under("base/empty"));
        Put("base2/a.txt", "over\n");
        Put("base2/sub/only2.txt", "only2\n");
        Put("dev/a.txt", "dev\n");
        Put("any/qa/env.txt", "qa\n");
        Put("outside/o.txt", "out\n");
        Put("outside/dir/d.txt", "outd\n");
        Link("base/link.txt", "a.txt");
        Link("base/sublink", "sub");
        Link("base/dangling", "nowhere");
        Link("base/outlink.txt", "../outside/o.txt");
        Link("base/outdir", "../outside/dir");
        Link("base/sub/deep/round", "..");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Under(string name) => Path.Combine(_folder, name);
    private void Link(string name, string to) => File.CreateSymbolicLink(Under(name), to);
    private void Put(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Under(name))!);
        File.WriteAllText(Under(name), content);
    }

    private FileServer Server(params (string, Value)[] options) => FileServer.From(MapValue.Of(
        ("file_roots", MapValue.Of(("base", ListValue.Create([Under("base"), Under("base2")])), ("dev", ListValue.Create([Under("dev")])), ("__env__", ListValue.Create([Under("any/__env__")])))),
        ("file_ignore_glob", ListValue.Create(["*.bak"])), ("file_ignore_regex", ListValue.Create([@"/\.svn($|/)"])), ("file_buffer_size", 4)).Over(MapValue.Of(options)), _warnings.Add);

    private string? Read(string path, string environment = "base")
    {
        var (server, text) = (Server(), new StringBuilder());
        while (true)
        {
            var chunk = server.Chunk(environment, path, Encoding.UTF8.GetByteCount(text.ToString()), 0);
            if (chunk.Get("data") is not BytesValue data) return chunk.TextOf("dest") is { Length: > 0 } ? text.ToString() : null;
            text.Append(Encoding.UTF8.GetString(data.Bytes.Span));
        }
    }

    [Theory]
    [InlineData("a.txt", "base-a\n")]
    [InlineData("sub/b.txt", "sub\n")]
    [InlineData("sub/only2.txt", "only2\n")]
    [InlineData("link.txt", "base-a\n")]
    [InlineData("sublink/b.txt", "sub\n")]
    [InlineData("outlink.txt", "out\n")]     // a link that leads out is the tree owner's own wish
    [InlineData("outdir/d.txt", "outd\n")]
    [InlineData("./a.txt", "base-a\n")]
    [InlineData("sub//b.txt", "sub\n")]
    [InlineData(".hidden/h", "hid\n")]
    [InlineData("zero", "")]
    [InlineData("|q?x=1", "q\n")]
    [InlineData("a.txt?saltenv=dev", "dev\n")]
    public void Gives_files_by_their_name(string path, string content) => Assert.Equal(content, Read(path));

    // Security cases 1.1, CVE-2024-22232, and 2, R13.
    [Theory]
    [InlineData("../outside/o.txt")]
    [InlineData("sub/../../outside/o.txt")]
    [InlineData("sub/../a.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("|/etc/passwd")]
    [InlineData("|../outside/o.txt")]
    [InlineData("..%2foutside/o.txt")]
    [InlineData("a.txt\0.png")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("sub")]
    [InlineData("nope")]
    [InlineData("dangling")]
    [InlineData("skip.bak")]
    [InlineData("sub/.svn")]
    [InlineData("q?x=1")]
    [InlineData("o.txt?saltenv=../outside")]
    public void Gives_nothing_where_there_is_no_such_file_in_the_tree(string path)
    {
        Assert.Null(Read(path));
        Assert.Null(Server().Hash("base", path));
        Assert.Equal(FileServer.NotFound, Server().Describe("base", path));
    }

    [Theory]
    [InlineData("dev", "a.txt", "dev\n")]
    [InlineData("qa", "env.txt", "qa\n")]
    [InlineData("nosuch", "env.txt", null)]
    [InlineData("..", "o.txt", null)]
    [InlineData("../outside", "o.txt", null)]
    [InlineData("qa/../../outside", "o.txt", null)]
    [InlineData("", "a.txt", null)]
    public void Keeps_environments_apart(string environment, string path, string? content) => Assert.Equal(content, Read(path, environment));

    [Fact]
    public void Lists_what_it_gives()
    {
        var server = Server();
        Assert.Equal(["base", "dev", "__env__"], server.Environments().AsEnumerable());
        Assert.Equal([".hidden/h", "a.txt", "dangling", "link.txt", "outdir/d.txt", "outlink.txt", "q?x=1", "sub/b.txt", "sub/deep/c.txt", "sub/only2.txt", "sublink/b.txt", "sublink/deep/c.txt", "zero"],
            server.Files("base", "").Where(f => !f.Contains("round")));
        Assert.Equal(["sub/b.txt", "sub/deep/c.txt", "sub/only2.txt", "sublink/b.txt", "sublink/deep/c.txt"], server.Files("base", "sub").Where(f => !f.Contains("round")));
        Assert.Equal(["env.txt"], server.Files("qa", "").AsEnumerable());
        Assert.Empty(server.Files("nosuch", ""));
        Assert.Equal([".hidden", "empty", "outdir", "sub", "sub/deep", "sublink", "sublink/deep"], server.Folders("base", "").Where(f => !f.Contains("round")));
        Assert.Equal(["empty"], server.EmptyFolders("base", "").AsEnumerable());
        Assert.Equal(["dangling", "link.txt", "sub/deep/round", "sublink"], server.Links("base", "").Keys.Select(k => k.ToString()).Where(l => !l.StartsWith("sublink/")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tells_hash_and_status()
    {
        var described = Server().Describe("base", "a.txt");
        Assert.Equal(["path", "rel", "stat", "back"], described.Keys.Select(k => k.ToString()));
        Assert.Equal(7L, described.ListOf("stat")[6].AsInteger());
        Assert.Equal(10, described.ListOf("stat").Count);
        var server = Server();
        Assert.Equal("264050fd065aaf6e4dcce0580794bb2275cb23429e3fbc54b81309b1ea65aca5", server.Hash("base", "a.txt")!.TextOf("hsum"));
        File.WriteAllText(Under("base/a.txt"), "changed\n");
        Assert.NotEqual("264050fd065aaf6e4dcce0580794bb2275cb23429e3fbc54b81309b1ea65aca5", server.Hash("base", "a.txt")!.TextOf("hsum"));
        Assert.Equal("md5", Server(("hash_type", "md5")).Hash("base", "zero")!.TextOf("hash_type"));
    }

    [Fact]
    public void Packs_a_piece_where_that_is_wished()
    {
        var chunk = Server(("file_buffer_size", 1000)).Chunk("base", "a.txt", 0, 5);
        Assert.Equal(5L, chunk.Get("gzip")!.AsInteger());
        using var unpacked = new StreamReader(new GZipStream(new MemoryStream(((BytesValue)chunk.Get("data")!).Bytes.ToArray()), CompressionMode.Decompress));
        Assert.Equal("base-a\n", unpacked.ReadToEnd());
        Assert.Equal(MapValue.Of(("data", ""), ("dest", "a.txt")), Server().Chunk("base", "a.txt", 1000, 5));
        Assert.Equal(MapValue.Of(("data", ""), ("dest", "")), Server().Chunk("base", "a.txt", -1, 0));
    }

    [Fact]
    public void Says_what_the_configuration_asks_for_and_is_not_there()
    {
        Server(("fileserver_backend", ListValue.Create(["roots", "s3fs"])), ("file_ignore_regex", ListValue.Create(["("])));
        Assert.Collection(_warnings, w => Assert.Contains("'('", w), w => Assert.Contains("'s3fs'", w));
    }
}
