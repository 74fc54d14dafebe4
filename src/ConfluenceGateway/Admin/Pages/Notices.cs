using System.Security.Cryptography;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Redis;
using Microsoft.AspNetCore.DataProtection;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>
/// What a form tells the page that it leads to: it travels in that page's address, encrypted, so that nobody else can have a page
/// say something and nothing of it is in a log.
/// </summary>
internal sealed class Notices(KeyRing ring)
{
    /// <summary>The parameter that carries it.</summary>
    public const string Parameter = "notice";

    /// <summary>Sends the browser to <paramref name="path"/> to be told there (RFC 9110 section 15.4.4).</summary>
    /// <param name="path">The page.</param>
    /// <param name="notice">What it says.</param>
    /// <param name="query">What else is in its address.</param>
    public IResult SeeOther(string path, PageNotice notice, QueryString query = default) =>
        new Redirect(path + query.Add(Parameter, Protector(path).Protect($"{notice.Kind}\n{notice.Text}\n{notice.ToCopy}")));

    /// <summary>What the request's address carries for its own page; null when nothing, or it was made for another.</summary>
    public PageNotice? Of(HttpRequest request)
    {
        if (request.Query[Parameter] is not [{ Length: > 0 } carried])
        {
            return null;
        }

        try
        {
            return Protector(request.Path).Unprotect(carried).Split('\n', 3) is [var kind, var text, var toCopy] ? new PageNotice(kind, text, toCopy is { Length: > 0 } ? toCopy : null) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Protector(string path) => ring.Protector("page-notice", path);

    // By hand: the framework's result logs where it leads.
    private sealed class Redirect(string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Response.Headers.Location = location;
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            return Task.CompletedTask;
        }
    }
}

/// <summary>A message on top of a page.</summary>
/// <param name="Kind"><c>good</c>, <c>warn</c> or <c>bad</c>.</param>
/// <param name="Text">What happened, and what to do.</param>
/// <param name="ToCopy">Something to copy, such as a link.</param>
public sealed record PageNotice(string Kind, string Text, string? ToCopy = null)
{
    /// <summary>Something was done.</summary>
    public static PageNotice Done(string text, string? toCopy = null) => new("good", text, toCopy);

    /// <summary>Something was not.</summary>
    internal static PageNotice Of(Problem problem) => new("bad", $"{problem.Title}. {problem.Detail}");
}
