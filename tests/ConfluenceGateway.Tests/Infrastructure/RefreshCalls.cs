using System.Net;
using ConfluenceGateway.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>What tests ask of a connection's grant.</summary>
internal static class RefreshCalls
{
    /// <summary>Has the gateway rotate the connection now.</summary>
    public static async Task RefreshAsync(this TestGateway gateway, string id)
    {
        using var answer = await gateway.Operator.PostAsync($"/api/v1/connections/{id}/refresh", null);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The grant as the store has it.</summary>
    public static async Task<Grant> StoredGrantAsync(this TestGateway gateway, string id) =>
        (await gateway.Services.GetRequiredService<ConnectionStore>().ReadAsync(ConnectionId.Parse(id, null)))!.Grant!;

    /// <summary>The stored refresh token is the newest one that Atlassian gave.</summary>
    public static async Task AssertNewestIsStoredAsync(this World world, TestGateway gateway, string id) =>
        Assert.Equal((await world.GrantAsync()).CurrentRefreshTokenSha256, (await gateway.StoredGrantAsync(id)).Pair.RefreshToken.Fingerprint);
}
