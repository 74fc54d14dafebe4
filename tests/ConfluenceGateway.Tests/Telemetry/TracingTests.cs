using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ConfluenceGateway.Tests.Telemetry;

/// <summary>Where an OTLP endpoint is configured, a request and the refresh it waits for are one trace; nothing secret is in it.</summary>
public sealed class TracingTests(Stores stores)
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Fact]
    public async Task A_request_that_waits_for_a_refresh_is_one_trace_with_a_span_for_each_step()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans.Enqueue);
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("traced");
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));

        using (await world.Gateway.App.GetAsync("/confluence/traced/wiki/api/v2/pages?limit=1"))
        {
        }

        // Other tests make spans meanwhile.
        var own = spans.Where(span => Equals(span.GetTagItem("confluence_gateway.connection"), "traced")).ToList();
        var refresh = Assert.Single(own, span => span.OperationName == "refresh");
        Assert.Equal(("expired", "rotated"), (refresh.GetTagItem("confluence_gateway.trigger"), refresh.GetTagItem("confluence_gateway.outcome")));
        foreach (var step in new[] { "lock", "exchange", "commit" })
        {
            Assert.Equal(refresh.SpanId, Assert.Single(own, span => span.OperationName == step).ParentSpanId);
        }

        Assert.Equal("Success", Assert.Single(own, span => span.OperationName == "exchange").GetTagItem("confluence_gateway.answer"));
        var wait = Assert.Single(own, span => span.OperationName == "wait for token");
        Assert.Equal((wait.SpanId, wait.TraceId), (refresh.ParentSpanId, refresh.TraceId));
        var forward = Assert.Single(own, span => span.OperationName == "forward");
        Assert.Equal((200, ActivityKind.Client), (forward.GetTagItem("http.response.status_code"), forward.Kind));
        Assert.Matches("^[0-9a-f]{32}$", Assert.IsType<string>(forward.GetTagItem("atlassian.trace_id")));
    }

    [Theory]
    [InlineData("Pass", Caller, "the caller's")]
    [InlineData("Pass", null, "none")]
    [InlineData("Join", Caller, "the gateway's in the caller's trace")]
    [InlineData("Join", null, "the gateway's")]
    [InlineData("Drop", Caller, "none")]
    public async Task The_trace_context_goes_on_as_the_setting_says(string mode, string? sent, string expected)
    {
        using var listener = Listen(_ => { });
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, $"--Upstream:TraceContext={mode}");
        await world.Gateway.ConnectAsync("demo");
        using var request = new HttpRequestMessage(HttpMethod.Get, Pages);
        if (sent is not null)
        {
            request.Headers.Add("traceparent", sent);
            request.Headers.Add("tracestate", "vendor=1");
        }

        using (await world.Gateway.App.SendAsync(request))
        {
        }

        var headers = (await world.Atlassian.GetRequestsAsync()).Last(recorded => recorded.Target.Contains("/api/v2/pages", StringComparison.Ordinal)).Headers;
        string? Value(string name) => headers.SingleOrDefault(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))?.Value;
        var passed = Value("traceparent");
        switch (expected)
        {
            case "none":
                Assert.Null(passed);
                Assert.Null(Value("tracestate"));
                break;
            case "the caller's":
                Assert.Equal(Caller, passed);
                Assert.Equal("vendor=1", Value("tracestate"));
                break;
            default:
                Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", passed);
                Assert.NotEqual(Caller, passed);
                break;
        }
    }

    [Fact]
    public async Task Spans_reach_the_collector_that_is_configured_and_carry_no_secret()
    {
        var received = new ConcurrentQueue<string>();
        await using var collector = Collector(received);
        await collector.StartAsync();
        await using (var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Embedded), 1, $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Urls.First()}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"))
        {
            await world.Gateway.ConnectAsync("demo");
            await world.AdvanceAsync(TimeSpan.FromMinutes(61));
            using var answer = await world.Gateway.App.GetAsync(Pages);
            using var probe = await world.Gateway.Management.GetAsync("/health/live");
            // What is collected is sent when the gateway stops, at the latest.
        }

        var all = string.Concat(received);
        Assert.Contains("confluence-gateway", all, StringComparison.Ordinal);
        Assert.Contains("exchange", all, StringComparison.Ordinal);
        Assert.Contains("/confluence/demo/wiki/api/v2/pages", all, StringComparison.Ordinal);
        Assert.DoesNotContain("/health/live", all, StringComparison.Ordinal);
        Assert.Empty(RunLog.SecretsIn([all]));
    }

    private static ActivityListener Listen(Action<Activity> keep)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Traces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = keep,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static WebApplication Collector(ConcurrentQueue<string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/traces", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
        return app;
    }
}
