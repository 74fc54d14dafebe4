using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>A certificate with its key as a PKCS#12 file, as an operator hands it to the gateway.</summary>
internal sealed class WrappingCertificate : IDisposable
{
    private const string Password = "a-password-of-the-tests";
    private readonly string _file = Path.GetTempFileName();

    /// <param name="days">How long it is good.</param>
    public WrappingCertificate(int days = 1)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(days));
        File.WriteAllBytes(_file, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, Password));
    }

    /// <summary>The settings of a gateway that wraps the ring with it.</summary>
    public string[] Settings => [$"--DataProtection:CertificateFile={_file}", $"--DataProtection:CertificatePassword={Password}"];

    /// <summary>The settings that let it open what it wrapped, and wrap nothing.</summary>
    public string[] AsPrevious => [$"--DataProtection:PreviousCertificateFile={_file}", $"--DataProtection:PreviousCertificatePassword={Password}"];

    public void Dispose() => File.Delete(_file);
}
