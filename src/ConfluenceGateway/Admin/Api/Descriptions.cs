using Microsoft.OpenApi;

namespace ConfluenceGateway.Admin.Api;

/// <summary>Says of endpoints what the API's description needs to know.</summary>
internal static class Descriptions
{
    /// <summary>Describes an endpoint.</summary>
    /// <typeparam name="T">What it answers with 200.</typeparam>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    /// <param name="problems">The statuses it may answer a problem with, besides those that every endpoint may.</param>
    public static RouteHandlerBuilder Describe<T>(this RouteHandlerBuilder endpoint, string summary, IEnumerable<int> problems) =>
        endpoint.Produces<T>().Describe(summary, problems);

    /// <summary>Describes an endpoint that does not answer with 200, but as it says itself.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    /// <param name="problems">The statuses it may answer a problem with, besides those that every endpoint may.</param>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string summary, IEnumerable<int> problems)
    {
        endpoint.WithSummary(summary);
        foreach (var status in problems.Concat([401, 403, 503]).Order())
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint;
    }

    /// <summary>Describes the body an endpoint takes; it is read whatever its content type says, since curl and old clients send any.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="contentType">What it should be sent as.</param>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, string contentType = "application/json") =>
        endpoint.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) => operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { [contentType] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellationToken) } },
        });
}
