using SaltActors.Core.Values;

namespace SaltActors.Actors.Minion.Returns;

/// <summary>What the keeper of returns takes.</summary>
public static class ReturnsProtocol
{
    public interface IReturnsMessage;

    /// <summary>A job is done; its return must reach the master, however long that takes.</summary>
    public sealed record SendReturn(MapValue Load) : IReturnsMessage
    {
        /// <summary>The job's <c>ret</c>: returners that get it too, with commas between; empty for none but those of the configuration.</summary>
        public string Returners { get; init; } = "";
        /// <summary>False leaves out the returners of the configuration.</summary>
        public bool UsesConfiguredReturners { get; init; } = true;
        /// <summary>What the master gets; null where it gets nothing.</summary>
        public MapValue? ForMaster { get; init; } = Load;
        /// <summary>The minion's grains when the job began: returners may find their options in them.</summary>
        public MapValue Grains { get; init; } = MapValue.Empty;
        /// <summary>The minion's pillar when the job began.</summary>
        public MapValue Pillar { get; init; } = MapValue.Empty;
    }

    /// <summary>Answered by <see cref="NothingToSend"/> as soon as nothing is on its way: all is delivered, or the master does not answer.</summary>
    public sealed record TellWhenSent : IReturnsMessage;

    public sealed record NothingToSend;
}
