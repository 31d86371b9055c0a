using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Services;

public sealed class ServiceSpecs
{
    private const string List = "systemctl --full --no-legend --no-pager list-unit-files --type=service";
    private readonly RecordedPrograms _programs = new RecordedPrograms()
        .With(List, "cron.service    enabled  enabled\nssh.service     disabled enabled\nuser@.service   static   -\nx.service masked enabled\n")
        .With("systemctl show --property=LoadState ssh.service", "LoadState=loaded\n")
        .With("systemctl show --property=LoadState nope.service", "LoadState=not-found\n")
        .With("systemctl start ssh.service")
        .With("systemctl stop ssh.service", retcode: 1, stderr: "Access denied")
        .With("systemctl is-active cron.service", "active\n")
        .With("systemctl is-active ssh.service", "inactive\n", 3);

    [Fact]
    public async Task Lists_services_by_their_state()
    {
        var calls = new Calls { Functions = _programs.Table };
        Assert.Equal(ListValue.OfTexts(["cron", "ssh", "user@", "x"]), await calls.Answer("service.get_all"));
        Assert.Equal(ListValue.OfTexts(["cron"]), await calls.Answer("service.get_enabled"));
        Assert.Equal(ListValue.OfTexts(["ssh", "x"]), await calls.Answer("service.get_disabled"));
        Assert.Equal(ListValue.OfTexts(["user@"]), await calls.Answer("service.get_static"));
    }

    [Fact]
    public async Task Starts_what_is_there_and_says_why_it_cannot()
    {
        var calls = new Calls { Functions = _programs.Table };
        Assert.Equal(true, await calls.Answer("service.start", "ssh"));
        Assert.Equal("ERROR: Access denied", (await calls.Failure("service.stop", MapValue.Empty, "ssh")).Text);
        Assert.Equal("ERROR: The named service nope is not available", (await calls.Failure("service.start", MapValue.Empty, "nope")).Text);
        Assert.Equal(true, await calls.Answer("service.available", "ssh"));
        Assert.Equal(true, await calls.Answer("service.missing", "nope"));
    }

    [Fact]
    public async Task Answers_a_pattern_with_each_service()
    {
        var calls = new Calls { Functions = _programs.Table };
        Assert.Equal(true, await calls.Answer("service.status", "cron"));
        Assert.Equal(MapValue.Of(("cron", true)), await calls.Answer("service.status", "cr*"));
    }
}
