using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ConfluenceGateway.Callers;

/// <summary>A page as an answer: rendered on the server, never cached, and closed to scripts, frames and referrers.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="parameters">The parameters of <typeparamref name="TPage"/>, by name.</param>
internal sealed class PageResult<TPage>(int status, object parameters) : IResult
    where TPage : IComponent
{
    /// <summary>Where the page's forms may lead, redirects included, as sources of its content security policy.</summary>
    public string FormAction { get; init; } = "'self'";

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = PageStyle.ContentSecurityPolicy(FormAction);
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status }.ExecuteAsync(httpContext);
    }
}
