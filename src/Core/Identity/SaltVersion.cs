namespace SaltActors.Core.Identity;

/// <summary>The Salt release whose behaviour we keep, as <c>test.version</c>, grains and handshakes report it.</summary>
public static class SaltVersion
{
    /// <summary>Major and minor, as the grain <c>saltversioninfo</c> lists them.</summary>
    public const int Major = 3006, Minor = 0;

    /// <summary>The grain <c>saltversion</c>.</summary>
    public const string Text = "3006.0";
}
