using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ConfluenceGateway.Redis;

/// <summary>How the key ring, which encrypts every grant, is itself protected.</summary>
internal sealed class KeyRingOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "DataProtection";

    /// <summary>A PKCS#12 file with certificate and private key that wraps the key ring. Empty: the ring lies unwrapped in Redis.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>The password of <see cref="CertificateFile"/>.</summary>
    public string CertificatePassword { get; set; } = "";

    /// <summary>A file that holds <see cref="CertificatePassword"/>.</summary>
    public string CertificatePasswordFile { get; set; } = "";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CertificateFile.Length == 0)
        {
            if (CertificatePassword.Length > 0)
            {
                yield return new ValidationResult("is set without a certificate. Set DataProtection:CertificateFile, or remove the password.", [nameof(CertificatePassword)]);
            }

            yield break;
        }

        using var certificate = TryLoadCertificate(out var problem);
        if (certificate is null)
        {
            yield return new ValidationResult(problem, [nameof(CertificateFile)]);
        }
    }

    /// <summary>Reads the certificate; null when there is none or it cannot be used, and <paramref name="problem"/> says why.</summary>
    public X509Certificate2? TryLoadCertificate(out string? problem)
    {
        problem = null;
        if (CertificateFile.Length == 0)
        {
            return null;
        }

        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(CertificateFile, CertificatePassword);
            using var key = certificate.GetRSAPrivateKey();
            if (key is not null)
            {
                return certificate;
            }

            certificate.Dispose();
            problem = "holds no RSA private key. Export the certificate with its key as PKCS#12.";
        }
        catch (CryptographicException) when (File.Exists(CertificateFile))
        {
            problem = "cannot be opened. Check that it is a PKCS#12 file and that DataProtection:CertificatePassword is right.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problem = $"'{CertificateFile}' cannot be read. Name a readable PKCS#12 file.";
        }

        return null;
    }
}
