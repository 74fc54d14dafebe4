using System.Net;
using System.Net.Http.Json;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>No token, code, secret or state in a log, at Debug. <see cref="RunLog"/> says the same of the whole run when it ends.</summary>
public sealed class SecretsInLogsTests(Stores stores)
{
    [Fact]
    public async Task The_life_of_a_connection_leaves_no_secret_in_the_log()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        var gateway = world.Gateway;
        await gateway.ConnectAsync("demo");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/confluence/demo/wiki/api/v2/pages");
        request.Headers.TryAddWithoutValidation("Authorization", "Basic bGVnYWN5OnBhc3N3b3Jk");
        using var served = await gateway.App.SendAsync(request);
        await world.Atlassian.ExpireAccessTokensAsync((await world.GrantAsync()).Id);
        using var replayed = await gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.TruncatedBody, FaultEndpoint.Token) { Times = 1 });
        using var refresh = await gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        using var import = await gateway.Operator.PostAsJsonAsync("/api/v1/connections/demo/import", new { refreshToken = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.c2ln" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, import.StatusCode);
        await world.Atlassian.ChangePasswordAsync("alice");
        await world.AdvanceAsync(TimeSpan.FromHours(2));
        using var dead = await gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages");
        Assert.Equal(HttpStatusCode.Unauthorized, dead.StatusCode);
        using var forged = await gateway.App.GetAsync("/connect/callback?code=eyJhbGciOiJIUzI1NiJ9.forged&state=cgws_forged-state-of-some-length");
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);

        Assert.Contains(gateway.Log.Lines, line => line.StartsWith("Debug Microsoft.AspNetCore.", StringComparison.Ordinal));
        Assert.Contains(gateway.Log.Lines, line => line.StartsWith("Debug RedLockNet", StringComparison.Ordinal) || line.StartsWith("Information RedLockNet", StringComparison.Ordinal));
        Assert.Empty(RunLog.SecretsIn(gateway.Log.Lines));
    }

    [Theory]
    [InlineData("Request starting GET /connect/callback?code=eyJhbGciOiJIUzI1NiJ9.e30.x")]
    [InlineData("link /connect/demo?ticket=CfDJ8DPHNjAJ3kBCrw2ge0N9dwl")]
    [InlineData("state cgws_mJ4Hq1o2k3j4h5g6f7d8")]
    [InlineData("Authorization: Basic bGVnYWN5OnBhc3N3b3Jk")]
    [InlineData("client_secret=simulator-secret")]
    public void The_scan_finds_a_secret_that_is_there(string line) => Assert.Single(RunLog.SecretsIn([line]).Distinct());
}
