using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using SaltActors.Actors.Minion;
using SaltActors.Actors.Minion.Doctor;
using SaltActors.Actors.Tests.Master.Hostile;
using SaltActors.Core.Identity;
using SaltActors.Core.Values;
using SaltActors.Transport.ZeroMq;

namespace SaltActors.Actors.Tests.Minion.Doctor;

/// <summary><c>salt doctor</c>: each break of the chain between a minion and its master is named, and what is behind it is not looked at.</summary>
public sealed class MinionDoctorSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ZeroMqTransport _transport = new();

    public void Dispose()
    {
        _transport.Dispose();
        _folder.Dispose();
    }

    private async Task<string[]> Look(int port, string host = "127.0.0.1", TimeProvider? clock = null, Func<MinionOptions, MinionOptions>? change = null)
    {
        Directory.CreateDirectory(_folder.Under("cache"));
        Directory.CreateDirectory(_folder.Under("pki"));
        var options = new MinionOptions { Id = MinionId.Parse("web1"), Master = host, MasterPort = port, PkiDir = _folder.Under("pki"), CacheDir = _folder.Under("cache") };
        var findings = new List<string>();
        await foreach (var finding in new MinionDoctor(change?.Invoke(options) ?? options, _transport, clock ?? TimeProvider.System) { Patience = TimeSpan.FromSeconds(5) }.LookAsync(CancellationToken.None))
            findings.Add($"{finding.Link} {finding.Health}" + (finding.Health == Health.Broken ? $": {finding.Text}" : ""));
        return [.. findings];
    }

    private void KeepKey() => File.WriteAllText(_folder.Under("pki", "minion.pem"), MasterBench.MinionKeys.PrivatePem);

    private Task<MasterBench> Master(params (string, Value)[] options) => MasterBench.Start(_transport, options);

    private static int Port(MasterBench master) => int.Parse(master.RequestAddress[(master.RequestAddress.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_whole_chain_is_found_whole()
    {
        await using var master = await Master();
        Directory.CreateDirectory(_folder.Under("pki"));
        KeepKey();
        master.Accept("web1");
        Assert.Equal(["disk Good", "name Good", "port Good", "keys Good", "sign-in Good", "protocol Good", "clock Good", "publish port Good"], await Look(Port(master)));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_named()
    {
        var findings = await Look(4506, "no-such-host.invalid");
        Assert.StartsWith("name Broken: the name service does not know 'no-such-host.invalid'", findings[1], StringComparison.Ordinal);
        Assert.Equal(["port Unseen", "keys Unseen", "sign-in Unseen", "protocol Unseen", "clock Unseen", "publish port Unseen"], findings[2..]);
    }

    [Fact]
    public async Task A_port_that_nobody_or_another_one_listens_at_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var answering = Task.Run(async () =>
        {
            using var caller = await other.AcceptSocketAsync();
            await caller.SendAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());
        });
        Assert.Contains("does not speak ZeroMQ", (await Look(port))[2], StringComparison.Ordinal);
        await answering;
        other.Stop();
        Assert.Contains("nobody listens there", (await Look(port))[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_minion_that_never_was_is_told_to_begin()
    {
        await using var master = await Master();
        Assert.StartsWith("keys Broken: there is no key in ", (await Look(Port(master)))[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_of_the_key_at_the_master_is_named()
    {
        await using var master = await Master();
        Directory.CreateDirectory(_folder.Under("pki"));
        KeepKey();
        Assert.Contains("salt-key -a web1", (await Look(Port(master)))[4], StringComparison.Ordinal);
        File.Move(master.Under("pki", "minions_pre", "web1"), master.Under("pki", "minions_rejected", "web1"));
        Assert.Contains("the master refuses the key", (await Look(Port(master)))[4], StringComparison.Ordinal);
        File.Delete(master.Under("pki", "minions_rejected", "web1"));
        master.Accept("web1", MasterBench.StrangerKeys);
        Assert.Contains("another one is accepted as [web1]", (await Look(Port(master)))[4], StringComparison.Ordinal);
        File.WriteAllText(_folder.Under("pki", "minion_master.pub"), MasterBench.StrangerKeys.PublicPem);
        master.Accept("web1");
        Assert.Contains("another one is known here", (await Look(Port(master)))[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_named()
    {
        await using var master = await Master(("request_server_ttl", 60));
        Directory.CreateDirectory(_folder.Under("pki"));
        KeepKey();
        master.Accept("web1");
        Assert.Equal("clock Good", (await Look(Port(master)))[6]);
        Assert.StartsWith("clock Broken: the master believes the sign-in, but no request", (await Look(Port(master), clock: new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(-2))))[6], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named_and_the_rest_looked_at()
    {
        var findings = await Look(4506, "no-such-host.invalid", change: o => o with { CacheDir = _folder.Under("nowhere") });
        Assert.StartsWith("disk Broken", findings[0], StringComparison.Ordinal);
        Assert.StartsWith("name Broken", findings[1], StringComparison.Ordinal);
    }
}
