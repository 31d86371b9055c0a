using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.States.Run;

/// <summary><c>retry</c>: a state is called again until its result is what is wanted, or the attempts are used up.</summary>
/// <remarks>Follows Salt 3006, salt/state.py, call() and verify_retry_data().</remarks>
internal static class Retries
{
    private const long Attempts = 2, Interval = 30;

    public static async Task<MapValue> RunAsync(Value retry, MapValue result, Func<Task<MapValue>> again, bool isTest, CallContext call, Func<int> numbers)
    {
        var settings = retry as MapValue ?? MapValue.Empty;
        var attempts = settings.Get("attempts")?.AsInteger() ?? Attempts;
        var until = settings.Get("until") ?? true;
        var interval = settings.Get("interval")?.AsInteger() ?? Interval;
        var splay = settings.Get("splay")?.AsInteger() ?? 0;
        if (isTest)
            return result.With("comment", string.Join('\n', new[] { result.Get("comment")?.ToString(), $"The state would be retried every {interval} seconds (with a splay of up to {splay} seconds) a maximum of {attempts} times or until a result of {until} is returned" }.Where(c => !string.IsNullOrEmpty(c))));
        var told = new List<string>();
        for (var attempt = 1; attempt < attempts && !(result.Get("result") ?? Value.Null).Equals(until); attempt++)
        {
            told.Add($"Attempt {attempt}: Returned a result of \"{result.Get("result")}\", with the following comment: \"{result.Get("comment")}\"");
            numbers();
            var wait = interval + (splay > 0 ? Random.Shared.NextInt64(0, splay + 1) : 0);
            await Task.Delay(TimeSpan.FromSeconds(wait), call.Clock, call.Stopped).ConfigureAwait(false);
            result = await again().ConfigureAwait(false);
        }
        return told.Count == 0 ? result : result.With("comment", string.Join('\n', told.Append(result.Get("comment")?.ToString())));
    }
}
