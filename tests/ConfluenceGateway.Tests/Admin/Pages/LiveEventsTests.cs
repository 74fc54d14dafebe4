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
        await using var world = await World.StartAsync(stores.ConnectionString(store), 2);
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        using var all = await OpenAsync(browser, world.Gateway, "/events");

        await world.Gateways[1].CreateAsync("demo");

        Assert.Equal("data: demo", await NextAsync(all));
    }

    [Fact]
    public async Task Who_looks_at_one_connection_is_told_of_that_one_alone()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        using var one = await OpenAsync(browser, world.Gateway, "/events?connection=demo");
        var changes = world.Gateway.Services.GetRequiredService<ConnectionChanges>();

        changes.Tell("another");
        changes.Tell("demo");
        Assert.Equal("data: demo", await NextAsync(one));

        changes.TellMissed();
        Assert.Equal("data: demo", await NextAsync(one));
    }

    [Fact]
    public async Task Many_changes_at_once_are_two_messages_a_second_apart()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        using var all = await OpenAsync(browser, world.Gateway, "/events");
        var changes = world.Gateway.Services.GetRequiredService<ConnectionChanges>();

        changes.Tell("first");
        Assert.Equal("data: first", await NextAsync(all));
        var since = System.Diagnostics.Stopwatch.StartNew();
        for (var number = 0; number < 500; number++)
        {
            changes.Tell($"many-{number}");
        }

        Assert.Equal("data: many-499", await NextAsync(all));
        Assert.InRange(since.Elapsed.TotalSeconds, 0.8, 20);
        changes.Tell("last");
        Assert.Equal("data: last", await NextAsync(all));
    }

    [Fact]
    public async Task A_quiet_stream_has_a_heartbeat_every_fifteen_seconds()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        using var all = await OpenAsync(browser, world.Gateway, "/events");
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
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        using var all = await OpenAsync(browser, world.Gateway, "/events");

        await world.AdvanceAsync(TimeSpan.FromHours(8.1));
        world.Gateway.Services.GetRequiredService<ConnectionChanges>().Tell("demo");

        Assert.Equal("", await all.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_stream_does_not_hold_up_a_gateway_that_stops()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        using var all = await OpenAsync(browser, world.Gateway, "/events");
        var since = System.Diagnostics.Stopwatch.StartNew();

        var ended = all.ReadToEndAsync();
        await world.DisposeAsync();

        Assert.Equal("", await ended);
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task One_stream_too_many_is_refused_until_another_ends()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        var streams = new List<StreamReader>();
        for (var number = 0; number < LiveEvents.MaxStreams; number++)
        {
            streams.Add(await OpenAsync(browser, world.Gateway, "/events"));
        }

        using var refused = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, world.Gateway.Page("/events")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        streams.ForEach(stream => stream.Dispose());
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, world.Gateway.Page("/events")), HttpCompletionOption.ResponseHeadersRead);
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "there is room again");
    }

    private static async Task<StreamReader> OpenAsync(Browser browser, TestGateway gateway, string path)
    {
        var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, gateway.Page(path)), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal((":", ""), (await reader.ReadLineAsync(), await reader.ReadLineAsync()));
        return reader;
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
}
