namespace SaltActors.Modules.Accounts;

/// <summary>The comment field of <c>passwd</c>: full name, room, phone at work, phone at home, other.</summary>
internal static class Gecos
{
    private const int Count = 5;

    /// <summary>Always five fields; commas past the fourth belong to the last.</summary>
    public static string[] Fields(string text)
    {
        var fields = text.Split(',', Count);
        return [.. fields, .. Enumerable.Repeat("", Count - fields.Length)];
    }

    public static string Text(IEnumerable<string> fields) => string.Join(',', fields).TrimEnd(',');
}
