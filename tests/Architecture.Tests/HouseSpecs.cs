using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace SaltActors.Architecture.Tests;

public sealed class HouseSpecs
{
    private static readonly string Source = Path.GetFullPath(Path.Combine(Here(), "../../src"));

    [Fact]
    public void Every_project_below_src_has_its_place_in_the_picture()
    {
        var drawn = Rooms.All.Select(r => r.Project).ToHashSet();
        var found = Directory.EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Source, f).Replace('\\', '/'));
        Assert.Empty(found.Except(drawn));
    }

    [Fact]
    public void No_project_references_a_room_or_a_package_that_the_picture_does_not_allow()
    {
        var forbidden = new List<string>();
        foreach (var room in Built())
        {
            var project = XDocument.Load(Path.Combine(Source, room.Project));
            foreach (var reference in project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/'))))
                if (reference != "Core" && !room.Uses.Contains(reference)) forbidden.Add($"{room.Name} references {reference}");
            foreach (var package in project.Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value))
                if (!room.Packages.Contains(package)) forbidden.Add($"{room.Name} references the package {package}");
        }
        Assert.Empty(forbidden);
    }

    [Fact]
    public void No_built_assembly_reaches_through_a_wall()
    {
        var reached = new List<string>();
        foreach (var (name, never) in Rooms.Walls)
        {
            if (Rooms.All.Single(r => r.Name == name) is not { } room || NewestAssembly(room) is not { } assembly) continue;
            reached.AddRange(ReferencesOf(assembly).Intersect(never).Select(wall => $"{name} reaches {wall}"));
        }
        Assert.Empty(reached);
    }

    [Fact]
    public void No_room_holds_a_folder_of_leftovers()
    {
        string[] leftovers = ["Helpers", "Common", "Utils", "Managers", "Misc", "Shared"];
        var found = Directory.EnumerateDirectories(Source, "*", SearchOption.AllDirectories)
            .Where(d => leftovers.Contains(Path.GetFileName(d)) && !d.Contains("/obj/") && !d.Contains("/bin/"));
        Assert.Empty(found);
    }

    [Fact]
    public void An_actors_room_uses_only_another_rooms_protocol()
    {
        // Within Actors.Master, `Xyz.Props(` of another room may stand in the tree alone.
        var actors = Path.Combine(Source, "Actors", "Master");
        var wrong = Directory.EnumerateFiles(actors, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/") && Path.GetFileName(f) != "MasterTree.cs")
            .Where(f => File.ReadLines(f).Any(l => l.Contains("Context.ActorOf(") && l.Contains(".Props(")));
        Assert.Empty(wrong.Select(f => Path.GetRelativePath(actors, f)));
    }

    private static IEnumerable<Room> Built() => Rooms.All.Where(r => File.Exists(Path.Combine(Source, r.Project)));

    private static string? NewestAssembly(Room room)
    {
        var bin = Path.Combine(Source, Path.GetDirectoryName(room.Project)!, "bin");
        return !Directory.Exists(bin) ? null : Directory.EnumerateFiles(bin, room.Assembly + ".dll", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/ref/")).OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();
    }

    private static IEnumerable<string> ReferencesOf(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))];
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
