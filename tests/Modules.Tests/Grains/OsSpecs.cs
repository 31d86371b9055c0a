using SaltActors.Core.Values;
using SaltActors.Modules.Grains;

namespace SaltActors.Modules.Tests.Grains;

public sealed class OsSpecs
{
    private static MapValue Fast(RecordedMachine machine, string now = "2024-01-15T12:00:00Z") =>
        CoreGrains.CollectFast(new(machine) { Clock = new At(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)) }, MapValue.Empty);

    [Theory]
    [InlineData("/run/systemd/system/x", "", "systemd")]
    [InlineData("/proc/1/cmdline", "runit", "runit")]
    [InlineData("/proc/1/cmdline", "/usr/bin/python3\0/sbin/my_init\0", "runit")]
    [InlineData("/proc/1/cmdline", "/usr/bin/tini\0--\0salt-minion\0", "tini")]
    [InlineData("/proc/1/cmdline", "/process_api\0--flag\0", "unknown")]
    [InlineData("/nothing", "", "unknown")]
    public void Knows_what_started_the_services(string path, string text, string init) =>
        Assert.Equal(init, Fast(new RecordedMachine { Files = { [path] = text } }.With("tini")).TextOf("init"));

    [Fact]
    public void Reads_the_name_of_an_init_out_of_its_binary()
    {
        var machine = new RecordedMachine { Files = { ["/proc/1/cmdline"] = "/sbin/init\0" }, Binaries = { ["/sbin/init"] = "\x7FELF..SysVInit 2.96.."u8.ToArray() } };
        Assert.Equal("sysvinit", Fast(machine).TextOf("init"));
    }

    [Fact]
    public async Task Reports_the_version_and_features_of_systemd()
    {
        var machine = new RecordedMachine { Programs = { ["/usr/bin/systemctl --version"] = new(0, "systemd 252 (252.17-1~deb12u1)\n+PAM +AUDIT\n") } }.With("systemctl", "localectl");
        var grains = await CoreGrains.CollectAsync(new(machine), MapValue.Empty, CancellationToken.None);
        Assert.Equal(MapValue.Of(("version", "252"), ("features", "+PAM +AUDIT")), grains.Get("systemd"));
    }

    [Fact]
    public void Splits_boot_parameters_into_pairs() => Assert.Equal(
        "[('root', '/dev/vda'), ('quiet', None), ('init', None), ('dyndbg', 'a b')]",
        PythonText.Repr(Fast(new() { Files = { ["/proc/cmdline"] = "root=/dev/vda quiet init=a=b dyndbg=\"a b\"\n" } }).Get("kernelparams")!));

    [Fact]
    public void Reads_how_the_machine_is_secured_from_the_kernel()
    {
        var machine = new RecordedMachine { Files = { ["/sys/fs/selinux/enforce"] = "1" }, Binaries = { ["/sys/firmware/efi/efivars/SecureBoot-8be4df61"] = [6, 0, 0, 0, 1] } }.With("selinuxenabled", "getenforce");
        var grains = Fast(machine);
        Assert.Equal(MapValue.Of(("enabled", true), ("enforced", "Enforcing")), grains.Get("selinux"));
        Assert.Equal((true, true), (grains.Get("efi") == true, grains.Get("efi-secure-boot") == true));
        Assert.False(Fast(new()).Has("selinux"));
    }

    [Theory]
    [InlineData("de_DE.utf8", "de_DE", "UTF-8")]
    [InlineData("C.UTF-8", "en_US", "UTF-8")]
    [InlineData("C", null, null)]
    [InlineData("de_DE", "de_DE", "ISO8859-1")]
    [InlineData("de_DE@euro", "de_DE", "ISO8859-15")]
    public void Names_language_and_encoding_as_Python_does(string setting, string? language, string? encoding)
    {
        var info = Fast(new() { Variables = { ["LANG"] = setting } }).MapOf("locale_info");
        Assert.Equal((language, encoding, "utf-8"), (info.TextOf("defaultlanguage"), info.TextOf("defaultencoding"), info.TextOf("detectedencoding")));
    }

    [Theory]
    [InlineData("UTC0", "2024-07-01T00:00:00Z", "UTC")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2024-01-15T12:00:00Z", "CET")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T00:59:59Z", "CET")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T01:00:00Z", "CEST")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2024-10-27T00:59:59Z", "CEST")]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2024-10-27T01:00:00Z", "CET")]
    [InlineData("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-01-15T12:00:00Z", "AEDT")]
    [InlineData("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-07-15T12:00:00Z", "AEST")]
    [InlineData("<+0330>-3:30", "2024-07-15T12:00:00Z", "+0330")]
    public void Names_the_zone_that_holds_right_now(string rule, string now, string expected)
    {
        byte[] empty = [.. "TZif2"u8, .. new byte[39]];
        byte[] file = [.. empty, .. empty, .. System.Text.Encoding.ASCII.GetBytes($"\n{rule}\n")];
        Assert.Equal(expected, Fast(new() { Binaries = { ["/etc/localtime"] = file } }, now).MapOf("locale_info").TextOf("timezone"));
    }

    [Fact]
    public void Lists_processes_by_the_host_on_OpenVZ() =>
        Assert.StartsWith("ps -fH -p $(grep", Fast(new() { Files = { ["/proc/vz/version"] = "" } }).TextOf("ps"), StringComparison.Ordinal);

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
