using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Admin.SignIn;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>Every page that says why there is not the page that was asked for.</summary>
internal static class AdminNotices
{
    private const string Back = "Back to the overview";
    private const string Again = "Sign in again";

    /// <summary>Sends a browser to sign in and back; whoever is no browser on the way to a page is told.</summary>
    public static Task AskToSignIn(HttpContext context)
    {
        var request = context.Request;
        // A script that listens or refreshes in the background would take the page for its answer.
        if (request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        // What was posted is lost, and posting needs a page to do it from.
        var returnUrl = ManagementAccess.IsRead(request) ? request.Path + request.QueryString.Value : "/";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = SignInEndpoints.Path + QueryString.Create("returnUrl", returnUrl);
        context.Response.StatusCode = StatusCodes.Status302Found;
        return Task.CompletedTask;
    }

    /// <summary>Nothing is at this path, told as a page to browsers and as a problem to everybody else.</summary>
    public static IResult NothingHere(HttpContext context) =>
        !ManagementAccess.IsApi(context.Request) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? NotFound()
            : AdminProblems.NotFound();

    public static IResult NotFound() => Notice(404, "Not found", "There is no such page. What it showed may have been deleted.");

    public static IResult Forbidden() => Notice(403, "Only operators may do this", "You are signed in as a viewer, who may look at everything and change nothing. Ask an operator, or sign in as one.");

    public static IResult FormExpired() => Notice(400, "This form is no longer good", "Nothing was changed. Go back, reload the page and send the form again: you may have signed in or out meanwhile. If it happens each time, Admin:PublicUrl is most likely not the address in your browser.");

    public static IResult TooManyAttempts(TimeSpan wait) =>
        Notice(429, "Too many attempts to sign in", "Wait a minute, and try again.", SignInEndpoints.Path, Again, wait);

    public static IResult NoRole(string name) => Notice(403, "You have no role here",
        $"You are {name}, and the identity provider gives you neither the role of operators nor that of viewers. Ask whoever gives roles there.", SignInEndpoints.Path, Again);

    public static IResult ProviderRefused() => Notice(400, "The sign-in did not work", "What came back from the identity provider is not what was asked for, or too old. The gateway's log says more.", SignInEndpoints.Path, Again);

    public static IResult ProviderUnreachable() => Notice(503, "The identity provider does not answer", "Try again in a moment, or sign in with a key.", SignInEndpoints.Path, Again, TimeSpan.FromSeconds(10));

    /// <summary>Redis or its key ring is out of reach.</summary>
    public static IResult Unavailable() => Notice(503, "The store is out of reach",
        "Pages need Redis and the key ring in it, and the gateway keeps trying. /health/ready says more.", "/health/ready", "Readiness", TimeSpan.FromSeconds(5));

    private static AdminPageResult<AdminNotice> Notice(int status, string title, string text, string link = "/", string linkText = Back, TimeSpan? retryAfter = null) =>
        new(status, new Dictionary<string, object?>
        {
            [nameof(AdminNotice.Title)] = title,
            [nameof(AdminNotice.Text)] = text,
            [nameof(AdminNotice.Link)] = link,
            [nameof(AdminNotice.LinkText)] = linkText,
        })
        { RetryAfter = retryAfter };
}
