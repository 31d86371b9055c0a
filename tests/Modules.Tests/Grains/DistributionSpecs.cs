using SaltActors.Core.Values;
using SaltActors.Modules.Grains;

namespace SaltActors.Modules.Tests.Grains;

public sealed class DistributionSpecs
{
    /// <summary>Files of one distribution, and os, os_family, osfullname, osrelease, osmajorrelease, osfinger, oscodename, osarch.</summary>
    public static TheoryData<string, string, string> Distributions => new()
    {
        {
            "Debian 12", "/etc/os-release|PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\n",
            "Debian|Debian|Debian GNU/Linux|12|12|Debian-12|bookworm|amd64"
        },
        {
            "Ubuntu 22.04", "/etc/os-release|PRETTY_NAME=\"Ubuntu 22.04.3 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"22.04\"\nVERSION=\"22.04.3 LTS (Jammy Jellyfish)\"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME=jammy\n",
            "Ubuntu|Debian|Ubuntu|22.04|22|Ubuntu-22.04|jammy|amd64"
        },
        {
            "Linux Mint", "/etc/os-release|NAME=\"Linux Mint\"\nVERSION=\"21.2 (Victoria)\"\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\nPRETTY_NAME=\"Linux Mint 21.2\"\nVERSION_ID=\"21.2\"\nVERSION_CODENAME=victoria\n",
            "Mint|Debian|Linux Mint|21.2|21|Linux Mint-21|victoria|amd64"
        },
        {
            "CentOS Stream 9", "/etc/os-release|NAME=\"CentOS Stream\"\nVERSION=\"9\"\nID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"9\"\nPLATFORM_ID=\"platform:el9\"\nPRETTY_NAME=\"CentOS Stream 9\"\nCPE_NAME=\"cpe:/o:centos:centos:9\"\n",
            "CentOS Stream|RedHat|CentOS Stream|9|9|CentOS Stream-9|CentOS Stream 9|x86_64"
        },
        {
            "CentOS 7", "/etc/os-release|NAME=\"CentOS Linux\"\nVERSION=\"7 (Core)\"\nID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"7\"\nPRETTY_NAME=\"CentOS Linux 7 (Core)\"\nCPE_NAME=\"cpe:/o:centos:centos:7\"\n||/etc/centos-release|CentOS Linux release 7.9.2009 (Core)\n",
            "CentOS|RedHat|CentOS Linux|7.9.2009|7|CentOS Linux-7|CentOS Linux 7 (Core)|x86_64"
        },
        {
            "RHEL 9", "/etc/os-release|NAME=\"Red Hat Enterprise Linux\"\nVERSION=\"9.2 (Plow)\"\nID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"9.2\"\nPRETTY_NAME=\"Red Hat Enterprise Linux 9.2 (Plow)\"\n||/etc/redhat-release|Red Hat Enterprise Linux release 9.2 (Plow)\n",
            "RedHat|RedHat|Red Hat Enterprise Linux|9.2|9|Red Hat Enterprise Linux-9|Plow|x86_64"
        },
        {
            "Rocky 9", "/etc/os-release|NAME=\"Rocky Linux\"\nVERSION=\"9.2 (Blue Onyx)\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.2\"\nPRETTY_NAME=\"Rocky Linux 9.2 (Blue Onyx)\"\n",
            "Rocky|RedHat|Rocky Linux|9.2|9|Rocky Linux-9|Blue Onyx|x86_64"
        },
        {
            "AlmaLinux 8", "/etc/os-release|NAME=\"AlmaLinux\"\nVERSION=\"8.5 (Arctic Sphynx)\"\nID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"8.5\"\nPRETTY_NAME=\"AlmaLinux 8.5 (Arctic Sphynx)\"\n",
            "AlmaLinux|RedHat|AlmaLinux|8.5|8|AlmaLinux-8|Arctic Sphynx|x86_64"
        },
        {
            "openSUSE Leap 15.5", "/etc/os-release|NAME=\"openSUSE Leap\"\nVERSION=\"15.5\"\nID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\nVERSION_ID=\"15.5\"\nPRETTY_NAME=\"openSUSE Leap 15.5\"\nCPE_NAME=\"cpe:/o:opensuse:leap:15.5\"\n",
            "SUSE|Suse|Leap|15.5|15|Leap-15|openSUSE Leap 15.5|x86_64"
        },
        {
            "openSUSE Tumbleweed", "/etc/os-release|NAME=\"openSUSE Tumbleweed\"\nVERSION=\"Tumbleweed\"\nID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\nVERSION_ID=\"20230915\"\nPRETTY_NAME=\"openSUSE Tumbleweed\"\nCPE_NAME=\"cpe:/o:opensuse:tumbleweed:20230915\"\n",
            "SUSE|Suse|Tumbleweed|20230915|20230915|Tumbleweed-20230915|openSUSE Tumbleweed|x86_64"
        },
        {
            "SLES 15 SP5", "/etc/os-release|NAME=\"SLES\"\nVERSION=\"15-SP5\"\nVERSION_ID=\"15.5\"\nPRETTY_NAME=\"SUSE Linux Enterprise Server 15 SP5\"\nID=\"sles\"\nID_LIKE=\"suse\"\nCPE_NAME=\"cpe:/o:suse:sles:15:sp5\"\n",
            "SUSE|Suse|SLES|15.5|15|SLES-15|SUSE Linux Enterprise Server 15 SP5|x86_64"
        },
        {
            "Arch", "/usr/lib/os-release|NAME=\"Arch Linux\"\nPRETTY_NAME=\"Arch Linux\"\nID=arch\nBUILD_ID=rolling\n||/etc/lsb-release|DISTRIB_ID=\"Arch\"\nDISTRIB_RELEASE=\"rolling\"\nDISTRIB_DESCRIPTION=\"Arch Linux\"\n",
            "Arch|Arch|Arch Linux|rolling||Arch Linux-rolling||x86_64"
        },
        {
            "Alpine", "/etc/os-release|NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.18.2\nPRETTY_NAME=\"Alpine Linux v3.18\"\n",
            "Alpine|Alpine|Alpine Linux|3.18.2|3|Alpine Linux-3|Alpine Linux v3.18|x86_64"
        },
        {
            "Fedora 38", "/etc/os-release|NAME=\"Fedora Linux\"\nVERSION=\"38 (Container Image)\"\nID=fedora\nVERSION_ID=38\nVERSION_CODENAME=\"\"\nPRETTY_NAME=\"Fedora Linux 38 (Container Image)\"\nCPE_NAME=\"cpe:/o:fedoraproject:fedora:38\"\n",
            "Fedora|RedHat|Fedora Linux|38|38|Fedora Linux-38||x86_64"
        },
        {
            "Amazon Linux 2", "/etc/os-release|NAME=\"Amazon Linux\"\nVERSION=\"2\"\nID=\"amzn\"\nID_LIKE=\"centos rhel fedora\"\nVERSION_ID=\"2\"\nPRETTY_NAME=\"Amazon Linux 2\"\nCPE_NAME=\"cpe:2.3:o:amazon:amazon_linux:2\"\n",
            "Amazon|RedHat|Amazon Linux|2|2|Amazon Linux-2|Amazon Linux 2|x86_64"
        },
        {
            "Raspbian", "/etc/os-release|PRETTY_NAME=\"Raspbian GNU/Linux 11 (bullseye)\"\nNAME=\"Raspbian GNU/Linux\"\nVERSION_ID=\"11\"\nVERSION=\"11 (bullseye)\"\nVERSION_CODENAME=bullseye\nID=raspbian\nID_LIKE=debian\n||/var/lib/dpkg/status|Package: adduser\nArchitecture: all\n\nPackage: dpkg\nStatus: install ok installed\nArchitecture: armhf\nVersion: 1.20\n\nPackage: zlib1g\nArchitecture: arm64\n",
            "Raspbian|Debian|Raspbian GNU/Linux|11|11|Raspbian-11|bullseye|armhf"
        },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Knows_the_distribution_by_its_files(string name, string files, string expected)
    {
        var machine = new RecordedMachine { Files = files.Split("||").Select(f => f.Split('|')).ToDictionary(f => f[0], f => f[1]) };
        machine.Files["/proc/sys/kernel/arch"] = "x86_64\n";
        var grains = CoreGrains.CollectFast(new(machine), MapValue.Empty);
        string[] keys = ["os", "os_family", "osfullname", "osrelease", "osmajorrelease", "osfinger", "oscodename", "osarch"];
        Assert.Equal($"{name}: {expected}", $"{name}: {string.Join('|', keys.Select(k => grains.Get(k)?.ToString() ?? ""))}");
    }

    [Fact]
    public void Splits_a_release_into_numbers_and_words()
    {
        var machine = new RecordedMachine { Files = { ["/etc/os-release"] = "NAME=Ubuntu\nID=ubuntu\nVERSION_ID=22.04.rc\n" } };
        Assert.Equal("(22, 4, 'rc')", PythonText.Repr(CoreGrains.CollectFast(new(machine), MapValue.Empty).Get("osrelease_info")!));
    }
}
