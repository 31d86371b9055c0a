using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Machine;

/// <summary>States of services, against services that exist in memory alone.</summary>
public sealed class ServiceStateSpecs
{
    private readonly HashSet<string> _running = ["cron"], _enabled = ["cron"], _masked = [];
    private readonly List<string> _done = [];
    private readonly StateCycle _cycle;

    public ServiceStateSpecs()
    {
        string[] known = ["cron", "nginx"];
        FunctionSpec[] fakes =
        [
            Fake("available", name => known.Contains(name)), Fake("status", _running.Contains), Fake("enabled", _enabled.Contains), Fake("masked", _masked.Contains),
            Fake("start", _running.Add), Fake("stop", _running.Remove), Fake("restart", _running.Contains), Fake("reload", _running.Contains),
            Fake("enable", _enabled.Add), Fake("disable", _enabled.Remove), Fake("mask", _masked.Add), Fake("unmask", _masked.Remove),
        ];
        _cycle = new StateCycle
        {
            Functions = new([.. DeclaredFunctions.All.Where(f => f.Kind != FunctionKind.Execution || !fakes.Any(n => n.Name == f.Name)), .. fakes]),
            Grains = MapValue.Of(("kernel", "Linux"), ("init", "systemd")),
        };
    }

    [Fact]
    public async Task A_service_is_started_and_enabled_once()
    {
        var started = await _cycle.Changes("service.running", "nginx", ("enable", true));
        Assert.Equal("Service nginx has been enabled, and is running", started.TextOf("comment"));
        Assert.Equal("{'nginx': True}", PythonText.Repr(started.Get("changes")!));
        Assert.Equal("The service cron is already running", (await _cycle.Single("service.running", "cron", MapValue.Empty)).TextOf("comment"));
        var told = await _cycle.Single("service.running", "cron", MapValue.Of(("enable", false)), isTest: true);
        Assert.Equal("Service cron set to be disabled", told.TextOf("comment"));
    }

    [Fact]
    public async Task A_service_is_stopped_and_disabled_once()
    {
        var stopped = await _cycle.Changes("service.dead", "cron", ("enable", false));
        Assert.Equal("Service cron has been disabled, and is dead", stopped.TextOf("comment"));
        Assert.Equal("The named service nope is not available", (await _cycle.Single("service.dead", "nope", MapValue.Empty)).TextOf("comment"));
        Assert.Equal("The named service nope is not available", await _cycle.Failure("service.running", "nope"));
    }

    [Fact]
    public async Task Enabled_disabled_and_masked_are_kept()
    {
        await _cycle.Changes("service.enabled", "nginx");
        await _cycle.Changes("service.disabled", "nginx");
        await _cycle.Changes("service.masked", "nginx");
        await _cycle.Changes("service.unmasked", "nginx");
    }

    [Fact]
    public async Task Who_watches_a_change_is_restarted_or_reloaded_and_told_in_test_mode()
    {
        var restarted = await _cycle.Single("service.mod_watch", "cron", MapValue.Of(("sfun", "running")));
        Assert.Equal("Service restarted", restarted.TextOf("comment"));
        Assert.Equal("Service reloaded", (await _cycle.Single("service.mod_watch", "cron", MapValue.Of(("sfun", "running"), ("reload", true)))).TextOf("comment"));
        Assert.Equal("Service is set to be started", (await _cycle.Single("service.mod_watch", "nginx", MapValue.Of(("sfun", "running")), isTest: true)).TextOf("comment"));
        Assert.Contains("restart cron", _done);
        Assert.Equal("Service stopped", (await _cycle.Single("service.mod_watch", "cron", MapValue.Of(("sfun", "dead")))).TextOf("comment"));
    }

    [Fact]
    public async Task Where_nothing_runs_that_could_start_it_nothing_is_done()
    {
        var offline = new StateCycle { Functions = _cycle.Functions, Grains = MapValue.Of(("kernel", "Linux"), ("init", "unknown")) };
        Assert.Equal("Running in OFFLINE mode. Nothing to do", (await offline.Single("service.running", "nginx", MapValue.Empty)).TextOf("comment"));
        Assert.Empty(_done);
    }

    private FunctionSpec Fake(string name, Func<string, bool> answer) => new(
        FunctionKind.Execution, $"service.{name}", "doc",
        [new("args", ParameterKind.Rest, "list", null, ""), new("kwargs", ParameterKind.Keywords, "map", null, "")], null,
        (_, arguments) =>
        {
            var service = arguments.Rest[0].ToString();
            if (name is not ("available" or "status" or "enabled" or "masked")) _done.Add($"{name} {service}");
            return ValueTask.FromResult<Value>(answer(service));
        });
}
