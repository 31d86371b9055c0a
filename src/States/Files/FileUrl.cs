namespace SaltActors.States.Files;

/// <summary>A name of the file server as users write it: <c>salt://web/nginx.conf?saltenv=dev</c>.</summary>
/// <param name="Path">Below the roots of the environment.</param>
/// <param name="SaltEnv">The environment that the name itself asks for; null where it does not.</param>
public readonly record struct FileUrl(string Path, string? SaltEnv)
{
    public const string Scheme = "salt://";

    /// <summary>Reads a name, with its scheme or without. A question mark ends it, unless a bar stands in front: then the mark is part of the name.</summary>
    public static FileUrl Parse(string url)
    {
        if (url.StartsWith(Scheme, StringComparison.Ordinal)) url = url[Scheme.Length..];
        if (url.StartsWith('|')) return new(url[1..], null);
        if (url.IndexOf('?', StringComparison.Ordinal) is not (>= 0 and var mark)) return new(url, null);
        const string Asked = "saltenv=";
        var other = url[(mark + 1)..].Split('&').FirstOrDefault(p => p.StartsWith(Asked, StringComparison.Ordinal));
        return new(url[..mark], other?[Asked.Length..]);
    }

    public static bool IsOne(string text) => text.StartsWith(Scheme, StringComparison.Ordinal);
}
