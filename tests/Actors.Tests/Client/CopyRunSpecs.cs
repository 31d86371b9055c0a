using System.IO.Compression;
using System.Text;
using SaltActors.Client.Copies;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Client;

public sealed class CopyRunSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<JobRequest> _asked = [];
    private Func<int, Dictionary<string, Value>> _answers = _ => new() { ["m1"] = true };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whole_files_go_in_one_call()
    {
        _answers = _ => new() { ["m1"] = MapValue.Of(("/to", true)) };
        var results = await Run().WholeAsync([Written("a", "hällo"), "/no/such"], "/to");
        var asked = Assert.Single(_asked);
        Assert.Equal("cp.recv", asked.Function.ToString());
        Assert.Equal($"[{{'{_folder.Under("a")}': 'hällo'}}, {{'__kwarg__': True, 'dest': '/to'}}]", PythonText.Repr(asked.Arguments));
        Assert.Equal("{'m1': {'/to': True}}", results.ToString());
    }

    [Fact]
    public async Task A_folder_or_bytes_need_pieces()
    {
        Assert.Contains("--chunked", (await Assert.ThrowsAsync<CopyRefused>(() => Run().WholeAsync([_folder.Path], "/to"))).Message);
        File.WriteAllBytes(_folder.Under("bytes"), [0xff, 0xfe, 0x00]);
        Assert.Contains("--chunked", (await Assert.ThrowsAsync<CopyRefused>(() => Run().WholeAsync([_folder.Under("bytes")], "/to"))).Message);
    }

    [Theory]
    [InlineData("", "|")]
    [InlineData("abcd", "abcd|")]
    [InlineData("abcdef", "abcd|ef|")]
    [InlineData("abcdefgh", "abcd|efgh|")]
    public async Task A_file_goes_in_pieces_of_which_the_first_begins_it(string content, string pieces)
    {
        var results = await Run().ChunkedAsync(CopyPlan.Of([Written("a", content)], "/to"), 4, isCompressed: true);
        Assert.Equal(pieces, string.Concat(_asked.Select(r => Encoding.UTF8.GetString(Unpacked(Piece(r))) + "|")));
        Assert.Equal(_asked.Select((_, place) => place > 0), _asked.Select(r => Named(r, "append").IsTruthy));
        Assert.All(_asked, r => Assert.Equal(("cp.recv_chunked", "/to", true), (r.Function.ToString(), Named(r, "dest").ToString(), Named(r, "compressed").IsTruthy)));
        Assert.Equal("{'m1': {'/to': True}}", results.ToString());
    }

    [Fact]
    public async Task Without_compression_a_piece_is_the_content()
    {
        await Run().ChunkedAsync(CopyPlan.Of([Written("a", "abc")], "/to"), 4, isCompressed: false);
        Assert.Equal("abc", Encoding.UTF8.GetString(Convert.FromBase64String(Piece(Assert.Single(_asked)))));
    }

    [Fact]
    public async Task The_first_refusal_of_a_file_is_what_is_shown()
    {
        _answers = call => new() { ["m1"] = call == 1 ? "disk full" : true, ["m2"] = true };
        var results = await Run().ChunkedAsync(CopyPlan.Of([Written("a", "abcdef")], "/to"), 4, isCompressed: true);
        Assert.Equal("{'m1': {'/to': 'disk full'}, 'm2': {'/to': True}}", results.ToString());
    }

    [Fact]
    public async Task An_empty_folder_is_one_call_without_a_piece()
    {
        Directory.CreateDirectory(_folder.Under("empty"));
        await Run().ChunkedAsync(CopyPlan.Of([_folder.Under("empty")], "/to"), 4, isCompressed: true);
        Assert.Equal("[{'__kwarg__': True, 'dest': '/to/empty', 'chunk': None}]", PythonText.Repr(Assert.Single(_asked).Arguments));
    }

    [Fact]
    public async Task Nobody_is_asked_again_where_nobody_matched()
    {
        _answers = _ => [];
        Assert.Equal("{}", (await Run().ChunkedAsync(CopyPlan.Of([Written("a", "abcdef")], "/to"), 4, isCompressed: true)).ToString());
        Assert.Single(_asked);
    }

    private CopyRun Run() => new(new JobRequest { Function = "cp.recv", Target = "m*" }, request =>
    {
        _asked.Add(request);
        return Task.FromResult<IReadOnlyDictionary<string, Value>>(_answers(_asked.Count));
    });

    private string Written(string name, string content)
    {
        File.WriteAllText(_folder.Under(name), content);
        return _folder.Under(name);
    }

    // By name: a text that ends in =, as base64 does, would be a keyword at the other end.
    private static Value Named(JobRequest request, string argument) => Assert.IsType<MapValue>(Assert.Single(request.Arguments.Items)).Get(argument)!;

    private static string Piece(JobRequest request) => Named(request, "chunk").ToString();

    private static byte[] Unpacked(string piece)
    {
        using var plain = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(piece)), CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
