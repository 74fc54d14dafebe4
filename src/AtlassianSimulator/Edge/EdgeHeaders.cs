using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace AtlassianSimulator.Edge;

/// <summary>The headers every answer of Atlassian's edge carries, beside what the answer itself says.</summary>
internal static class EdgeHeaders
{
    private const string ReportingEndpoint = "https://dz8aopenkvv6s.cloudfront.net";

    /// <summary>The server and tracing headers of any host of Atlassian's.</summary>
    public static void AddTo(HttpContext http)
    {
        var started = Stopwatch.GetTimestamp();
        http.Response.OnStarting(() =>
        {
            var trace = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var headers = http.Response.Headers;
            headers.Server = "AtlassianEdge";
            headers["atl-traceid"] = trace;
            headers["x-trace-id"] = trace;
            headers["atl-request-id"] = Guid.NewGuid().ToString();
            headers.StrictTransportSecurity = "max-age=63072000; preload";
            headers["nel"] = """{"failure_fraction": 0.01, "include_subdomains": true, "max_age": 600, "report_to": "endpoint-1"}""";
            headers["report-to"] = $$"""{"endpoints": [{"url": "{{ReportingEndpoint}}"}], "group": "endpoint-1", "include_subdomains": true, "max_age": 600}""";
            headers["server-timing"] = string.Create(
                CultureInfo.InvariantCulture, $"atl-edge;dur={Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0},atl-edge-internal;dur=2");
            if (!headers.Vary.ToString().Contains(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase))
            {
                headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>What Confluence adds: its timing, a session cookie, and for v1 that nothing may be kept.</summary>
    public static void AddConfluenceTo(HttpContext http, SimulatorClock clock)
    {
        var received = clock.GetUtcNow().ToUnixTimeMilliseconds();
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers["x-confluence-request-time"] = received.ToString(CultureInfo.InvariantCulture);
            headers.ContentLanguage = "en-US";
            headers.Append(HeaderNames.SetCookie, $"JSESSIONID={Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}; Path=/wiki; Secure; HttpOnly");
            if (http.Request.Path.Value?.Contains("/rest/api/", StringComparison.Ordinal) == true)
            {
                headers.CacheControl = "no-cache, no-store, must-revalidate";
                headers.Expires = "Thu, 01 Jan 1970 00:00:00 GMT";
            }

            return Task.CompletedTask;
        });
    }
}
