using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>The forms in which the certificate that wraps the ring may come.</summary>
public sealed class KeyRingCertificateTests(Stores stores) : IDisposable
{
    private const string Password = "a-password-of-the-tests";
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000);
    private readonly TemporaryDirectory _directory = new();
    private readonly RSA _key = RSA.Create(2048);

    [Fact]
    public async Task A_certificate_in_PEM_reads_what_the_same_one_in_PKCS12_wrapped()
    {
        using var certificate = Certificate();
        var pkcs12 = Path.Combine(_directory.Path, "ring.pfx");
        await File.WriteAllBytesAsync(pkcs12, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, null));
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), settings: [$"--DataProtection:CertificateFile={pkcs12}"]);
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.Services.GetRequiredService<GrantStore>()
            .ReplaceAsync(ConnectionId.Parse("demo", null), Connections.Pairs.Of("refresh"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");

        var second = await world.AddGatewayAsync($"--DataProtection:CertificateFile={Write(certificate.ExportCertificatePem(), _key.ExportPkcs8PrivateKeyPem())}");

        Assert.Equal("refresh", (await second.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal());
    }

    [Fact]
    public void The_key_may_stand_before_the_certificate_and_in_its_older_form()
    {
        using var certificate = Certificate();

        using var read = Read(Write(_key.ExportRSAPrivateKeyPem(), certificate.ExportCertificatePem()), "", out _);

        Assert.Equal(certificate.Thumbprint, read?.Thumbprint);
    }

    [Fact]
    public void The_key_in_PEM_may_have_a_password()
    {
        using var certificate = Certificate();
        var file = Write(certificate.ExportCertificatePem(), _key.ExportEncryptedPkcs8PrivateKeyPem(Password, Encryption));

        using var read = Read(file, Password, out _);
        Assert.Equal(certificate.Thumbprint, read?.Thumbprint);

        Assert.Null(Read(file, "another-password", out var problem));
        Assert.Contains("CertificatePassword", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused_and_so_is_one_of_another_key()
    {
        using var certificate = Certificate();
        using var other = RSA.Create(2048);

        Assert.Null(Read(Write(certificate.ExportCertificatePem()), "", out var without));
        Assert.Null(Read(Write(certificate.ExportCertificatePem(), other.ExportPkcs8PrivateKeyPem()), "", out var wrong));

        Assert.Contains("PEM with certificate and key", without, StringComparison.Ordinal);
        Assert.Contains("PEM with certificate and key", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_not_RSA_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=key ring", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        Assert.Null(Read(Write(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem()), "", out var problem));

        Assert.Contains("no RSA private key", problem, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    private static X509Certificate2? Read(string file, string password, out string? problem)
    {
        var options = new KeyRingOptions { CertificateFile = file, CertificatePassword = password };
        problem = options.Validate(new ValidationContext(options)).SingleOrDefault()?.ErrorMessage;
        return options.TryLoadCertificate();
    }

    private X509Certificate2 Certificate()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=key ring", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private string Write(params string[] parts)
    {
        var file = Path.Combine(_directory.Path, Path.GetRandomFileName());
        File.WriteAllText(file, string.Join('\n', parts) + "\n");
        return file;
    }
}
