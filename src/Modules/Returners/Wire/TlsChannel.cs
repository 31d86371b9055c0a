using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SaltActors.Core.Returners;

namespace SaltActors.Modules.Returners.Wire;

/// <summary>How far a server's certificate is believed.</summary>
internal enum TlsTrust
{
    /// <summary>Encrypted, but with anybody: what a user asks for with <c>sslmode: require</c>.</summary>
    Anybody,
    /// <summary>The certificate must come from the authority.</summary>
    Authority,
    /// <summary>And be made out to the host's name.</summary>
    AuthorityAndName,
}

/// <param name="AuthorityFile">PEM; null takes the machine's authorities.</param>
/// <param name="CertificateFile">Our own certificate, PEM, for servers that ask for one.</param>
internal sealed record TlsSettings(TlsTrust Trust, string? AuthorityFile, string? CertificateFile, string? KeyFile);

/// <summary>Puts TLS over a connection.</summary>
internal static class TlsChannel
{
    /// <exception cref="ReturnerFailed">The server's certificate is not believed, or a file cannot be read.</exception>
    internal static async Task<Stream> OverAsync(Stream plain, string returner, ServerAddress server, TlsSettings settings, CancellationToken stop)
    {
        var tls = new SslStream(plain);
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = server.Host,
                ClientCertificates = settings.CertificateFile is { } own ? [X509Certificate2.CreateFromPemFile(own, settings.KeyFile)] : null,
                RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsBelieved(certificate, errors, settings),
            };
            await tls.AuthenticateAsClientAsync(options, stop).ConfigureAwait(false);
            return tls;
        }
        catch (Exception cause) when (cause is AuthenticationException or IOException or CryptographicException or UnauthorizedAccessException)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw new ReturnerFailed($"the returner '{returner}' has no encrypted connection to {server}: {cause.Message}", cause: cause);
        }
    }

    private static bool IsBelieved(X509Certificate? certificate, SslPolicyErrors errors, TlsSettings settings)
    {
        if (settings.Trust == TlsTrust.Anybody) return true;
        if (certificate is not X509Certificate2 shown) return false;
        if (settings.Trust == TlsTrust.AuthorityAndName && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return false;
        if (settings.AuthorityFile is null) return !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(settings.AuthorityFile);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(shown);
    }
}
