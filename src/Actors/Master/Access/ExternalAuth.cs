using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary>The option <c>external_auth</c>: who may do what, by the backend that vouches for them.</summary>
/// <remarks>backend → user | <c>*</c> | <c>group%</c> → rules. Names that begin with <c>^</c> are options of the backend.</remarks>
public sealed class ExternalAuth(MapValue option)
{
    public bool IsEmpty => option.Count == 0;

    public IEnumerable<string> Backends => option.Keys.Select(k => k.ToString());

    /// <summary>The backend's own options, without their mark.</summary>
    public MapValue OptionsOf(string backend) =>
        MapValue.From(option.MapOf(backend).Where(e => e.Key.ToString() is ['^', ..]).Select(e => KeyValuePair.Create(e.Key.ToString()[1..], e.Value)));

    /// <summary>The rules for one user: those of the name (of <c>*</c> where it has none), and those of each group.</summary>
    /// <param name="isPermissive"><c>permissive_acl</c>: those of <c>*</c> count for everyone.</param>
    public AccessRules RulesFor(string backend, string user, ImmutableArray<string> groups, bool isPermissive)
    {
        if (option.Get(backend) is not MapValue users) return AccessRules.None;
        var rules = AccessRules.None;
        var isNamed = !user.StartsWith('^') && users.Has(user);
        if (isNamed) rules = AccessRules.Of(users.Get(user));
        if ((!isNamed || isPermissive) && users.Get("*") is { } everyone) rules = rules.And(AccessRules.Of(everyone));
        foreach (var group in groups)
            if (users.Get(group + "%") is { } granted) rules = rules.And(AccessRules.Of(granted));
        return rules;
    }

    /// <summary>The groups that any rule of a backend speaks of.</summary>
    public ImmutableArray<string> GroupsOf(string backend) =>
        [.. option.MapOf(backend).Keys.Select(k => k.ToString()).Where(k => k.EndsWith('%') && !k.StartsWith('^')).Select(k => k[..^1])];

    /// <summary>What can never allow anything, for warnings when the master starts.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (backend, users) in option.Select(e => (e.Key.ToString(), e.Value)))
        {
            if (users is not MapValue map)
            {
                yield return $"external_auth: {backend}: a map of users was expected, found a {users.KindName}";
                continue;
            }
            foreach (var (user, rules) in map.Select(e => (e.Key.ToString(), e.Value)).Where(e => !e.Item1.StartsWith('^')))
                foreach (var problem in AccessRules.Of(rules).Problems()) yield return $"external_auth: {backend}: {user}: {problem}";
        }
    }
}
