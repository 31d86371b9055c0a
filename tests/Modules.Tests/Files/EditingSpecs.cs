using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Files;

/// <summary>Answers and files as Salt 3006.0 gave them for the same calls.</summary>
public sealed class EditingSpecs : IDisposable
{
    private const string Text = "alpha\n#beta\n# gamma\n  delta = 1\nomega\n";
    private readonly TestFolder _folder = new();
    private readonly Calls _calls = new();
    private readonly string _file;

    public EditingSpecs() => _file = _folder.File("f", Text);
    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Comments_lines_and_says_only_these()
    {
        Assert.Equal("--- \n+++ \n@@ -1 +1 @@\n-alpha\n+#alpha\n", await _calls.Answer("file.comment", _file, "^alpha"));
        Assert.Equal("--- \n+++ \n@@ -1 +1 @@\n-#beta\n+beta\n", await _calls.Answer("file.uncomment", _file, "beta"));
        Assert.Equal("--- \n+++ \n@@ -1 +1 @@\n-# gamma\n+ gamma\n", await _calls.Answer("file.uncomment", _file, "gamma"));
        Assert.Equal(false, await _calls.Answer("file.comment_line", _file, "nothere"));
        Assert.Equal("#alpha\nbeta\n gamma\n  delta = 1\nomega\n", File.ReadAllText(_file));
        Assert.True(File.Exists(_file + ".bak"));
    }

    [Fact]
    public async Task Replaces_with_groups_and_appends_what_is_not_found()
    {
        Assert.Equal("--- \n+++ \n@@ -1,4 +1,4 @@\n-alpha\n+XalalY\n #beta\n # gamma\n   delta = 1\n",
            await _calls.Answer("file.replace", _file, "^(al)pha$", @"X\1\g<1>Y"));
        Assert.Equal("--- \n+++ \n@@ -3,3 +3,4 @@\n # gamma\n   delta = 1\n omega\n+new\n",
            await _calls.Answer("file.replace", Calls.With(("append_if_not_found", true)), _file, "zzz", "new"));
        Assert.Equal("--- \n+++ \n@@ -1,3 +1,4 @@\n+new2\n XalalY\n #beta\n # gamma\n",
            await _calls.Answer("file.replace", Calls.With(("prepend_if_not_found", true), ("dry_run", true)), _file, "zzz", "new2"));
        Assert.Equal("", await _calls.Answer("file.replace", _file, "nope", "x"));
        Assert.Equal(true, await _calls.Answer("file.replace", Calls.With(("search_only", true)), _file, "omega", "x"));
        Assert.Contains("File not found: ", (await _calls.Failure("file.replace", MapValue.Empty, _file + "x", "a", "b")).Text, StringComparison.Ordinal);
        Assert.Equal("XalalY\n#beta\n# gamma\n  delta = 1\nomega\nnew\n", File.ReadAllText(_file));
    }

    [Fact]
    public async Task Keeps_a_block_between_marks()
    {
        Assert.Equal("--- \n+++ \n@@ -3,3 +3,6 @@\n # gamma\n   delta = 1\n omega\n+#-- start\n+one\n+two#-- end\n",
            await _calls.Answer("file.blockreplace", Calls.With(("append_if_not_found", true)), _file, "#-- start", "#-- end", "one\ntwo"));
        Assert.Equal("--- \n+++ \n@@ -4,5 +4,4 @@\n   delta = 1\n omega\n #-- start\n-one\n-two#-- end\n+three#-- end\n",
            await _calls.Answer("file.blockreplace", _file, "#-- start", "#-- end", "three"));
        Assert.Equal("ERROR: Cannot edit marked block. Markers were not found in file.",
            (await _calls.Failure("file.blockreplace", MapValue.Empty, _file, "AA", "BB", "three")).Text);
        Assert.Equal("--- \n+++ \n@@ -1,3 +1,6 @@\n+AA\n+three\n+BB\n alpha\n #beta\n # gamma\n",
            await _calls.Answer("file.blockreplace", Calls.With(("prepend_if_not_found", true), ("append_newline", true)), _file, "AA", "BB", "three"));
        Assert.Equal("--- \n+++ \n@@ -5,6 +5,8 @@\n #beta\n # gamma\n   delta = 1\n+CC\n+threeDD\n omega\n #-- start\n three#-- end\n",
            await _calls.Answer("file.blockreplace", Calls.With(("insert_before_match", "omega")), _file, "CC", "DD", "three"));
    }

    [Fact]
    public async Task Keeps_the_permissions_of_a_file_it_replaces()
    {
        await _calls.Answer("file.set_mode", _file, "0600");
        Assert.Equal(Value.Null, await _calls.Answer("file.psed", _file, "alpha", "ALPHA"));
        Assert.Equal("0600", await _calls.Answer("file.get_mode", _file));
        Assert.StartsWith("ALPHA\n", File.ReadAllText(_file), StringComparison.Ordinal);
    }
}
