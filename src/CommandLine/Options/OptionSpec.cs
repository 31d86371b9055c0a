using System.Collections.Immutable;
using SaltActors.Core.Values;

namespace SaltActors.CommandLine.Options;

internal enum OptionAction { Store, SetTrue, SetFalse, Append, Help, Version }
internal enum OptionType { Text, Integer, Number, Choice }

/// <summary>One option of one program.</summary>
/// <param name="Dest">The name under which its value is known, which is also its name in a configuration or Saltfile.</param>
/// <param name="Default">Null (C#'s) where it has none.</param>
internal sealed record OptionSpec(
    ImmutableArray<string> Short, ImmutableArray<string> Long, string Dest, OptionAction Action, OptionType Type,
    ImmutableArray<string> Choices, Value? Default, string? Group, string? Metavar, string Help)
{
    public bool TakesValue => Action is OptionAction.Store or OptionAction.Append;
}

/// <summary>A program's options and how it is called.</summary>
internal sealed record OptionTable(string Program, string Usage, ImmutableArray<OptionSpec> Options)
{
    public string UsageLine => $"Usage: {Usage.Replace("%prog", Program, StringComparison.Ordinal)}\n";
}
