using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Accounts;

public sealed class AccountSpecs : IDisposable
{
    private readonly TestFolder _root = new();
    private readonly RecordedPrograms _programs = new();
    private readonly Calls _calls;

    public AccountSpecs()
    {
        Directory.CreateDirectory(Path.Join(_root.Path, "etc"));
        _root.File("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nanna:x:1000:1000:Anna B,12,34,56,more,yet:/home/anna:/bin/sh\n");
        _root.File("etc/group", "root:x:0:\nanna:x:1000:\nwheel:x:10:anna,root\n");
        _calls = new() { Functions = _programs.Table };
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Tells_of_a_user_in_the_order_of_Salt()
    {
        var info = (MapValue)await _calls.Answer("user.info", Calls.With(("root", _root.Path)), "anna");
        Assert.Equal("gid groups home name passwd shell uid fullname roomnumber workphone homephone other", string.Join(' ', info.Keys));
        Assert.Equal(ListValue.OfTexts(["anna", "wheel"]), info.Get("groups"));
        Assert.Equal(("Anna B", "more,yet"), (info.TextOf("fullname"), info.TextOf("other")));
        Assert.Equal(MapValue.Empty, await _calls.Answer("user.info", Calls.With(("root", _root.Path)), "nobody"));
    }

    [Fact]
    public async Task Knows_root_from_the_system()
    {
        Assert.Equal(0, ((MapValue)await _calls.Answer("user.info", "root")).Get("uid"));
        Assert.Equal("root", await _calls.Answer("user.primary_group", "root"));
        Assert.Equal("root", ((MapValue)await _calls.Answer("group.info", "root")).Get("name"));
        Assert.Equal(MapValue.Empty, await _calls.Answer("group.info", "no such group"));
        Assert.Contains("root", (ListValue)await _calls.Answer("user.list_users"));
    }

    [Fact]
    public async Task Adds_and_changes_users_by_the_programs_of_shadow()
    {
        _programs.With("useradd -s /bin/sh -u 1001 -G a,b -m -c Otto otto").With($"usermod -s /bin/zsh -R {_root.Path} anna").With("userdel -r otto");
        Assert.Equal(true, await _calls.Answer("user.add",
            Calls.With(("uid", 1001), ("shell", "/bin/sh"), ("groups", ListValue.OfTexts(["a", "b"])), ("fullname", "Otto")), "otto"));
        Assert.Equal(true, await _calls.Answer("user.chshell", Calls.With(("root", _root.Path)), "anna", "/bin/zsh"));
        Assert.Equal(true, await _calls.Answer("user.chshell", Calls.With(("root", _root.Path)), "anna", "/bin/sh"));
        Assert.Equal(true, await _calls.Answer("user.delete", Calls.With(("remove", true)), "otto"));
        Assert.Equal(3, _programs.Called.Count);
    }

    [Fact]
    public async Task Reads_the_ages_of_passwords()
    {
        _root.File("etc/shadow", "anna:$6$x:20228:0:99999:7:::\n");
        Assert.Equal(
            MapValue.Of(("name", "anna"), ("passwd", "$6$x"), ("lstchg", 20228), ("min", 0), ("max", 99999), ("warn", 7), ("inact", -1), ("expire", -1)),
            await _calls.Answer("shadow.info", Calls.With(("root", _root.Path)), "anna"));
        Assert.Equal("", ((MapValue)await _calls.Answer("shadow.info", Calls.With(("root", _root.Path)), "nobody")).Get("expire"));
    }
}
