using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>A management page as an answer: never cached, in no frame, with the gateway's own style and script and nothing else.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="parameters">The parameters of <typeparamref name="TPage"/>, by name.</param>
internal sealed class AdminPageResult<TPage>(int status, Dictionary<string, object?> parameters) : IResult
    where TPage : IComponent
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>How long to wait before the next try; rounded up to whole seconds, at least one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        // In the words of the antiforgery service, which warns of others in the log.
        headers.CacheControl = "no-cache, no-store";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        // Not no-referrer: browsers then send forms without their origin, which is checked.
        headers["Referrer-Policy"] = "same-origin";
        headers.XContentTypeOptions = "nosniff";
        if (RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return new RazorComponentResult<TPage>(parameters) { StatusCode = status }.ExecuteAsync(httpContext);
    }
}
