using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Hyperion;
using SaltActors.Actors.Master.Keys;
using SaltActors.Core.Identity;
using SaltActors.Core.Jobs;

namespace SaltActors.Actors.Master.Cluster;

/// <summary>The types that may stand in a message between nodes, by name.</summary>
public sealed partial class ClosedTypeList : ITypeFilter
{
    private static readonly Type[] PartTypes =
    [
        typeof(string), typeof(int), typeof(long), typeof(bool), typeof(double), typeof(byte[]), typeof(DateTimeOffset), typeof(TimeSpan),
        typeof(string[]), typeof(Jid), typeof(MinionId), typeof(Jid?), typeof(ImmutableArray<MinionId>), typeof(MinionId[]), typeof(ImmutableArray<string>),
        typeof(JobRequest), typeof(MinionReturn), typeof(SignInVerdict), typeof(ClosedHyperionSerializer.PackedValue),
    ];

    // After the parts: static fields are set in the order in which they stand.
    public static readonly ClosedTypeList Default = new(MessageTypes().Concat(PartTypes));

    private readonly FrozenSet<string> _names;

    public ClosedTypeList(IEnumerable<Type> types) => _names = types.Select(t => Normalise(t.AssemblyQualifiedName!)).ToFrozenSet();

    /// <summary>Every message of this assembly that is marked to cross nodes.</summary>
    public static IEnumerable<Type> MessageTypes() =>
        typeof(ClosedTypeList).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && typeof(ICrossesNodes).IsAssignableFrom(t));

    public bool IsAllowed(string typeName) => _names.Contains(Normalise(typeName));

    private static string Normalise(string name) => Version().Replace(name, "").Replace(",%core%", "", StringComparison.Ordinal);

    [GeneratedRegex(@", (Version|Culture|PublicKeyToken)=[^,\]]*|, System\.Private\.CoreLib")]
    private static partial Regex Version();
}
