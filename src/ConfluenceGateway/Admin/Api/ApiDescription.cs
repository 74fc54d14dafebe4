using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ConfluenceGateway.Admin.Api;

/// <summary>The management API's own description, OpenAPI at <c>/openapi/v1.json</c>, made of the endpoints as they are mapped.</summary>
internal static class ApiDescription
{
    private const string Document = "v1";
    private const string Scheme = "adminKey";

    /// <summary>Adds the description, and has it name members and values as the answers do.</summary>
    public static void AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(http =>
        {
            http.SerializerOptions.DefaultIgnoreCondition = JsonBody.Options.DefaultIgnoreCondition;
            foreach (var converter in JsonBody.Options.Converters)
            {
                http.SerializerOptions.Converters.Add(converter);
            }
        });
        services.AddOpenApi(Document, options =>
        {
            options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
            options.AddDocumentTransformer(DescribeAsync);
        });
    }

    /// <summary>Maps <c>/openapi/v1.json</c>; it tells nothing that the documentation does not, so it needs no key.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Confluence Gateway management API",
            Version = Document,
            Description = "Problems are application/problem+json (RFC 9457); their type is urn:confluence-gateway:problem:<name>.",
        };
        // Where it is reached depends on who asks.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The value of Admin:ApiKey." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
