using System.Text;
using Microsoft.Net.Http.Headers;

namespace AtlassianSimulator.Confluence;

/// <summary>Atlassian's guard against cross-site writes: no browsers, and uploads must say that they are meant.</summary>
internal static class XsrfCheck
{
    public static bool Fails(HttpRequest request, bool isUpload)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return false;
        }

        // The token does not help a browser: its User-Agent alone is enough to be turned away.
        return request.Headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal) || (isUpload && !IsMeant(request));
    }

    public static async Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = 403;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("XSRF check failed"), http.RequestAborted);
    }

    private static bool IsMeant(HttpRequest request) =>
        request.Headers["X-Atlassian-Token"].ToString() is "no-check" or "nocheck";
}
