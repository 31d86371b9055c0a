using System.Runtime.InteropServices;
using SaltActors.Core.Identity;

namespace SaltActors.CommandLine.Help;

/// <summary>What <c>-V</c> prints: whose behaviour is kept, what it is built from, where it runs.</summary>
public static class VersionsReport
{
    public static string Text => $"""
        Salt Version:
                  Salt: {SaltVersion.Text}

        Product Version:
               Product: {SaltVersion.Product}

        System Versions:
               runtime: {RuntimeInformation.FrameworkDescription}
                system: {RuntimeInformation.OSDescription}
               machine: {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}

        """;
}
