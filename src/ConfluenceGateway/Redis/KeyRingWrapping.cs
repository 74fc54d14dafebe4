using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Redis;

/// <summary>
/// Wraps the keys of the ring by the certificate that the settings name, whatever wrapped them before. The keys stay what they
/// are, so replicas that hold them notice nothing.
/// </summary>
internal sealed class KeyRingWrapping(
    RedisConnection redis, RedisKeys keys, DurableWrites writes, IOptions<KeyRingOptions> options, IServiceProvider services, ILoggerFactory loggers)
{
    private static readonly XNamespace Security = "http://schemas.asp.net/2015/03/dataProtection";
    private static readonly XName Wrapped = Security + "encryptedSecret";
    private static readonly XName NeedsWrapping = Security + "requiresEncryption";

    /// <summary>Counts the keys, and those of them that the certificate does not wrap; none of them without a certificate.</summary>
    public async Task<(int Keys, int Foreign)> CountAsync()
    {
        using var certificate = options.Value.TryLoadCertificate();
        var secrets = (await redis.Database.ListRangeAsync(keys.KeyRing)).Select(stored => SecretOf(XElement.Parse(stored.ToString()))).OfType<XElement>().ToList();
        return (secrets.Count, certificate is null ? 0 : secrets.Count(secret => !IsWrappedBy(certificate, secret)));
    }

    /// <summary>Wraps those that something else wraps, or nothing.</summary>
    /// <returns>How many keys there are, and how many were wrapped anew; (n, 0) without a certificate.</returns>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A key is wrapped by a certificate that is not at hand.</exception>
    public async Task<(int Keys, int Wrapped)> RunAsync()
    {
        using var certificate = options.Value.TryLoadCertificate();
        var (found, wrapped) = (0, 0);
        foreach (var (index, stored) in (await redis.Database.ListRangeAsync(keys.KeyRing)).Index())
        {
            var element = XElement.Parse(stored.ToString());
            if (SecretOf(element) is not { } secret)
            {
                continue;
            }

            found++;
            if (certificate is null || IsWrappedBy(certificate, secret))
            {
                continue;
            }

            var plain = secret.Name == Wrapped ? new EncryptedXmlDecryptor(services).Decrypt(secret.Elements().Single()) : new XElement(secret);
            var fresh = new CertificateXmlEncryptor(certificate, loggers).Encrypt(plain);
            secret.ReplaceWith(new XElement(Wrapped, new XAttribute("decryptorType", fresh.DecryptorType.AssemblyQualifiedName!), fresh.EncryptedElement));
            wrapped += (bool)await writes.EvaluateAsync(ReplaceScript, [keys.KeyRing], [index, stored, element.ToString(SaveOptions.DisableFormatting)]) ? 1 : 0;
        }

        return (found, wrapped);
    }

    private const string ReplaceScript = """
        if redis.call('LINDEX', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
        redis.call('LSET', KEYS[1], ARGV[1], ARGV[3])
        return 1
        """;

    // A revocation holds none.
    private static XElement? SecretOf(XElement key) =>
        key.Descendants().SingleOrDefault(inner => inner.Name == Wrapped || (bool?)inner.Attribute(NeedsWrapping) == true);

    // XML Encryption names the certificate beside what it wrapped.
    private static bool IsWrappedBy(X509Certificate2 certificate, XElement secret) =>
        secret.Descendants(XName.Get("X509Certificate", "http://www.w3.org/2000/09/xmldsig#"))
            .Any(named => Convert.FromBase64String(named.Value).AsSpan().SequenceEqual(certificate.RawData));
}
