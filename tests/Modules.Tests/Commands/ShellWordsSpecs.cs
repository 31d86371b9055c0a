using SaltActors.Core.Functions;
using SaltActors.Modules.Commands;

namespace SaltActors.Modules.Tests.Commands;

public sealed class ShellWordsSpecs
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  a  b\tc\n", "a|b|c")]
    [InlineData("'a b' \"c d\"", "a b|c d")]
    [InlineData("a'b'\"c\"", "abc")]
    [InlineData("''", "")]
    [InlineData(@"a\ b \'", "a b|'")]
    [InlineData(@"""a\""b\n""", @"a""b\n")]
    [InlineData(@"'a\b'", @"a\b")]
    public void Splits_as_a_shell_does(string command, string expected)
    {
        var words = ShellWords.Split(command);
        Assert.Equal(command.Trim().Length == 0 ? 0 : expected.Split('|').Length, words.Length);
        Assert.Equal(expected, string.Join('|', words));
    }

    [Theory]
    [InlineData("'a")]
    [InlineData("\"a")]
    [InlineData("a\\")]
    public void Refuses_what_is_not_closed(string command) => Assert.Throws<CommandFailed>(() => ShellWords.Split(command));

    [Theory]
    [InlineData("plain-1.0/x")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("it's")]
    [InlineData("$HOME;`x`")]
    public void Quotes_so_that_splitting_gives_the_word_back(string word) => Assert.Equal(word, Assert.Single(ShellWords.Split(ShellWords.Quote(word))));
}
