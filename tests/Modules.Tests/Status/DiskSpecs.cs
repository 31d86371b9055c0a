using SaltActors.Core.Functions;
using SaltActors.Core.Values;
using SaltActors.Modules.Disk;

namespace SaltActors.Modules.Tests.Status;

public sealed class DiskSpecs
{
    private const string Df = "Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/vda         264212084 19029332  77748640      20% /\n/dev/vdb                 4        0         4       0% /mnt/my disk\n";

    [Fact]
    public void Reads_df()
    {
        Assert.Equal("{'/': {'filesystem': '/dev/vda', '1K-blocks': '264212084', 'used': '19029332', 'available': '77748640', 'capacity': '20%'}, "
            + "'/mnt/my disk': {'filesystem': '/dev/vdb', '1K-blocks': '4', 'used': '0', 'available': '4', 'capacity': '0%'}}", DiskReports.Usage(Df).ToString());
        Assert.Equal("{'/': '20%', '/mnt/my disk': '0%'}", DiskReports.Percent(Df).ToString());
        Assert.Equal("{'/': {'inodes': '16777216', 'used': '489655', 'free': '16287561', 'use': '3%', 'filesystem': '/dev/vda'}}",
            DiskReports.Inodes("Filesystem       Inodes  IUsed    IFree IUse% Mounted on\n/dev/vda       16777216 489655 16287561    3% /\n").ToString());
    }

    [Fact]
    public void Lets_only_known_flags_through()
    {
        Assert.Equal("hT", DiskReports.CleanFlags("-hT"));
        Assert.Equal("", DiskReports.CleanFlags(null));
        foreach (var wrong in (string[])["/", "l;", "h --output"]) Assert.Equal("Invalid flag passed to disk.usage", Assert.Throws<CommandFailed>(() => DiskReports.CleanFlags(wrong)).Message);
    }

    [Fact]
    public void Reads_attributes_of_devices()
    {
        Assert.Equal("{'/dev/sda1': {'LABEL': 'my disk', 'UUID': '1234-ABCD', 'TYPE': 'vfat'}}", DiskReports.BlockIds("/dev/sda1: LABEL=\"my disk\" UUID=\"1234-ABCD\" TYPE=\"vfat\"\n\n").ToString());
        Assert.Equal("{'getsize64': '9'}", DiskReports.Dump("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n", ListValue.From(["getsize64"])).ToString());
        Assert.Equal("{'5': {'attribute_name': 'Reallocated_Sector_Ct', 'flag': '0x0033', 'value': '100', 'worst': '100', 'thresh': '010', 'type': 'Pre-fail', 'updated': 'Always', 'when_failed': '-', 'raw_value': '0'}}",
            DiskReports.SmartAttributes("ID# ATTRIBUTE_NAME\n  5 Reallocated_Sector_Ct   0x0033   100   100   010    Pre-fail  Always       -       0\n").ToString());
        Assert.Equal("{'sys': {'%user': 2.0, '%idle': 97.0}, 'vda': {'r/s': 1.5}}",
            DiskReports.IoStatistics("Linux\n\navg-cpu:  %user %idle\n           1.00   98.00\n\nDevice r/s\nvda 1.00\n\navg-cpu:  %user %idle\n           3.00   96.00\n\nDevice r/s\nvda 2.00\n").ToString());
    }

    [Fact]
    public async Task Answers_on_this_machine()
    {
        var calls = new Calls();
        Assert.EndsWith("%", (await calls.Answer("disk.percent", "/")).ToString(), StringComparison.Ordinal);
        Assert.Equal(MapValue.Empty, await calls.Answer("disk.percent", "/nope"));
        Assert.True(((MapValue)await calls.Answer("disk.usage")).Has("/"));
        Assert.Equal("ERROR: Invalid flag passed to disk.usage", (await calls.Failure("disk.usage", MapValue.Empty, "/")).Text);
        Assert.Equal("ERROR: '-x' is no device", (await calls.Failure("disk.wipe", MapValue.Empty, "-x")).Text);
    }
}
