using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Machine;

/// <summary>States of the machine itself, on this machine: told, done, clean, undone.</summary>
public sealed class MachineStateSpecs
{
    private readonly StateCycle _cycle = new();

    [SystemFact]
    public async Task Users_and_groups_come_change_and_go()
    {
        var (user, group) = ($"su{Guid.NewGuid():n}"[..12], $"sg{Guid.NewGuid():n}"[..12]);
        await _cycle.Changes("group.present", group);
        var made = await _cycle.Changes("user.present", user, ("fullname", "A B"), ("shell", "/bin/sh"), ("groups", ListValue.OfTexts([group])), ("createhome", false));
        Assert.Equal($"New user {user} created", made.TextOf("comment"));
        Assert.Equal("A B", made.MapOf("changes").TextOf("fullname"));
        var changed = await _cycle.Changes("user.present", user, ("shell", "/bin/false"), ("groups", ListValue.OfTexts([])));
        Assert.Equal("/bin/false", changed.MapOf("changes").TextOf("shell"));
        var hashed = await _cycle.Changes("user.present", user, ("password", "$6$abc$def"));
        Assert.Equal("XXX-REDACTED-XXX", hashed.MapOf("changes").TextOf("passwd"));
        await _cycle.Changes("user.present", user, ("maxdays", 90), ("mindays", 1));
        Assert.Contains("not permitted", await _cycle.Failure("user.present", user, ("uid", 54321)), StringComparison.Ordinal);
        Assert.Equal("The following group(s) are not present: nosuchgroup", await _cycle.Failure("user.present", user, ("groups", ListValue.OfTexts(["nosuchgroup"]))));
        await _cycle.Changes("group.present", group, ("members", ListValue.OfTexts([user])));
        await _cycle.Changes("group.present", group, ("delusers", ListValue.OfTexts([user])));
        var gone = await _cycle.Changes("user.absent", user, ("purge", true));
        Assert.Equal("removed", gone.MapOf("changes").TextOf(user));
        await _cycle.Changes("group.absent", group);
    }

    [SystemFact]
    public async Task Variables_of_the_environment_come_and_go()
    {
        var name = $"SALT_SPEC_{Guid.NewGuid():n}";
        await _cycle.Changes("environ.setenv", name, ("value", "v1"));
        Assert.Equal("v1", Environment.GetEnvironmentVariable(name));
        await _cycle.Changes("environ.setenv", name, ("value", false), ("false_unsets", true));
        Assert.Equal("Environ value must be string, dict or False", await _cycle.Failure("environ.setenv", name, ("value", 5)));
    }

    [SystemFact]
    public async Task Keys_let_somebody_in_until_they_are_taken_away()
    {
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "ssh", "authorized_keys");
        await _cycle.Changes("ssh_auth.present", "AAAAB3NzaC1yc2E=", ("user", "root"), ("config", file), ("comment", "me@here"), ("options", ListValue.OfTexts(["no-pty"])));
        Assert.Equal("no-pty ssh-rsa AAAAB3NzaC1yc2E= me@here\n", File.ReadAllText(file));
        await _cycle.Changes("ssh_auth.present", "ssh-ed25519 AAAAC3Nza two@here", ("user", "root"), ("config", file));
        await _cycle.Changes("ssh_auth.absent", "AAAAB3NzaC1yc2E=", ("user", "root"), ("config", file));
        Assert.Equal("ssh-ed25519 AAAAC3Nza two@here\n", File.ReadAllText(file));
        Assert.Contains("nosuchuser", await _cycle.Failure("ssh_auth.present", "AAAA", ("user", "nosuchuser")), StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task A_clone_follows_its_repository()
    {
        using var folder = new TestFolder();
        var origin = Path.Combine(folder.Path, "origin");
        async Task Git(string line)
        {
            var (text, code) = ((MapValue)await new Calls().Answer("cmd.run_all", MapValue.Of(("cwd", folder.Path), ("python_shell", true)), line), 0);
            Assert.True(text.Get("retcode")!.AsInteger() == code, $"{line}: {PythonText.Repr(text)}");
        }
        await Git($"git init -q -b main {origin} && cd {origin} && git config user.email a@b && git config user.name n && echo 1 > f && git add f && git commit -qm one && git tag v1");
        var (clone, fixedAt) = (Path.Combine(folder.Path, "clone"), Path.Combine(folder.Path, "fixed"));
        await _cycle.Changes("git.latest", origin, ("target", clone));
        await Git($"cd {origin} && echo 2 > f && git commit -qam two");
        await _cycle.Changes("git.latest", origin, ("target", clone));
        Assert.Equal("2\n", File.ReadAllText(Path.Combine(clone, "f")));
        await _cycle.Changes("git.detached", origin, ("rev", "v1"), ("target", fixedAt));
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(fixedAt, "f")));
        await _cycle.Changes("git.config_set", "user.name", ("value", "somebody"), ("repo", clone));
        await _cycle.Changes("git.config_unset", "user.name", ("repo", clone));
        await _cycle.IsClean("git.cloned", origin, ("target", clone));
        File.WriteAllText(Path.Combine(clone, "f"), "mine\n");
        await Git($"cd {origin} && echo 3 > f && git commit -qam three");
        Assert.Contains("uncommitted changes", await _cycle.Failure("git.latest", origin, ("target", clone)), StringComparison.Ordinal);
        await _cycle.Changes("git.latest", origin, ("target", clone), ("force_reset", true));
        Assert.Contains("Failed to check remote refs", await _cycle.Failure("git.latest", Path.Combine(folder.Path, "nope"), ("target", clone)), StringComparison.Ordinal);
        Assert.Contains("No revision matching 'nope'", await _cycle.Failure("git.latest", origin, ("rev", "nope"), ("target", clone)), StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task Archives_are_unpacked_once_and_lead_nowhere_else()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "app", "d"));
        File.WriteAllText(Path.Combine(folder.Path, "app", "one"), "1");
        File.WriteAllText(Path.Combine(folder.Path, "app", "d", "two"), "2");
        var (tar, zip) = (Path.Combine(folder.Path, "a.tar.gz"), Path.Combine(folder.Path, "a.zip"));
        await new Calls().Answer("cmd.run", MapValue.Of(("cwd", folder.Path), ("python_shell", true)), $"tar czf {tar} app");
        System.IO.Compression.ZipFile.CreateFromDirectory(Path.Combine(folder.Path, "app"), zip);
        var one = Path.Combine(folder.Path, "out1");
        var done = await _cycle.Changes("archive.extracted", one, ("source", tar));
        Assert.Equal("1", File.ReadAllText(Path.Combine(one, "app", "one")));
        Assert.Contains("d/two", PythonText.Repr(done.MapOf("changes")), StringComparison.Ordinal);
        var two = Path.Combine(folder.Path, "out2");
        Assert.Contains("single top-level directory", await _cycle.Failure("archive.extracted", two, ("source", zip)), StringComparison.Ordinal);
        await _cycle.Changes("archive.extracted", two, ("source", zip), ("enforce_toplevel", false));
        var three = Path.Combine(folder.Path, "out3");
        await _cycle.Changes("archive.extracted", three, ("source", tar), ("options", "--strip-components=1"));
        Assert.Equal("2", File.ReadAllText(Path.Combine(three, "d", "two")));
        using (var evil = System.IO.Compression.ZipFile.Open(Path.Combine(folder.Path, "evil.zip"), System.IO.Compression.ZipArchiveMode.Create)) evil.CreateEntry("../../escaped");
        Assert.Contains("leads out of", await _cycle.Failure("archive.extracted", Path.Combine(folder.Path, "out4"), ("source", Path.Combine(folder.Path, "evil.zip")), ("enforce_toplevel", false)), StringComparison.Ordinal);
        Assert.Contains("does not exist", await _cycle.Failure("archive.extracted", one, ("source", "/nope.tar")), StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task A_package_comes_is_held_and_goes()
    {
        await _cycle.Changes("pkg.installed", "sl", ("refresh", false));
        await _cycle.IsClean("pkg.installed", "x", ("pkgs", ListValue.Create([MapValue.Of(("sl", ">=1.0"))])));
        await _cycle.Changes("pkg.installed", "sl", ("hold", true));
        await _cycle.Changes("pkg.installed", "sl", ("hold", false));
        Assert.Contains("Problem encountered installing package(s)", await _cycle.Failure("pkg.installed", "nosuchpkgxyz", ("refresh", false)), StringComparison.Ordinal);
        await _cycle.Changes("pkg.removed", "sl");
        await _cycle.Single("pkg.purged", "sl", MapValue.Empty);
        await _cycle.IsClean("pkg.purged", "sl");
    }

    [SystemFact]
    public async Task A_repository_of_packages_comes_changes_and_goes()
    {
        var (file, place) = ($"/etc/apt/sources.list.d/spec-{Guid.NewGuid():n}.list", $"http://127.0.0.1:9/{Guid.NewGuid():n}");
        await _cycle.Changes("pkgrepo.managed", $"deb {place} stable main", ("file", file), ("refresh", false));
        Assert.Equal($"deb {place} stable main\n", File.ReadAllText(file));
        var changed = await _cycle.Changes("pkgrepo.managed", $"deb [arch=amd64] {place} stable main contrib", ("file", file), ("refresh", false), ("comments", "ours"));
        Assert.Equal("{'new': ['main', 'contrib'], 'old': ['main']}", PythonText.Repr(changed.MapOf("changes").Get("comps")!));
        Assert.Equal($"deb [arch=amd64] {place} stable main contrib #ours\n", File.ReadAllText(file));
        Assert.Contains("is not valid", await _cycle.Failure("pkgrepo.managed", "not a repo", ("refresh", false)), StringComparison.Ordinal);
        await _cycle.Changes("pkgrepo.absent", $"deb {place} stable contrib", ("refresh", false));
        Assert.Contains("stable main", File.ReadAllText(file), StringComparison.Ordinal);
        await _cycle.Changes("pkgrepo.absent", $"deb {place} stable main", ("refresh", false));
        Assert.False(File.Exists(file));
    }

    [SystemFact]
    public async Task One_of_several_programs_stands_for_a_name()
    {
        var name = $"salt-spec-{Guid.NewGuid():n}";
        (string, Value)[] Of(string path, int priority) => [("link", $"/usr/local/bin/{name}"), ("path", path), ("priority", priority)];
        await _cycle.Changes("alternatives.install", name, Of("/bin/sh", 10));
        await _cycle.Changes("alternatives.install", name, Of("/bin/bash", 20));
        await _cycle.Changes("alternatives.set", name, ("path", "/bin/sh"));
        await _cycle.Changes("alternatives.auto", name);
        Assert.Contains("doesn't exist", await _cycle.Failure("alternatives.set", name, ("path", "/bin/nope")), StringComparison.Ordinal);
        await _cycle.Changes("alternatives.remove", name, ("path", "/bin/sh"));
        await _cycle.Changes("alternatives.remove", name, ("path", "/bin/bash"));
    }

    [SystemFact]
    public async Task A_file_system_is_mounted_kept_and_goes()
    {
        using var folder = new TestFolder();
        var (fstab, place) = (folder.File("fstab", "# mine\nproc /proc proc defaults 0 0\n"), Path.Combine(folder.Path, "a place"));
        (string, Value)[] wanted = [("device", "tmpfs"), ("fstype", "tmpfs"), ("mkmnt", true), ("opts", ListValue.OfTexts(["size=1m", "noexec"])), ("config", fstab)];
        var done = await _cycle.Changes("mount.mounted", place, wanted);
        Assert.Equal("Target was successfully mounted. Added new entry to the fstab.", done.TextOf("comment"));
        Assert.Equal($"# mine\nproc /proc proc defaults 0 0\ntmpfs\t\t{place.Replace(" ", "\\040", StringComparison.Ordinal)}\ttmpfs\tsize=1m,noexec\t0 0\n", File.ReadAllText(fstab));
        await _cycle.Changes("mount.unmounted", place, ("config", fstab), ("persist", true));
        Assert.Equal("# mine\nproc /proc proc defaults 0 0\n", File.ReadAllText(fstab));
        await _cycle.Changes("mount.fstab_present", "/dev/x", ("fs_file", "/x"), ("fs_vfstype", "ext4"), ("config", fstab), ("mount", false));
        await _cycle.Changes("mount.fstab_absent", "/dev/x", ("fs_file", "/x"), ("config", fstab));
        Assert.Equal("Mount directory is not present", await _cycle.Failure("mount.mounted", Path.Combine(folder.Path, "nope"), ("device", "tmpfs"), ("fstype", "tmpfs"), ("config", fstab)));
    }

    [Fact]
    public async Task Options_in_a_file_of_sections_come_and_go_and_all_else_stays()
    {
        using var folder = new TestFolder();
        var file = folder.File("i.ini", "# mine\n[a]\nk = old\n; note\n[z]\nq=1\n");
        var done = await _cycle.Changes("ini.options_present", file, ("sections", MapValue.Of(("a", MapValue.Of(("k", "v"), ("n", 1))), ("top", "x"), ("b", MapValue.Of(("c", "d"))))));
        Assert.Equal("{'k': {'before': 'old', 'after': 'v'}, 'n': {'before': None, 'after': '1'}}", PythonText.Repr(done.MapOf("changes").Get("a")!));
        Assert.Equal("# mine\ntop = x\n[a]\nk = v\nn = 1\n; note\n[z]\nq=1\n\n[b]\nc = d\n", File.ReadAllText(file));
        await _cycle.Changes("ini.options_absent", file, ("sections", MapValue.Of(("a", ListValue.OfTexts(["n"])))));
        await _cycle.Changes("ini.sections_present", file, ("sections", ListValue.OfTexts(["new"])));
        await _cycle.Changes("ini.sections_absent", file, ("sections", ListValue.OfTexts(["a", "new"])));
        Assert.Equal("# mine\ntop = x\n[z]\nq=1\n\n[b]\nc = d\n\n", File.ReadAllText(file));
    }
}
