using SaltActors.Core.Functions;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary>The options <c>publisher_acl</c> and <c>publisher_acl_blacklist</c>: which of the machine's users may use <c>salt</c>, and what nobody may.</summary>
public sealed class PublisherAcl(MapValue allowed, MapValue blacklist)
{
    public bool IsEmpty => allowed.Count == 0;

    /// <summary>The first entry whose name is the user, or means it as a glob or a regular expression.</summary>
    public AccessRules RulesFor(string user)
    {
        foreach (var entry in allowed)
            if (Means(entry.Key.ToString(), user)) return AccessRules.Of(entry.Value);
        return AccessRules.None;
    }

    /// <summary>True where the user or one of the functions is forbidden, whatever else is allowed.</summary>
    public bool Forbids(string user, IEnumerable<CalledFunction> functions) =>
        blacklist.ListOf("users").Any(u => Begins(u.ToString(), user))
        || blacklist.ListOf("modules") is { Count: > 0 } modules && functions.Any(f => modules.Any(m => Begins(m.ToString(), f.Name)));

    public IEnumerable<string> Problems()
    {
        foreach (var entry in allowed)
            foreach (var problem in AccessRules.Of(entry.Value).Problems()) yield return $"publisher_acl: {entry.Key}: {problem}";
        foreach (var list in (string[])["users", "modules"])
            foreach (var item in blacklist.ListOf(list))
                if (PythonRegex.Compile(item.ToString(), out var problem) is null) yield return $"publisher_acl_blacklist: {list}: '{item}' is no regular expression: {problem}";
    }

    private static bool Means(string expression, string user) =>
        expression == user || NamePattern.Matches(expression, user) || Begins($"(?:{expression})\\Z", user);

    private static bool Begins(string expression, string text) => PythonRegex.Matches(PythonRegex.Compile(expression), text);
}
