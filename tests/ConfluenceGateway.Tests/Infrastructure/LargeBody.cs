using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A body of any length that is made while it is sent, and its hash.</summary>
internal static class LargeBody
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Writes <paramref name="length"/> bytes, no two blocks alike.</summary>
    /// <returns>Their hash.</returns>
    public static async Task<string> WriteAsync(RawConnection to, long length, Action<long>? progress = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockSize];
        new Random(1).NextBytes(block);
        for (long sent = 0; sent < length;)
        {
            BinaryPrimitives.WriteInt64LittleEndian(block, sent);
            var part = block.AsMemory(0, (int)Math.Min(BlockSize, length - sent));
            hash.AppendData(part.Span);
            await to.WriteAsync(part);
            sent += part.Length;
            progress?.Invoke(sent);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Reads the body of <paramref name="head"/> and forgets it.</summary>
    /// <returns>Its length and hash, as <c>length hash</c>.</returns>
    public static async Task<string> ReadAsync(RawConnection from, RawHead head, Action<long>? progress = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        var trailers = await from.ReadBodyAsync(head, part =>
        {
            hash.AppendData(part);
            length += part.Length;
            progress?.Invoke(length);
        });
        return trailers is null
            ? throw new IOException($"The body ended after {length} bytes.")
            : string.Create(CultureInfo.InvariantCulture, $"{length} {Convert.ToHexString(hash.GetHashAndReset())}");
    }

    /// <summary>
    /// An upstream with a grant for anybody: it tells length and hash of what is sent to it, and gives as much as the query asks
    /// for.
    /// </summary>
    public static async Task ServeAsync(RawConnection connection)
    {
        while (await connection.ReadHeadAsync() is { } head)
        {
            if (head.Target.IndexOf("?bytes=", StringComparison.Ordinal) is var query && query > 0)
            {
                var length = long.Parse(head.Target.AsSpan(query + "?bytes=".Length), CultureInfo.InvariantCulture);
                await connection.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"));
                await WriteAsync(connection, length);
                continue;
            }

            var received = head.IsChunked || head.ContentLength > 0 ? await ReadAsync(connection, head) : "";
            var answer = head.Target switch
            {
                "/oauth/token" => """{"access_token":"an access token","refresh_token":"a refresh token","expires_in":3600,"token_type":"Bearer"}""",
                "/oauth/token/accessible-resources" => """[{"id":"11111111-1111-4111-8111-111111111111","url":"https://acme.atlassian.net","name":"acme","scopes":["read:page:confluence"]}]""",
                _ when head.Target.EndsWith("/user/current", StringComparison.Ordinal) => """{"accountId":"somebody"}""",
                _ => received,
            };
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {answer.Length}\r\n\r\n{answer}"));
        }
    }
}
