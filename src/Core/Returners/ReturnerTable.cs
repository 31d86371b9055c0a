using System.Collections.Frozen;
using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Core.Returners;

/// <summary>The returners of a program, by name.</summary>
public sealed class ReturnerTable
{
    /// <summary>The returner that stands for the list in the option of the same name.</summary>
    public const string Multi = "multi_returner";

    /// <summary>The master's own job cache, which needs no returner.</summary>
    public const string LocalCache = "local_cache";

    public static readonly ReturnerTable Empty = new([]);
    private readonly FrozenDictionary<string, IReturner> _returners;

    /// <exception cref="ArgumentException">Two returners have the same name.</exception>
    public ReturnerTable(IEnumerable<IReturner> returners) => _returners = returners.ToFrozenDictionary(r => r.Name);

    public IEnumerable<string> Names => _returners.Keys.Order(StringComparer.Ordinal);

    public IReturner? Find(string name) => _returners.GetValueOrDefault(name);

    /// <summary>This table with another returner in it.</summary>
    public ReturnerTable With(IReturner returner) => new(_returners.Values.Where(r => r.Name != returner.Name).Append(returner));

    /// <summary>What a person reads where a returner does not exist.</summary>
    public string UnknownText(string name) => _returners.Count == 0
        ? $"there is no returner '{name}' here"
        : $"there is no returner '{name}' here; there are {string.Join(", ", Names)}";

    /// <summary>
    /// The names in a comma list or a list of texts, each once, in their order; <see cref="Multi"/> becomes the names that its option lists,
    /// so that each of them is tried, and tried again, alone.
    /// </summary>
    /// <param name="multi">The value of the option <c>multi_returner</c>.</param>
    public static ImmutableArray<string> NamesIn(Value? list, Value? multi)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var name in Split(list))
            if (name != Multi) Add(name);
            else
                foreach (var inner in Split(multi))
                    if (inner != Multi) Add(inner);
        return names.ToImmutable();

        void Add(string name)
        {
            if (!names.Contains(name)) names.Add(name);
        }
    }

    private static IEnumerable<string> Split(Value? list) => list switch
    {
        TextValue text => text.Text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ListValue several => several.Items.SelectMany(Split),
        _ => [],
    };
}
