using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Proxy;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Tests.Proxy;

public sealed class UpstreamTests
{
    [Fact]
    public async Task An_answer_of_256_KiB_comes_without_a_window_given_back_on_its_way()
    {
        using var atlassian = new TcpListener(IPAddress.Loopback, 0);
        atlassian.Start();
        using var upstream = new Upstream(
            Options.Create(new AtlassianOptions { ApiBaseUrl = $"http://{atlassian.LocalEndpoint}" }), Options.Create(new UpstreamOptions()));
        using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Origin) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var given = new CancellationTokenSource();
        var asked = upstream.Client.SendAsync(request, given.Token);

        using (var connection = await atlassian.AcceptTcpClientAsync())
        {
            var settings = await SettingsAsync(connection.GetStream());

            // SETTINGS_INITIAL_WINDOW_SIZE, RFC 9113, section 6.5.2.
            Assert.Equal(256u << 10, settings[4]);
        }

        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => asked);
    }

    /// <summary>What a client says first: the preface, and a frame SETTINGS (RFC 9113, sections 3.4 and 6.5).</summary>
    private static async Task<Dictionary<ushort, uint>> SettingsAsync(Stream stream)
    {
        var head = new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length + 9];
        await stream.ReadExactlyAsync(head);
        var payload = new byte[BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(25))];
        await stream.ReadExactlyAsync(payload);
        return payload.Chunk(6).ToDictionary(
            setting => BinaryPrimitives.ReadUInt16BigEndian(setting), setting => BinaryPrimitives.ReadUInt32BigEndian(setting.AsSpan(2)));
    }
}
