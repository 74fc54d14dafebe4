using System.Net;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>The API describes itself, all of it, as it is.</summary>
public sealed class ApiDescriptionTests(Stores stores)
{
    [Fact]
    public async Task Every_endpoint_is_described_with_what_it_does_and_answers()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.Management.GetAsync("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}", operation.Value))).ToList();

        var mapped = world.Gateway.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith("api/v1", StringComparison.Ordinal) == true)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}")).ToList();
        Assert.NotEmpty(mapped);
        Assert.Equal(mapped.Order(), described.Select(operation => operation.Name).Order());
        Assert.All(described, operation =>
        {
            Assert.True(operation.Value.TryGetProperty("summary", out var summary) && summary.GetString()!.EndsWith('.'), $"{operation.Name} has no summary");
            Assert.Contains(operation.Value.GetProperty("responses").EnumerateObject(), response => response.Name is "200" or "201" or "202" or "204");
            Assert.Contains(operation.Value.GetProperty("responses").EnumerateObject(), response => response.Name == "401");
        });
    }

    [Fact]
    public async Task Members_and_values_are_named_as_in_the_answers()
    {
        await using var world = await World.ConnectedAsync(stores);

        var document = JsonDocument.Parse(await world.Gateway.Management.GetStringAsync("/openapi/v1.json")).RootElement;
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty("ConnectionView").GetProperty("properties");

        Assert.Empty((await world.Gateway.ShowAsync("demo")).EnumerateObject().Select(member => member.Name).Except(schema.EnumerateObject().Select(member => member.Name)));
        Assert.Contains("reauth_required", document.ToString(), StringComparison.Ordinal);
    }
}
