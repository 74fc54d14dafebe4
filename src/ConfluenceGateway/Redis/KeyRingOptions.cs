using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ConfluenceGateway.Redis;

/// <summary>How the key ring, which encrypts every grant, is itself protected.</summary>
internal sealed class KeyRingOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "DataProtection";

    /// <summary>
    /// A file with certificate and RSA private key that wraps the key ring, as PKCS#12, or as PEM with both in it, certificate or key
    /// first. Empty: the ring lies unwrapped in Redis.
    /// </summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>The password of <see cref="CertificateFile"/>; in PEM that of the key.</summary>
    public string CertificatePassword { get; set; } = "";

    /// <summary>A file that holds <see cref="CertificatePassword"/>.</summary>
    public string CertificatePasswordFile { get; set; } = "";

    /// <summary>
    /// A second such file, which opens what it wrapped and wraps nothing: the one before, while the certificate is being replaced.
    /// </summary>
    public string PreviousCertificateFile { get; set; } = "";

    /// <summary>The password of <see cref="PreviousCertificateFile"/>.</summary>
    public string PreviousCertificatePassword { get; set; } = "";

    /// <summary>A file that holds <see cref="PreviousCertificatePassword"/>.</summary>
    public string PreviousCertificatePasswordFile { get; set; } = "";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CertificateFile.Length == 0 && PreviousCertificateFile.Length > 0)
        {
            yield return new ValidationResult("is set without the one that replaces it. Set DataProtection:CertificateFile.", [nameof(PreviousCertificateFile)]);
        }

        foreach (var (file, fileKey, password, passwordKey) in new[]
        {
            (CertificateFile, nameof(CertificateFile), CertificatePassword, nameof(CertificatePassword)),
            (PreviousCertificateFile, nameof(PreviousCertificateFile), PreviousCertificatePassword, nameof(PreviousCertificatePassword)),
        })
        {
            using var certificate = TryLoad(file, password, passwordKey, out var problem);
            if (problem is not null)
            {
                yield return new ValidationResult(problem, [fileKey]);
            }
            else if (file.Length == 0 && password.Length > 0)
            {
                yield return new ValidationResult($"is set without a certificate. Set {SectionName}:{fileKey}, or remove the password.", [passwordKey]);
            }
        }
    }

    /// <summary>Reads the certificate that wraps; null when there is none or it cannot be used.</summary>
    public X509Certificate2? TryLoadCertificate() => TryLoad(CertificateFile, CertificatePassword, nameof(CertificatePassword), out _);

    /// <summary>Reads the certificate before; null when there is none or it cannot be used.</summary>
    public X509Certificate2? TryLoadPreviousCertificate() => TryLoad(PreviousCertificateFile, PreviousCertificatePassword, nameof(PreviousCertificatePassword), out _);

    private static X509Certificate2? TryLoad(string file, string password, string passwordKey, out string? problem)
    {
        problem = null;
        if (file.Length == 0)
        {
            return null;
        }

        try
        {
            var certificate = Load(file, password);
            using var key = certificate.GetRSAPrivateKey();
            if (key is not null)
            {
                return certificate;
            }

            certificate.Dispose();
            problem = "holds no RSA private key. Export the certificate with its key as PKCS#12, or as PEM.";
        }
        catch (CryptographicException) when (File.Exists(file))
        {
            problem = $"cannot be opened. Check that it is a PKCS#12 file, or PEM with certificate and key, and that {SectionName}:{passwordKey} is right.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problem = $"'{file}' cannot be read. Name a readable PKCS#12 or PEM file.";
        }

        return null;
    }

    private static X509Certificate2 Load(string file, string password)
    {
        var text = File.ReadAllText(file);
        if (!text.Contains("-----BEGIN ", StringComparison.Ordinal))
        {
            return X509CertificateLoader.LoadPkcs12FromFile(file, password);
        }

        return password.Length == 0 ? X509Certificate2.CreateFromPem(text, text) : X509Certificate2.CreateFromEncryptedPem(text, text, password);
    }
}
