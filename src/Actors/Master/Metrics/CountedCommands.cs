using System.Diagnostics;
using SaltActors.Actors.Master.Requests;
using SaltActors.Transport.Envelope;

namespace SaltActors.Actors.Master.Metrics;

/// <summary>A command around which it is counted how often it comes and how long its answer takes.</summary>
public sealed class CountedClearCommand(IClearCommand inner, MasterMeter meter) : IClearCommand
{
    public string Name => inner.Name;

    public async Task<byte[]> AnswerAsync(ClearRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await inner.AnswerAsync(request).ConfigureAwait(false);
        }
        finally
        {
            meter.Answered(Name, started);
        }
    }
}

/// <inheritdoc cref="CountedClearCommand"/>
public sealed class CountedSealedCommand(ISealedCommand inner, MasterMeter meter) : ISealedCommand
{
    public string Name => inner.Name;
    public bool NeedsIdentity => inner.NeedsIdentity;

    public async Task<byte[]> AnswerAsync(SealedRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await inner.AnswerAsync(request).ConfigureAwait(false);
        }
        finally
        {
            meter.Answered(Name, started);
        }
    }
}
