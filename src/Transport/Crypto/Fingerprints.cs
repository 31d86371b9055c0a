using System.Text;
using SaltActors.Transport.Payload;

namespace SaltActors.Transport.Crypto;

/// <summary>The short form in which people compare keys.</summary>
public static class Fingerprints
{
    /// <summary>The digest of the lines between BEGIN and END, line ends included, as colon-separated hexadecimal; empty where there is no body.</summary>
    public static string Of(string pem, string hashType)
    {
        var lines = pem.ReplaceLineEndings("\n").Trim().Split('\n');
        if (lines.Length < 3) return "";
        var body = string.Concat(lines[1..^1].Select(line => line + "\n"));
        var hex = WireNames.HashHex(hashType, Encoding.ASCII.GetBytes(body));
        return string.Join(':', Enumerable.Range(0, hex.Length / 2).Select(i => hex.Substring(i * 2, 2)));
    }
}
