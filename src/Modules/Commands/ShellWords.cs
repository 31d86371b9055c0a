using System.Collections.Immutable;
using System.Text;
using SaltActors.Core.Functions;

namespace SaltActors.Modules.Commands;

/// <summary>Splits a command into words, and quotes words, as a POSIX shell does.</summary>
internal static class ShellWords
{
    /// <exception cref="CommandFailed">A quote is not closed, or a backslash stands at the end.</exception>
    public static ImmutableArray<string> Split(string command)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var (isInWord, quote) = (false, '\0');
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            if (quote == '\'')
            {
                if (c == '\'') quote = '\0';
                else word.Append(c);
            }
            else if (c == '\\')
            {
                if (++i == command.Length) throw new CommandFailed("The command cannot be split into words: No escaped character");
                // Inside double quotes a backslash means itself but before a quote or a backslash.
                if (quote == '"' && command[i] is not ('"' or '\\')) word.Append('\\');
                word.Append(command[i]);
                isInWord = true;
            }
            else if (quote == '"')
            {
                if (c == '"') quote = '\0';
                else word.Append(c);
            }
            else if (c is '\'' or '"') (quote, isInWord) = (c, true);
            else if (c is ' ' or '\t' or '\r' or '\n')
            {
                if (isInWord) words.Add(word.ToString());
                word.Clear();
                isInWord = false;
            }
            else
            {
                word.Append(c);
                isInWord = true;
            }
        }
        if (quote != '\0') throw new CommandFailed("The command cannot be split into words: No closing quotation");
        if (isInWord) words.Add(word.ToString());
        return words.ToImmutable();
    }

    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "@%_-+=:,./".Contains(c))
            ? word
            : "'" + word.Replace("'", "'\"'\"'", StringComparison.Ordinal) + "'";
}
