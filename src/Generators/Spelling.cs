using System.Text;

namespace SaltActors.Generators;

/// <summary>Changes names between C#'s casing (<c>pythonShell</c>) and Salt's (<c>python_shell</c>).</summary>
internal static class Spelling
{
    public static string ToSalt(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
            if (char.IsUpper(c)) text.Append('_').Append(char.ToLowerInvariant(c));
            else text.Append(c);
        return text.ToString();
    }

    public static string ToCSharp(string name)
    {
        var text = new StringBuilder(name.Length);
        var raise = false;
        foreach (var c in name)
        {
            if (c == '_')
            {
                raise = true;
                continue;
            }
            text.Append(raise ? char.ToUpperInvariant(c) : c);
            raise = false;
        }
        return text.ToString();
    }

    /// <summary>A record's parameter is spelled like a property: <c>PythonShell</c>.</summary>
    public static string LowerFirst(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>True where the name comes back the same; only then do both spellings mean the same parameter.</summary>
    public static bool Returns(string name) => name.Length > 0 && char.IsLower(name[0]) && ToCSharp(ToSalt(name)) == name;

    public static bool IsFunctionName(string name)
    {
        var dot = name.IndexOf('.');
        return dot > 0 && dot < name.Length - 1 && name.IndexOf('.', dot + 1) < 0 && name.All(c => c is '.' or '_' or (>= 'a' and <= 'z') or (>= '0' and <= '9'));
    }
}
