using System.Collections.Immutable;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;
using SaltActors.Core.Values;

namespace SaltActors.Client.Commands;

/// <summary>What a running command tells the one who asked for it, in order.</summary>
public abstract record CommandUpdate
{
    /// <summary>The master took the job.</summary>
    /// <param name="Missing">Ids of a list target without an accepted key.</param>
    public sealed record Published(Jid Jid, ImmutableArray<MinionId> Minions, ImmutableArray<string> Missing) : CommandUpdate;

    /// <summary>One minion answered.</summary>
    public sealed record Returned(MinionReturn Return) : CommandUpdate;

    /// <summary>These are still at it; nobody has given them up.</summary>
    public sealed record StillRunning(ImmutableArray<MinionId> Minions) : CommandUpdate;

    /// <summary>A minion gave no answer and will not be waited for.</summary>
    public sealed record Silent(string Id, SilenceReason Reason) : CommandUpdate;

    /// <summary>The target matched nobody: no job was sent.</summary>
    public sealed record NobodyMatched(ImmutableArray<string> Missing) : CommandUpdate;

    /// <summary>The master said no. Salt's name of the error, and its text.</summary>
    public sealed record Refused(string Name, string Message) : CommandUpdate;

    /// <summary>The command cannot go on; the text is for a person.</summary>
    public sealed record Broken(string Message) : CommandUpdate;
}

/// <summary>Why a minion was silent.</summary>
public enum SilenceReason
{
    /// <summary>It holds no connection to the master.</summary>
    NotConnected,
    /// <summary>It is connected, and does not say that it runs the job.</summary>
    NoResponse,
    /// <summary>There is no accepted key of that name.</summary>
    NoKey,
}

/// <summary>How long a command waits, in Salt's terms.</summary>
/// <param name="Timeout">Silence after which the outstanding minions are asked what they do (<c>-t</c>).</param>
/// <param name="GatherTimeout">How long their answer may take (<c>gather_job_timeout</c>).</param>
/// <param name="SyndicWait">Added where there are syndics (<c>order_masters</c>), else zero.</param>
public sealed record CommandPatience(TimeSpan Timeout, TimeSpan GatherTimeout, TimeSpan SyndicWait)
{
    /// <summary>There are masters below, who must know how long is waited.</summary>
    public bool HasSyndics => SyndicWait > TimeSpan.Zero;
}

/// <summary>The fields of a publish besides the job itself.</summary>
public static class PublishLoad
{
    /// <summary>A clear <c>publish</c> load, fields in Salt's order; the link adds key and user.</summary>
    /// <param name="isForSyndics">Masters below get to know how long is waited (<c>to</c>).</param>
    public static MapValue Of(JobRequest request, Jid? jid, TimeSpan timeout, MapValue kwargs, bool isForSyndics = false)
    {
        var load = MapValue.Of(
            ("cmd", "publish"),
            ("tgt", request.Target),
            ("fun", request.Function),
            ("arg", request.Arguments),
            ("tgt_type", request.TargetType),
            ("ret", request.Returners),
            ("timeout", (long)timeout.TotalSeconds),
            ("jid", jid?.Text ?? ""),
            ("kwargs", Kwargs(request, kwargs)));
        return isForSyndics ? load.With("to", (long)timeout.TotalSeconds) : load;
    }

    private static MapValue Kwargs(JobRequest request, MapValue kwargs) =>
        MapValue.Of(("delimiter", request.Delimiter)).Over(kwargs).Over(request.Extras);
}
