using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace ConfluenceGateway.Tests.Atlassian;

/// <summary>What each answer of the token endpoint means, down to those that never come.</summary>
public sealed class TokenEndpointTests
{
    private const string Sent = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ0aGUtdG9rZW4tdGhhdC13YXMtc2VudCJ9.c2lnbmF0dXJl";
    private const string Html = "<html><body>Access denied</body></html>";

    [Theory]
    [InlineData(403, """{"error":"unauthorized_client","error_description":"refresh_token is invalid"}""", "Dead")]
    [InlineData(403, """{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}""", "Dead")]
    [InlineData(400, """{"error":"invalid_grant"}""", "Dead")]
    [InlineData(401, """{"error":"unauthorized_client","error_description":"Invalid refresh token"}""", "Dead")]
    [InlineData(400, """{"error":"invalid_request","error_description":"authorization_code is invalid"}""", "Dead")]
    [InlineData(401, """{"error":"access_denied","error_description":"Unauthorized"}""", "Misconfigured")]
    [InlineData(401, """{"error":"invalid_client"}""", "Misconfigured")]
    [InlineData(403, """{"error":"unauthorized_client","error_description":"client is not allowed"}""", "Misconfigured")]
    [InlineData(400, """{"error":"invalid_request","error_description":"grant_type is missing"}""", "Misconfigured")]
    [InlineData(429, """{"error":"rate_limited"}""", "Unsent")]
    [InlineData(401, Html, "Ambiguous")]
    [InlineData(403, Html, "Ambiguous")]
    [InlineData(403, """{"message":"Forbidden"}""", "Ambiguous")]
    [InlineData(403, """["error"]""", "Ambiguous")]
    [InlineData(404, "", "Ambiguous")]
    [InlineData(408, """{"error":"invalid_grant"}""", "Ambiguous")]
    [InlineData(500, """{"error":"invalid_grant"}""", "Ambiguous")]
    [InlineData(502, Html, "Ambiguous")]
    [InlineData(503, "", "Ambiguous")]
    [InlineData(302, "", "Ambiguous")]
    [InlineData(200, Html, "Ambiguous")]
    [InlineData(200, "{}", "Ambiguous")]
    [InlineData(200, """{"access_token":"","expires_in":3600}""", "Ambiguous")]
    [InlineData(200, """{"access_token":"a","expires_in":"soon"}""", "Ambiguous")]
    [InlineData(200, """{"access_token":"a","refresh_token":"b","expires_in":3600}""", "Success")]
    public async Task An_answer_is_classified(int status, string body, string expected)
    {
        using var server = Answering(Response.Create().WithStatusCode(status).WithBody(body));
        await using var services = Services(server.Url!);

        Assert.Equal(expected, (await RefreshAsync(services)).GetType().Name);
    }

    [Theory]
    [InlineData("""{"access_token":"a","expires_in":3600}""")]
    [InlineData("""{"access_token":"a","refresh_token":"","expires_in":3600}""")]
    [InlineData("""{"access_token":"a","refresh_token":null,"expires_in":3600}""")]
    public async Task A_success_without_a_refresh_token_keeps_the_one_that_was_sent(string body)
    {
        using var server = Answering(Response.Create().WithBody(body));
        await using var services = Services(server.Url!);

        var success = Assert.IsType<TokenAnswer.Success>(await RefreshAsync(services));

        Assert.Equal(Sent, success.Pair.RefreshToken.Reveal());
    }

    [Fact]
    public async Task A_code_without_a_refresh_token_in_return_is_told_apart()
    {
        using var server = Answering(Response.Create().WithBody("""{"access_token":"a","expires_in":3600}"""));
        await using var services = Services(server.Url!);

        Assert.IsType<TokenAnswer.NoRefreshToken>(await services.GetRequiredService<TokenEndpoint>().ExchangeCodeAsync(new Secret("code"), new Uri("http://localhost/callback"), default));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    public async Task Retry_After_of_a_429_is_kept(string header, int seconds)
    {
        using var server = Answering(Response.Create().WithStatusCode(429).WithHeader("Retry-After", header));
        await using var services = Services(server.Url!);

        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.IsType<TokenAnswer.Unsent>(await RefreshAsync(services)).RetryAfter);
    }

    [Fact]
    public async Task Evidence_never_repeats_the_token_even_if_the_answer_does()
    {
        using var server = Answering(Response.Create().WithStatusCode(403).WithBody($$"""{"error":"unauthorized_client","error_description":"refresh_token {{Sent}} is invalid"}"""));
        await using var services = Services(server.Url!);

        var dead = Assert.IsType<TokenAnswer.Dead>(await RefreshAsync(services));

        Assert.Contains("is invalid", dead.Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", dead.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_is_JSON_with_the_names_of_RFC_6749()
    {
        using var server = Answering(Response.Create().WithBody("{}"));
        await using var services = Services(server.Url!);

        await RefreshAsync(services);

        var request = Assert.Single(server.LogEntries).RequestMessage!;
        Assert.Equal("/oauth/token", request.Path);
        var body = JsonDocument.Parse(request.Body!).RootElement;
        Assert.Equal(["client_id", "client_secret", "grant_type", "refresh_token"], body.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal("refresh_token", body.GetProperty("grant_type").GetString());
        Assert.Equal(Sent, body.GetProperty("refresh_token").GetString());
    }

    [Fact]
    public async Task Without_a_server_the_token_was_not_sent()
    {
        await using var services = Services($"http://127.0.0.1:{Ports.Take()}");

        Assert.IsType<TokenAnswer.Unsent>(await RefreshAsync(services));
    }

    [Fact]
    public async Task A_connection_that_drops_after_the_request_is_ambiguous_and_the_request_is_sent_once()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var services = Services($"http://{listener.LocalEndpoint}");
        var accepted = 0;
        var serving = Task.Run(async () =>
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                accepted++;
                await connection.GetStream().ReadAtLeastAsync(new byte[16 * 1024], 200);
            }
        });

        Assert.IsType<TokenAnswer.Ambiguous>(await RefreshAsync(services));
        Assert.IsType<TokenAnswer.Ambiguous>(await RefreshAsync(services));

        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
        Assert.Equal(2, accepted);
    }

    [Fact]
    public async Task No_answer_in_time_is_ambiguous()
    {
        using var server = Answering(Response.Create().WithDelay(TimeSpan.FromSeconds(20)));
        await using var services = Services(server.Url!);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.IsType<TokenAnswer.Ambiguous>(await services.GetRequiredService<TokenEndpoint>().RefreshAsync(new Secret(Sent), patience.Token));
    }

    private static Task<TokenAnswer> RefreshAsync(ServiceProvider services) =>
        services.GetRequiredService<TokenEndpoint>().RefreshAsync(new Secret(Sent), CancellationToken.None);

    private static WireMockServer Answering(IResponseBuilder response)
    {
        var server = WireMockServer.Start();
        server.Given(Request.Create().UsingPost()).RespondWith(response);
        return server;
    }

    private static ServiceProvider Services(string authBaseUrl)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Atlassian:AuthBaseUrl"] = authBaseUrl,
            ["Atlassian:ClientId"] = "client",
            ["Atlassian:ClientSecret"] = "secret",
        }).Build());
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<GatewayMetrics>();
        services.AddAtlassian();
        return services.BuildServiceProvider();
    }
}
