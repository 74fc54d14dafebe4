using System.IO.Compression;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>Encodes a body as an upstream would.</summary>
internal static class Compression
{
    public static byte[] Of(byte[] body, string coding)
    {
        if (coding == "identity")
        {
            return body;
        }

        using var encoded = new MemoryStream();
        using (Stream encoder = coding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(encoded, CompressionLevel.Fastest),
            "br" => new BrotliStream(encoded, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(encoded, CompressionLevel.Fastest),
            _ => throw new ArgumentOutOfRangeException(nameof(coding)),
        })
        {
            encoder.Write(body);
        }

        return encoded.ToArray();
    }
}
