using System.Runtime.InteropServices;
using SaltActors.Core.Identity;

namespace SaltActors.CommandLine.Options;

/// <summary>What <c>--versions-report</c> prints.</summary>
internal static class VersionsReport
{
    internal static string Text => $"""
        Salt Version:
                   Salt: {SaltVersion.Text}
             SaltActors: {SaltVersion.Product.Split(' ')[^1]}

        Dependency Versions:
                   .NET: {Environment.Version}

        System Versions:
                 system: {RuntimeInformation.OSDescription}
                machine: {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}

        """;
}
