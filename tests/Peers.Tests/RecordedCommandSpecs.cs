namespace SaltActors.Peers.Tests;

/// <summary>Command lines that genuine Salt ran against a master and three minions, run against ours.</summary>
public sealed class RecordedCommandSpecs
{
    // What is recorded and not the same here, each with its reason; the spec fails where one of them is the same by now.
    private static readonly (string Is, string Reason)[] Exceptions =
    [
        ("salt-call --local test.echo", "the documentation of a function is in our own words, and printed whole"),
        ("salt-call --local -l quiet test.exception", "the frames of a traceback are ours"),
        ("salt-run error.error name=Exception message=boom", "the frames of a traceback are ours"),
    ];

    private const string MasterOptions = """
        cli_summary: False
        file_roots: {base: [STATES]}
        pillar_roots: {base: [PILLAR]}
        nodegroups:
          grp1: m1 or m2
          grp2: G@role:web and not N@grp3
          grp3: [m3]
        sharedsecret: s3cr3t
        external_auth:
          file:
            ^filename: USERS
            ops: ['.*', '@runner', '@wheel', '@jobs']
            limited: [{m1: ['test.*']}, '@jobs']
          sharedsecret:
            shared: ['.*', '@runner', '@wheel']
            noperm: []
        """;

    private static readonly (string Path, string Content)[] Trees =
    [
        ("states/ok.sls", "a_ok: test.succeed_without_changes\na_change: test.succeed_with_changes\n"),
        ("states/bad.sls", "b_fail: test.fail_without_changes\nb_after:\n  test.succeed_without_changes:\n    - require: [{test: b_fail}]\n"),
        ("states/orch/one.sls", "ping_all:\n  salt.function:\n    - name: test.ping\n    - tgt: m1\napply_ok:\n  salt.state:\n    - tgt: m1\n    - sls: ok\n    - require: [{salt: ping_all}]\n"),
        ("pillar/top.sls", "base: {'*': [all]}\n"),
        ("pillar/all.sls", "tier: prod\napp: {name: shop, ports: [80, 443], db: {host: db1}}\n"),
        ("users", "ops:opspw\nlimited:limpw\nnobody:nopw\n"),
    ];

    [NativeFact]
    public async Task Every_recorded_command_line_answers_as_genuine_Salts_did()
    {
        var folder = Directory.CreateTempSubdirectory("salt-cli-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "work"));
        foreach (var (path, content) in Trees)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllText(Path.Combine(folder, path), content);
        }
        await using var ground = new Playground(MasterOptions.Replace("USERS", Path.Combine(folder, "users"), StringComparison.Ordinal)
            .Replace("STATES", Path.Combine(folder, "states"), StringComparison.Ordinal).Replace("PILLAR", Path.Combine(folder, "pillar"), StringComparison.Ordinal));
        await ground.StartMaster();
        foreach (var (id, role) in ((string, string)[])[("m1", "web"), ("m2", "web"), ("m3", "db")]) await ground.StartMinion(id, $"grains: {{role: {role}}}");
        (string, string)[] placeholders =
        [
            (folder, "<TESTDIR>"), (ground.Path_("m"), "<TESTDIR>"), (ground.Path_(), "<TESTDIR>"), (ground.PublishPort.ToString(System.Globalization.CultureInfo.InvariantCulture), "14505"),
            ($"{System.Net.Dns.GetHostName()}_master", "<HOST>_master"),
        ];
        var failed = new List<string>();
        var held = 0;
        foreach (var command in RecordedCommand.All())
        {
            var arguments = command.Arguments.Select(a => a.Replace("<TESTDIR>/etc1/minion", ground.Path_("m1", "etc", "minion"), StringComparison.Ordinal).Replace("<TESTDIR>", folder, StringComparison.Ordinal)).ToArray();
            var config = command.Arguments[0] is "salt-call" or "salt-minion" or "salt-proxy" ? ground.Path_("m1", "etc") : ground.Path_("m", "etc");
            // salt-master is a program of its own.
            var ran = arguments[0] == "salt-master" ? await Programs.RunAsync("dotnet", [Programs.Master, "-c", config, .. arguments[1..]])
                : await Programs.RunWithInputAsync(Programs.Native!, command.Input, [.. arguments[0] == "salt" ? (string[])[] : [arguments[0]], "-c", config, .. arguments[1..]]);
            var differs = command.Differs(ran, placeholders);
            if (Exceptions.Any(e => e.Is == command.Name) != differs is not null) failed.Add($"{command.Name}\n{differs ?? "is the same by now: take it off the exceptions"}");
            if (differs is null) held++;
        }
        Directory.Delete(folder, recursive: true);
        Assert.True(failed.Count == 0, $"{held} held; {failed.Count} failed:\n\n{string.Join("\n\n", failed)}");
    }
}
