using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Commands;

/// <summary>Reads the option <c>env</c> in each of its shapes.</summary>
internal static class CommandEnvironment
{
    /// <exception cref="CommandFailed">It has none of the shapes; values are never shown.</exception>
    public static IEnumerable<(string Name, string Value)> Parse(Value? env) => env switch
    {
        null or NullValue => [],
        MapValue map => [.. map.Select(Variable)],
        ListValue list => [.. list.Items.SelectMany(Parse)],
        TextValue text => [.. text.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Line)],
        _ => throw new CommandFailed($"env: expected a map, a list of maps or lines NAME=value, found {env.KindName}"),
    };

    // A variable without a value is an empty one.
    private static (string, string) Variable(KeyValuePair<Value, Value> variable) =>
        (Checked(variable.Key.ToString()), variable.Value.IsNull ? "" : variable.Value.ToString());

    private static (string, string) Line(string line)
    {
        var at = line.IndexOf('=');
        return at > 0 ? (Checked(line[..at].Trim()), line[(at + 1)..]) : throw new CommandFailed("env: expected lines NAME=value, found one without '='");
    }

    private static string Checked(string name) =>
        name.Length > 0 && !name.Contains('=') && !name.Contains('\0') ? name : throw new CommandFailed($"env: '{name}' is no name of a variable");
}
