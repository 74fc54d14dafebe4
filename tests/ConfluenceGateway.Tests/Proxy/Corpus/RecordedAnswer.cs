using System.Globalization;
using System.IO.Compression;
using System.Text;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Proxy.Corpus;

/// <summary>
/// An answer of Atlassian's as a file beside this one tells it: the request line, the head, the body, and after a line of
/// <c>%%</c> the trailers. A length of <c>*</c> is the body's, a gzip body is compressed and a chunked one is cut into chunks here.
/// </summary>
/// <param name="Method">The request's method.</param>
/// <param name="Target">Its target, below the site.</param>
/// <param name="Head">The head as it is sent.</param>
/// <param name="Body">The body as it is sent, without its framing.</param>
/// <param name="Trailers">The trailers.</param>
internal sealed record RecordedAnswer(string Method, string Target, RawHead Head, byte[] Body, IReadOnlyList<RawHeader> Trailers)
{
    private const int ChunkSize = 700;
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "ConfluenceGateway.Tests", "Proxy", "Corpus");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.http").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public bool HasBody => Method != "HEAD" && Head.Status is not (204 or 304);

    public static RecordedAnswer Read(string name)
    {
        var parts = Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Folder, name + ".http"))).Split("\n\n", 3);
        var request = parts[0].Split(' ');
        var body = parts[2].Split("\n%%\n");
        var bytes = Encoding.Latin1.GetBytes(body[0]);
        if (parts[1].Contains("Content-Encoding: gzip", StringComparison.Ordinal))
        {
            bytes = Compressed(bytes);
        }

        var text = parts[1].Replace("ength: *", $"ength: {bytes.Length.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n\r\n";
        return new RecordedAnswer(request[0], request[1], RawHead.Parse(Encoding.Latin1.GetBytes(text)), bytes, [.. body.Skip(1).SelectMany(trailers => trailers.Split('\n')).Select(RawHeader.Parse)]);
    }

    /// <summary>What goes over the wire.</summary>
    public byte[] Wire()
    {
        var wire = new MemoryStream();
        void Write(string text) => wire.Write(Encoding.Latin1.GetBytes(text));
        Write(Head.Text);
        if (HasBody && !Head.IsChunked)
        {
            wire.Write(Body);
        }
        else if (HasBody)
        {
            foreach (var chunk in Body.Chunk(ChunkSize))
            {
                Write($"{chunk.Length:x}\r\n");
                wire.Write(chunk);
                Write("\r\n");
            }

            Write($"0\r\n{string.Concat(Trailers.Select(trailer => $"{trailer.Name}: {trailer.Value}\r\n"))}\r\n");
        }

        return wire.ToArray();
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
