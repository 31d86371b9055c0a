namespace SaltActors.Actors.Minion.Doctor;

/// <summary>How a link of the chain was found.</summary>
public enum Health
{
    Good,
    /// <summary>It works, and somebody should know this about it.</summary>
    Weak,
    /// <summary>It is broken; the text says what to do.</summary>
    Broken,
    /// <summary>It could not be looked at, because a link before it is broken.</summary>
    Unseen,
}

/// <summary>One link between the minion and a master, and how it was found.</summary>
/// <param name="Link"><c>disk</c>, <c>name</c>, <c>port</c>, <c>keys</c>, <c>sign-in</c>, <c>protocol</c>, <c>clock</c>, <c>publish port</c>.</param>
/// <param name="Text">A sentence for people: what was found, and where it is broken, what to do.</param>
public sealed record Finding(string Link, Health Health, string Text);
