using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>One attempt.</summary>
public sealed class WebhookClientTests
{
    private static readonly byte[] Payload = """{"type":"gateway.test"}"""u8.ToArray();

    [Fact]
    public async Task A_name_that_leads_to_this_host_is_not_connected_to()
    {
        await using var receiver = await Receiver.StartAsync();

        var attempt = await SendAsync($"https://localhost:{receiver.Port}/", allowPrivateNetworks: false);

        Assert.Equal("address_not_public", Assert.IsType<Attempt.Failed>(attempt).Answer);
        Assert.Empty(receiver.Hooks);
    }

    [Fact]
    public async Task A_url_that_the_settings_do_not_allow_any_more_is_not_called()
    {
        await using var receiver = await Receiver.StartAsync();

        var attempt = await SendAsync(receiver.Url, allowPrivateNetworks: false);

        Assert.Equal("url_not_allowed", Assert.IsType<Attempt.Failed>(attempt).Answer);
        Assert.Empty(receiver.Hooks);
    }

    [Fact]
    public async Task A_name_within_a_private_network_is_called_when_that_is_allowed()
    {
        await using var receiver = await Receiver.StartAsync();

        var attempt = await SendAsync($"http://localhost:{receiver.Port}/hooks?tenant=7", allowPrivateNetworks: true);

        Assert.Equal(204, Assert.IsType<Attempt.Delivered>(attempt).Status);
        Assert.Single(receiver.Hooks);
    }

    [Fact]
    public async Task A_receiver_whose_certificate_nobody_vouches_for_is_sent_nothing()
    {
        await using var receiver = await TlsUpstream.StartAsync([]);

        var attempt = await SendAsync(receiver.Url);

        Assert.Equal("secure_connection_error", Assert.IsType<Attempt.Failed>(attempt).Answer);
        Assert.Empty(receiver.Protocols);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_a_failure_and_not_followed(int status)
    {
        await using var elsewhere = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Url;
            return Task.CompletedTask;
        };

        var attempt = await SendAsync(receiver.Url);

        Assert.Equal($"{status}", Assert.IsType<Attempt.Failed>(attempt).Answer);
        Assert.Empty(elsewhere.Hooks);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_has_20_seconds()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        var sending = SendAsync(receiver.Url, time: time);
        await Eventually.TrueAsync(() => receiver.Hooks.Count == 1, "the receiver has it");

        time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("timeout", Assert.IsType<Attempt.Failed>(await sending).Answer);
    }

    [Fact]
    public async Task An_endless_answer_does_not_keep_the_sender()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async context =>
        {
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        };

        Assert.IsType<Attempt.Delivered>(await SendAsync(receiver.Url).WaitAsync(TimeSpan.FromSeconds(15), TimeProvider.System));
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "7", 7)]
    [InlineData(503, "Mon, 02 Mar 2026 09:10:00 GMT", 600)]
    [InlineData(503, "soon", null)]
    [InlineData(500, "120", null)]
    public async Task Retry_After_is_read_in_both_forms(int status, string header, int? seconds)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(status, header);

        var failed = Assert.IsType<Attempt.Failed>(await SendAsync(receiver.Url, time: time));

        Assert.Equal($"{status}", failed.Answer);
        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, failed.RetryAfter);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_told_by_its_kind_alone()
    {
        var receiver = await Receiver.StartAsync();
        var url = receiver.Url + "?key=not-to-be-told";
        await receiver.DisposeAsync();

        Assert.Equal("connection_error", Assert.IsType<Attempt.Failed>(await SendAsync(url)).Answer);
    }

    private static async Task<Attempt> SendAsync(string url, bool allowPrivateNetworks = true, TimeProvider? time = null)
    {
        var options = new Fixed(new WebhookOptions { AllowPrivateNetworks = allowPrivateNetworks });
        using var client = new WebhookClient(new WebhookConnector(options), options, time ?? TimeProvider.System);
        return await client.SendAsync(url, "evt_1", Payload, [WebhookSecret.Random()]);
    }

    private sealed class Fixed(WebhookOptions options) : IOptionsMonitor<WebhookOptions>
    {
        public WebhookOptions CurrentValue => options;

        public WebhookOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<WebhookOptions, string?> listener) => null;
    }
}
