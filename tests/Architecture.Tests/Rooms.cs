namespace SaltActors.Architecture.Tests;

/// <summary>The picture of the house as data: who may use whom. docs/architecture.md draws the same.</summary>
/// <param name="Project">The project file below <c>src/</c>.</param>
/// <param name="Uses">Rooms it may reference, besides Core, which everybody may.</param>
/// <param name="Packages">Packages it may reference directly.</param>
internal sealed record Room(string Project, string[] Uses, string[] Packages)
{
    public string Name => Path.GetFileNameWithoutExtension(Project);
    public string Assembly => "SaltActors." + Name;
}

internal static class Rooms
{
    public static readonly Room[] All =
    [
        new("Core/Core.csproj", [], []),
        new("Generators/Generators.csproj", [], ["Microsoft.CodeAnalysis.CSharp"]),
        new("Rendering/Rendering.csproj", [], ["YamlDotNet"]),
        new("Transport/Transport.csproj", [], ["NetMQ", "MessagePack", "BouncyCastle.Cryptography"]),
        new("States/States.csproj", ["Rendering"], []),
        new("Client/Client.csproj", ["Transport"], ["Akka"]),
        new("CommandLine/CommandLine.csproj", ["Rendering"], []),
        new("Modules/Modules.csproj", ["States", "Rendering", "Generators"], []),
        new("Actors/Daemon/Actors.Daemon.csproj", ["Transport"], ["Akka"]),
        new("Actors/Minion/Actors.Minion.csproj", ["States", "Rendering", "Transport", "Actors.Daemon"], ["Akka"]),
        new("Actors/Master/Actors.Master.csproj", ["States", "Transport", "Actors.Daemon"], ["Akka.Cluster", "Akka.Hosting", "Hyperion", "Microsoft.Data.Sqlite", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "System.DirectoryServices.Protocols"]),
        new("Ssh/Ssh.csproj", ["Client", "States", "Rendering"], []),
        new("Cloud/Cloud.csproj", ["Client", "States", "Rendering", "Ssh"], []),
        new("Api/Api.csproj", ["Client", "States", "Rendering"], []),
        new("Hosts/Salt/Salt.csproj", ["Rendering", "Transport", "States", "Client", "CommandLine", "Modules", "Actors.Daemon", "Actors.Minion", "Ssh", "Cloud"], ["Akka"]),
        new("Hosts/Master/Master.csproj", ["Rendering", "Transport", "States", "Client", "CommandLine", "Modules", "Actors.Daemon", "Actors.Minion", "Actors.Master", "Api"], ["Akka.Cluster", "Akka.Hosting", "Microsoft.Data.Sqlite"]),
    ];

    /// <summary>Assemblies that a room must not even reach through somebody else's types.</summary>
    public static readonly (string Room, string[] Never)[] Walls =
    [
        ("Core", ["Akka", "YamlDotNet", "NetMQ", "MessagePack", "Microsoft.Data.Sqlite"]),
        ("Rendering", ["Akka", "NetMQ", "MessagePack"]),
        ("Transport", ["Akka", "YamlDotNet"]),
        ("Client", ["Akka.Remote", "Akka.Cluster", "SaltActors.Actors.Master", "SaltActors.Actors.Minion"]),
        ("CommandLine", ["Akka", "NetMQ", "SaltActors.Transport"]),
        ("Modules", ["Akka", "NetMQ", "SaltActors.Transport", "SaltActors.Actors.Daemon"]),
        ("Actors.Daemon", ["Akka.Remote", "Akka.Cluster", "SaltActors.Modules"]),
        ("Actors.Minion", ["Akka.Remote", "Akka.Cluster", "SaltActors.Modules"]),
        ("Actors.Master", ["SaltActors.Modules", "SaltActors.Client"]),
    ];
}
