using System.Text;
using SaltActors.Core.Events;
using SaltActors.Core.Returners;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Returners.Stores;

/// <summary><c>rawfile_json</c>: one line of JSON for each return or event, at the end of a file.</summary>
/// <remarks>Option <c>rawfile_json.filename</c>, <c>/var/log/salt/events</c>. Follows Salt 3006, salt/returners/rawfile_json.py.</remarks>
internal sealed class RawFileReturner : IReturner
{
    private static readonly UTF8Encoding Utf8 = new(false);

    public string Name => "rawfile_json";
    public ReturnerAbilities Abilities => ReturnerAbilities.Return | ReturnerAbilities.EventReturn;

    public Task ReturnAsync(ReturnerContext context, IReadOnlyList<MapValue> returns, CancellationToken stop) =>
        AppendAsync(context, returns.Select(StoredText.Of), stop);

    public Task EventReturnAsync(ReturnerContext context, IReadOnlyList<SaltEvent> events, CancellationToken stop) =>
        AppendAsync(context, events.Select(e => StoredText.Of(StoredText.Of(e))), stop);

    private static async Task AppendAsync(ReturnerContext context, IEnumerable<string> lines, CancellationToken stop)
    {
        var path = new ReturnerOptions(context, "rawfile_json").Text("filename", "/var/log/salt/events");
        var text = new StringBuilder();
        foreach (var line in lines) text.Append(line).Append('\n');
        try
        {
            // One write at the end of the file: lines of several writers do not mix.
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
            await file.WriteAsync(Utf8.GetBytes(text.ToString()), stop).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ReturnerFailed($"the returner 'rawfile_json' cannot write to {path} (rawfile_json.filename): {cause.Message}", cause: cause);
        }
    }
}
