using System.Globalization;
using System.Text;
using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Files.Managed;
using SaltActors.Rendering.Json;

namespace SaltActors.Modules.Highstates;

/// <summary>What somebody asked of a run while it goes on: to wait before a state, or to end. A file per jid below the cache, so that any process of the machine may ask.</summary>
internal sealed class StatePauses(string cacheDir, string jid)
{
    public const string All = "__all__";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private readonly string _file = Path.Combine(cacheDir, "state_pause", jid);

    /// <summary>State id → <c>duration</c> (seconds) or <c>kill</c>.</summary>
    public MapValue Read()
    {
        try
        {
            return File.Exists(_file) ? JsonText.Read(File.ReadAllText(_file)) as MapValue ?? MapValue.Empty : MapValue.Empty;
        }
        catch (Exception broken) when (broken is IOException or JsonRefused)
        {
            return MapValue.Empty;   // written this very moment
        }
    }

    public void Write(MapValue pauses)
    {
        if (pauses.Count == 0)
        {
            Forget();
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        FileReplacement.Write(_file, Encoding.UTF8.GetBytes(JsonText.Write(pauses)), 0x180u);
    }

    /// <summary>Waits while the state, or all, are paused. False where the run is to end.</summary>
    public async Task<bool> PassAsync(string stateId, TimeProvider clock, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        while (File.Exists(_file))
        {
            var pauses = Read();
            var key = pauses.Has(stateId) ? stateId : pauses.Has(All) ? All : null;
            if (key is null || pauses.Get(key) is not MapValue pause) return true;
            if (pause.Get("kill") is { IsTruthy: true }) return false;
            if (pause.Get("duration") is { IsNull: false } seconds && clock.GetElapsedTime(began).TotalSeconds >= double.Parse(seconds.ToString(), CultureInfo.InvariantCulture))
            {
                Write(pauses.Without(key));
                return true;
            }
            await Task.Delay(LookAgain, clock, stop).ConfigureAwait(false);
        }
        return true;
    }

    public void Forget()
    {
        if (File.Exists(_file)) File.Delete(_file);
    }

    public static StatePauses? Of(CallContext context, string? jid) => jid is { Length: > 0 } && context.Options.TextOf("cachedir") is { Length: > 0 } cache ? new(cache, jid) : null;
}
