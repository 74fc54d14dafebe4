using System.Diagnostics;
using System.Text;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.Faults;

/// <summary>Carries out the faults that strike a request.</summary>
internal sealed class FaultAnswers(SimulatorClock clock, IHostApplicationLifetime lifetime)
{
    private const string Page = "<!DOCTYPE html><html><head><title>Atlassian</title></head><body><h1>We'll be right back</h1></body></html>";

    /// <summary>Waits as asked, then answers or cuts the connection if a fault strikes before the effect.</summary>
    /// <returns>Whether the request is over.</returns>
    public async Task<bool> BeforeAsync(HttpContext http, DueFaults due)
    {
        await DelayAsync(due, FaultPhase.BeforeSpend);
        foreach (var (name, value) in due.Headers)
        {
            http.Response.Headers[name] = value;
        }

        switch (due.Answer)
        {
            case { Kind: FaultKind.DropBeforeSpend }:
                Connection.Drop(http);
                return true;
            case { Kind: FaultKind.FalseUnauthorized }:
                await WriteAsync(http, 401, "application/json", """{"code":401,"message":"Unauthorized"}""");
                return true;
            case { Kind: FaultKind.Status or FaultKind.Html, Phase: FaultPhase.BeforeSpend } fault:
                await WriteAsync(http, fault);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Sends an answer that is ready, in the way a fault that strikes after the effect wants it.</summary>
    public static async Task AnswerAsync(HttpContext http, DueFaults due, ReadOnlyMemory<byte> body, int status, string contentType = "application/json")
    {
        switch (due.Answer)
        {
            case { Kind: FaultKind.DropAfterSpend }:
                Connection.Drop(http);
                return;
            case { Kind: FaultKind.Status or FaultKind.Html } fault:
                http.Response.Headers.ContentLength = null;
                await WriteAsync(http, fault);
                return;
            case { Kind: FaultKind.TruncatedBody }:
                http.Response.StatusCode = status;
                http.Response.ContentType = contentType;
                http.Response.ContentLength = Math.Max(body.Length, 2);
                await http.Response.Body.WriteAsync(body[..(body.Length / 2)], CancellationToken.None);
                await http.Response.Body.FlushAsync(CancellationToken.None);
                await Connection.EndAsync(http);
                return;
            default:
                http.Response.StatusCode = status;
                if (body.Length > 0)
                {
                    http.Response.ContentType = contentType;
                    await http.Response.Body.WriteAsync(body, CancellationToken.None);
                }

                return;
        }
    }

    // A client that gave up does not shorten the wait: what it asked for still happens.
    public async Task DelayAsync(DueFaults due, FaultPhase phase)
    {
        foreach (var duration in due.Delays(phase))
        {
            // A timer may be some milliseconds early by a finer clock than its own.
            var began = Stopwatch.GetTimestamp();
            for (var left = duration; left > TimeSpan.Zero; left = duration - Stopwatch.GetElapsedTime(began))
            {
                await Task.Delay(left, clock, lifetime.ApplicationStopping);
            }
        }
    }

    private static Task WriteAsync(HttpContext http, Fault fault)
    {
        if (fault.RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return fault.Kind == FaultKind.Html
            ? WriteAsync(http, fault.Code ?? 200, fault.ContentType ?? "text/html; charset=utf-8", fault.Body ?? Page)
            : WriteAsync(http, fault.Code ?? 500, fault.ContentType ?? "application/json", fault.Body ?? $$"""{"code":{{fault.Code}},"message":"Simulated fault"}""");
    }

    private static async Task WriteAsync(HttpContext http, int status, string contentType, string body)
    {
        http.Response.StatusCode = status;
        if (status is 204 or 304)
        {
            return;
        }

        http.Response.ContentType = contentType;
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), CancellationToken.None);
    }
}
