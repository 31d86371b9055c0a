namespace SaltActors.Modules.Tests.Machine;

/// <summary>A fact that changes the machine: it runs only with <c>SALT_SYSTEM_TESTS=1</c>, as root.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemFactAttribute : FactAttribute
{
    public SystemFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("SALT_SYSTEM_TESTS") != "1") Skip = "changes the machine: runs with SALT_SYSTEM_TESTS=1";
        else if (!OperatingSystem.IsLinux() || Environment.UserName != "root") Skip = "needs root on Linux";
    }
}
