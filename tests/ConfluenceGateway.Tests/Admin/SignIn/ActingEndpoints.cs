using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Admin.SignIn;

/// <summary>Every endpoint of the management listener that does not only read, as it is really mapped.</summary>
internal static class ActingEndpoints
{
    public static IEnumerable<(string Method, string Path)> Of(TestGateway gateway) =>
        from endpoint in gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
        // The other listener's.
        where !path.StartsWith("/connect/", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["POST"]
        where method is not ("GET" or "HEAD")
        select (method, Regex.Replace(path, @"\{[^}]*\}", "demo"));
}
