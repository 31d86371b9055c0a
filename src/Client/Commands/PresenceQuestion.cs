using System.Collections.Immutable;
using SaltActors.Core.Events;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;

namespace SaltActors.Client.Commands;

/// <summary>The question who is connected, while its answer is under way: the event may come before the reply that names it.</summary>
internal sealed class PresenceQuestion(ImmutableArray<MinionId> silent)
{
    private readonly List<SaltEvent> _heard = [];
    private string? _tag;

    internal ImmutableArray<MinionId> Silent { get; } = silent;

    /// <summary>The reply named the event to wait for; the connected ids where it has been heard already.</summary>
    internal ImmutableHashSet<string>? Answered(string tag)
    {
        _tag = tag;
        return _heard.Where(e => e.Tag == tag).Select(Read).FirstOrDefault();
    }

    /// <summary>An event of some runner; the connected ids where it is the one.</summary>
    internal ImmutableHashSet<string>? Heard(SaltEvent happened)
    {
        _heard.Add(happened);
        return happened.Tag == _tag ? Read(happened) : null;
    }

    private static ImmutableHashSet<string>? Read(SaltEvent happened) =>
        happened.Data.Get("return") is ListValue ids ? [.. ids.Items.Select(i => i.ToString())] : null;
}
