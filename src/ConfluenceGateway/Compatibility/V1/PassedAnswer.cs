namespace ConfluenceGateway.Compatibility.V1;

/// <summary>An answer of the site that ends a call of v1 as it came: it is throttled, its token lacks a scope, or the site fails.</summary>
internal sealed class PassedAnswer(SiteAnswer answer) : IResult
{
    // What a client goes by: when to come again, and whom to ask. The rest describes a call that is not the caller's.
    private static readonly string[] Passed = ["Retry-After", "RateLimit-Reason", "RateLimit-Policy", "RateLimit", "X-Failure-Category", "ATL-TraceId", "ATL-Request-Id", "WWW-Authenticate"];

    /// <summary>Its status.</summary>
    public int Status => answer.Status;

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            if (Passed.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("X-RateLimit-", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        response.ContentType = answer.ContentType;
        await response.Body.WriteAsync(answer.Body, httpContext.RequestAborted);
    }
}
