using System.Net;
using System.Net.Http.Headers;
using ConfluenceGateway.Admin.Pages;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Admin.Pages;

/// <summary>What open pages are told.</summary>
public sealed class LiveEventsTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task A_page_is_told_of_a_change_that_another_replica_made_and_of_no_secret(StoreKind store)
    {
        await using var onlooker = await Onlooker.StartAsync(stores, store, gateways: 2);
        using var all = await onlooker.OpenAsync();

        await onlooker.World.Gateways[1].CreateAsync("demo");

        Assert.Equal("data: demo", await NextAsync(all));
    }

    [Fact]
    public async Task Who_looks_at_one_connection_is_told_of_that_one_alone()
    {
        await using var onlooker = await Onlooker.StartAsync(stores);
        using var one = await onlooker.OpenAsync("?connection=demo");

        onlooker.Changes.Tell("another");
        onlooker.Changes.Tell("demo");
        Assert.Equal("data: demo", await NextAsync(one));

        onlooker.Changes.TellMissed();
        Assert.Equal("data: demo", await NextAsync(one));
    }

    [Fact]
    public async Task Many_changes_at_once_are_two_messages_a_second_apart()
    {
        await using var onlooker = await Onlooker.StartAsync(stores);
        using var all = await onlooker.OpenAsync();

        onlooker.Changes.Tell("first");
        Assert.Equal("data: first", await NextAsync(all));
        var since = System.Diagnostics.Stopwatch.StartNew();
        for (var number = 0; number < 500; number++)
        {
            onlooker.Changes.Tell($"many-{number}");
        }

        Assert.Equal("data: many-499", await NextAsync(all));
        Assert.InRange(since.Elapsed.TotalSeconds, 0.8, 20);
        onlooker.Changes.Tell("last");
        Assert.Equal("data: last", await NextAsync(all));
    }

    [Fact]
    public async Task A_quiet_stream_has_a_heartbeat_every_fifteen_seconds()
    {
        await using var onlooker = await Onlooker.StartAsync(stores);
        using var all = await onlooker.OpenAsync();
        var since = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal(":", await all.ReadLineAsync());

        Assert.InRange(since.Elapsed.TotalSeconds, 14, 29);
    }

    [Theory]
    [InlineData("text/event-stream", HttpStatusCode.Unauthorized)]
    [InlineData("text/html", HttpStatusCode.Found)]
    public async Task Who_is_not_signed_in_is_told_nothing(string accept, HttpStatusCode status)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events") { Headers = { Accept = { MediaTypeWithQualityHeaderValue.Parse(accept) } } };

        using var answer = await world.Gateway.Management.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_stream_ends_with_its_session()
    {
        await using var onlooker = await Onlooker.StartAsync(stores);
        using var all = await onlooker.OpenAsync();

        await onlooker.World.AdvanceAsync(TimeSpan.FromHours(8.1));
        onlooker.Changes.Tell("demo");

        Assert.Equal("", await all.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_stream_does_not_hold_up_a_gateway_that_stops()
    {
        await using var onlooker = await Onlooker.StartAsync(stores);
        using var all = await onlooker.OpenAsync();
        var since = System.Diagnostics.Stopwatch.StartNew();

        var ended = all.ReadToEndAsync();
        await onlooker.World.DisposeAsync();

        Assert.Equal("", await ended);
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task One_stream_too_many_is_refused_until_another_ends()
    {
        await using var onlooker = await Onlooker.StartAsync(stores);
        var streams = new List<StreamReader>();
        for (var number = 0; number < LiveEvents.MaxStreams; number++)
        {
            streams.Add(await onlooker.OpenAsync());
        }

        using var refused = await onlooker.AskAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        streams.ForEach(stream => stream.Dispose());
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await onlooker.AskAsync();
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "there is room again");
    }

    // Past heartbeats and empty lines.
    private static async Task<string?> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
        {
            if (line.Length > 1)
            {
                return line;
            }
        }

        return null;
    }

    /// <summary>Somebody who is signed in and has pages open.</summary>
    private sealed class Onlooker(World world, Browser browser) : IAsyncDisposable
    {
        public World World => world;

        public ConnectionChanges Changes => world.Gateway.Services.GetRequiredService<ConnectionChanges>();

        public static async Task<Onlooker> StartAsync(Stores stores, StoreKind store = StoreKind.Embedded, int gateways = 1)
        {
            var world = await World.StartAsync(stores.ConnectionString(store), gateways);
            var browser = new Browser();
            await browser.SignInAsync(world.Gateway);
            return new Onlooker(world, browser);
        }

        public Task<HttpResponseMessage> AskAsync(string query = "") =>
            browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, world.Gateway.Page("/events" + query)), HttpCompletionOption.ResponseHeadersRead);

        public async Task<StreamReader> OpenAsync(string query = "")
        {
            var answer = await AskAsync(query);
            Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
            Assert.True(answer.Headers.CacheControl?.NoStore);
            var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            Assert.Equal((":", ""), (await reader.ReadLineAsync(), await reader.ReadLineAsync()));
            return reader;
        }

        public async ValueTask DisposeAsync()
        {
            browser.Dispose();
            await world.DisposeAsync();
        }
    }
}
