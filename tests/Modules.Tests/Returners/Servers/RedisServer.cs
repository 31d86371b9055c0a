using System.Diagnostics;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Returners.Servers;

/// <summary>A redis on a local socket, with a password.</summary>
public sealed class RedisServer : ServerProcess
{
    public string Socket => Path.Combine(Folder, "s");

    public MapValue Options => MapValue.Of(("id", "spec_master"), ("redis.unix_socket_path", Socket), ("redis.password", "salty"), ("redis.db", "3"));

    /// <summary>What the server's own client prints of a command.</summary>
    public Task<string> AskAsync(params string[] command) => RunAsync("redis-cli", ["-s", Socket, "-a", "salty", "--no-auth-warning", "-n", "3", .. command]);

    protected override Task PrepareAsync() => Task.CompletedTask;

    protected override Process Begin() => Start(Program("/usr/bin/redis-server"), "--port", $"{Port}", "--bind", "127.0.0.1", "--unixsocket", Socket, "--dir", Folder, "--save", "", "--requirepass", "salty");

    protected override async Task<bool> AnswersAsync() => File.Exists(Socket) && await AskAsync("PING") == "PONG";

    protected override Task FillAsync() => Task.CompletedTask;
}
