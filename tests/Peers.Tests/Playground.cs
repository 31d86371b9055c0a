using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SaltActors.Peers.Tests;

/// <summary>A master and minions as processes in a folder of one test, on free ports of this machine.</summary>
internal sealed class Playground : IAsyncDisposable
{
    private readonly List<Process> _processes = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("salt-").FullName;
    public int PublishPort { get; } = FreePort();
    public int RetPort { get; } = FreePort();
    public Process? MasterProcess { get; private set; }
    private string MasterConfig => Path.Combine(_folder, "m", "etc");

    public Playground(string masterOptions = "") => Write(Path.Combine(MasterConfig, "master"), $"""
        root_dir: {_folder}/m
        interface: 127.0.0.1
        publish_port: {PublishPort}
        ret_port: {RetPort}
        loop_interval: 1
        auto_accept: True
        {masterOptions}
        """);

    public async Task StartMaster()
    {
        MasterProcess = Keep(Programs.Start("dotnet", Programs.Master, "-c", MasterConfig));
        await Until(() => Task.FromResult(File.Exists(Path.Combine(_folder, "m/var/run/salt/master/master_event_pub.ipc")) && CanConnect(RetPort)), "the master did not open its ports");
    }

    public async Task<Process> StartMinion(string id, string options = "")
    {
        Write(Path.Combine(_folder, id, "etc", "minion"), $"""
            root_dir: {_folder}/{id}
            id: {id}
            master: 127.0.0.1
            master_port: {RetPort}
            acceptance_wait_time: 1
            return_retry_timer: 1
            return_retry_timer_max: 1
            recon_default: 100
            recon_max: 500
            {options}
            """);
        var minion = Keep(Programs.Start(Programs.Native!, "salt-minion", "-c", Path.Combine(_folder, id, "etc")));
        await Until(async () => (await Salt("-t", "2", id, "test.ping")).Out.Contains("True"), $"minion {id} did not answer");
        return minion;
    }

    public Task<(int Exit, string Out, string Error)> Salt(params string[] args) => Programs.RunAsync(Programs.Native!, ["-c", MasterConfig, .. args]);
    public Task<(int Exit, string Out, string Error)> SaltRun(params string[] args) => Programs.RunAsync(Programs.Native!, ["salt-run", "-c", MasterConfig, .. args]);
    public Task<(int Exit, string Out, string Error)> SaltKey(params string[] args) => Programs.RunAsync(Programs.Native!, ["salt-key", "-c", MasterConfig, .. args]);

    public static async Task Until(Func<Task<bool>> condition, string otherwise)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await condition())
            if (limit.IsCancellationRequested) Assert.Fail(otherwise);
            else await pause.WaitForNextTickAsync(CancellationToken.None);
    }

    public string Path_(params string[] parts) => Path.Combine([_folder, .. parts]);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    // Nobody reads their output, so it must not be able to stop them.
    private Process Keep(Process process)
    {
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
        return process;
    }

    private static bool CanConnect(int port)
    {
        try
        {
            using var probe = new TcpClient();
            probe.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
