using SaltActors.Core.Functions;

namespace SaltActors.Modules.Files;

/// <summary>Paths as Python's <c>posixpath</c> splits and joins them, and what Salt asks of them.</summary>
internal static class FilePaths
{
    /// <summary>A path whose leading <c>~</c> or <c>~user</c> is that user's home.</summary>
    public static string Expand(string path)
    {
        if (!path.StartsWith('~')) return path;
        var slash = path.IndexOf('/');
        var name = slash < 0 ? path[1..] : path[1..slash];
        var home = name.Length > 0 ? Accounts.AccountDatabase.User(name)?.Home : Environment.GetEnvironmentVariable("HOME");
        return home is null ? path : home.TrimEnd('/') + (slash < 0 ? "" : path[slash..]);
    }

    /// <exception cref="NamedError">The path does not begin at the root.</exception>
    public static string Absolute(string path, string complaint = "File path must be absolute.")
    {
        var expanded = Expand(path);
        return expanded.StartsWith('/') ? expanded : throw new NamedError("SaltInvocationError", complaint);
    }

    public static string BaseName(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static string FolderName(string path)
    {
        var head = path[..(path.LastIndexOf('/') + 1)];
        return head.All(c => c == '/') ? head : head.TrimEnd('/');
    }

    /// <summary>Without <c>.</c>, <c>..</c> and doubled slashes; two slashes in front stay two.</summary>
    public static string Normal(string path)
    {
        if (path.Length == 0) return ".";
        var root = path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("///", StringComparison.Ordinal) ? "//" : path.StartsWith('/') ? "/" : "";
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            if (part == ".") continue;
            else if (part != ".." || (root.Length == 0 && (parts.Count == 0 || parts[^1] == ".."))) parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        var normal = root + string.Join('/', parts);
        return normal.Length == 0 ? "." : normal;
    }

    /// <summary>The first part with all others below it: a slash in front of a later part does not start over.</summary>
    public static string Join(IEnumerable<string> parts)
    {
        var joined = "";
        foreach (var part in parts)
            joined = joined.Length == 0 ? part : joined.TrimEnd('/') + "/" + part.TrimStart('/');
        return Normal(joined);
    }

    /// <summary>The path with every symbolic link on the way followed.</summary>
    public static string Real(string path)
    {
        var left = new Stack<string>(Path.GetFullPath(Expand(path)).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var (real, followed) = ("", 0);
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                real = FolderName(real).TrimEnd('/');
                continue;
            }
            if (part == ".") continue;
            var here = real + "/" + part;
            if (followed < 40 && new FileInfo(here).LinkTarget is { } target)
            {
                followed++;
                if (target.StartsWith('/')) real = "";
                foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()) left.Push(step);
            }
            else real = here;
        }
        return real.Length == 0 ? "/" : real;
    }

    /// <summary>Permissions from octal digits, as <c>644</c>, <c>0644</c> or <c>0o644</c>; null where they are none.</summary>
    public static uint? Mode(string text)
    {
        var digits = text.Trim('"', '\'');
        if (digits.StartsWith("0o", StringComparison.Ordinal)) digits = digits[2..];
        digits = digits.TrimStart('0');
        if (digits.Length == 0) return 0;
        return digits.Length <= 4 && digits.All(c => c is >= '0' and <= '7') ? Convert.ToUInt32(digits, 8) : null;
    }
}
