using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>A certificate of this machine for an upstream behind TLS, which those who measure trust.</summary>
internal static class Certificate
{
    /// <summary>Writes certificate and key, as PEM.</summary>
    public static void Write(string certificateFile, string keyFile)
    {
        // The kind that Atlassian's edge has: cheaper for both sides than RSA.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(2));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
