using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>Who may manage the gateway, and what nonsense is told.</summary>
public sealed class ManagementAccessTests(Stores stores)
{
    [Theory]
    [InlineData("GET", "/api/v1/connections")]
    [InlineData("PUT", "/api/v1/connections/demo")]
    [InlineData("POST", "/api/v1/connections/demo/import")]
    [InlineData("DELETE", "/API/v1/connections/demo")]
    [InlineData("GET", "/api/v1/nothing-here")]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/v1/connections?key=" + World.AdminKey + "&access_token=" + World.AdminKey)]
    public async Task Nothing_below_api_answers_without_the_key(string method, string path)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        foreach (var credentials in new AuthenticationHeaderValue?[] { null, new("Bearer", "wrong"), new("Basic", World.AdminKey) })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Authorization = credentials;

            using var answer = await world.Gateway.Management.SendAsync(request);

            await answer.ProblemAsync(HttpStatusCode.Unauthorized, "admin-unauthorized");
            Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
        }
    }

    [Theory]
    [InlineData("no json", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("", "body")]
    [InlineData("{\"displayName\":7}", "displayName")]
    [InlineData("{\"siteUrl\":\"http://acme.atlassian.net\"}", "siteUrl")]
    [InlineData("{\"cloudId\":\"no-uuid\"}", "cloudId")]
    [InlineData("{\"displayName\":\"\"}", "displayName")]
    public async Task A_bad_body_is_told_by_its_field(string body, string field)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.Operator.PutAsync("/api/v1/connections/demo", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(field, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.Operator.PutAsync("/api/v1/connections/demo", new StringContent("{\"displayName\":\"" + new string('x', 70_000) + "\"}"));

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Theory]
    [InlineData("callback")]
    [InlineData("Demo")]
    [InlineData("-demo")]
    [InlineData("a.b")]
    [InlineData("x123456789012345678901234567890123456789012345678901234567890123")]
    public async Task A_bad_id_is_refused(string id)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.Operator.PutAsync($"/api/v1/connections/{id}", new StringContent("{}"));

        Assert.Equal("id", (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("field").GetString());
    }
}
