using ConfluenceGateway.Callers;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>What a form gets whose wish was not done: a page for the person, the problem for the audit trail.</summary>
internal sealed record Refused(Problem Problem, IResult Page) : IResult
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => Page.ExecuteAsync(httpContext);
}
