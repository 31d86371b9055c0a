using System.Text.Json;
using SaltActors.Core.Functions;
using SaltActors.Core.Identity;
using SaltActors.Core.Targets;
using SaltActors.Core.Values;
using SaltActors.Golden;

namespace SaltActors.Core.Tests.Targets;

/// <summary>Patterns, networks and addresses, against what Python made of the same text (<c>python.json</c>).</summary>
public sealed class PythonDialectSpecs
{
    private static readonly JsonElement Python = JsonDocument.Parse(File.ReadAllBytes(GoldenData.PathOf("../Core.Tests/Targets/python.json"))).RootElement;
    private static readonly string[] Tried = Texts(Python.GetProperty("texts"));

    [Fact]
    public void Regular_expressions_match_what_they_match_in_Python() => Compare("regex", row =>
    {
        var pattern = row.GetProperty("pattern").GetString()!;
        var regex = PythonRegex.Compile(pattern, out var problem);
        var expected = row.GetProperty("matches");
        if (expected.ValueKind == JsonValueKind.Null) return regex is null ? "" : $"{pattern}: Python refuses it";
        if (regex is null) return $"{pattern}: refused, {problem}";
        var wrong = Tried.Where(t => PythonRegex.Matches(regex, t)).ToHashSet();
        wrong.SymmetricExceptWith(Texts(expected));
        return wrong.Count == 0 ? "" : $"{pattern} (here {regex}) differs on: {string.Join(", ", wrong.Select(t => PythonText.Repr(t)))}";
    });

    [Fact]
    public void Shell_patterns_match_what_they_match_in_Python() => Compare("glob", row =>
    {
        var pattern = row.GetProperty("pattern").GetString()!;
        var wrong = Tried.Where(t => !t.Any(char.IsSurrogate) && NamePattern.Matches(pattern, t)).ToHashSet();
        wrong.SymmetricExceptWith(Texts(row.GetProperty("matches")));
        return wrong.Count == 0 ? "" : $"{pattern} differs on: {string.Join(", ", wrong.Select(t => PythonText.Repr(t)))}";
    });

    [Fact]
    public void Addresses_and_networks_are_read_as_Python_reads_them() => Compare("address", row =>
    {
        var text = row.GetProperty("text").GetString()!;
        var pattern = AddressPattern.Parse(text);
        if (row.TryGetProperty("address", out var address))
            return pattern.Version != 0 && Has(pattern, address.GetString()!) ? "" : $"{text}: should be the address {address}";
        if (!row.TryGetProperty("network", out var network)) return pattern.Version == 0 ? "" : $"{text}: should be neither an address nor a network";
        var holds = Texts(row.GetProperty("holds"));
        string[] tried = ["10.0.0.11", "10.0.1.1", "255.255.255.255", "0.0.0.0", "10.0.0.1", "::1", "::", "fe80::a", "2001:db8::12", "192.168.1.1", "::ffff:102:304"];
        return tried.All(t => Has(pattern, t) == holds.Contains(t)) ? "" : $"{text}: should be the network {network}, with {string.Join(", ", holds)}";
    });

    [Fact]
    public void A_pattern_that_explodes_is_given_up()
    {
        var regex = PythonRegex.Compile("(a|aa)+$");
        Assert.NotNull(regex);
        Assert.False(PythonRegex.Matches(regex, new string('a', 60) + "b"));
    }

    [Fact]
    public void The_same_pattern_is_compiled_once() => Assert.Same(PythonRegex.Compile("web[0-9]+"), PythonRegex.Compile("web[0-9]+"));

    [Fact]
    public void A_refused_pattern_says_where_and_why()
    {
        Assert.Null(PythonRegex.Compile("web(1", out var problem));
        Assert.Equal("'web(1', at 5: a group is not closed", problem);
    }

    private static bool Has(AddressPattern pattern, string own) => MinionMatcher.Matches(
        new Target.Subnet(pattern),
        new MinionFacts(MinionId.Parse("m"), MapValue.Of((own.Contains(':') ? "ipv6" : "ipv4", ListValue.OfTexts([own]))), MapValue.Empty));

    private static void Compare(string table, Func<JsonElement, string> check)
    {
        string[] wrong = [.. Python.GetProperty(table).EnumerateArray().Select(check).Where(problem => problem.Length > 0)];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(t => t.GetString()!)];
}
