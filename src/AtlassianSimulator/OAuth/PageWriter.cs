using System.Text;

namespace AtlassianSimulator.OAuth;

/// <summary>Sends a page that no other site may frame or cache.</summary>
internal static class PageWriter
{
    public static async Task WriteAsync(HttpContext http, int status, string html)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(html), http.RequestAborted);
    }

    public static string Page(string title, string body) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>{{title}}</title>
          <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem; color: #172b4d; background: #fff; }
            fieldset { border: 1px solid #8590a2; border-radius: 4px; margin: 1rem 0; padding: .5rem 1rem; }
            label { display: block; padding: .25rem 0; }
            button { font: inherit; padding: .5rem 1.25rem; margin-right: .5rem; border-radius: 4px; border: 1px solid #44546f; cursor: pointer; background: #fff; color: #172b4d; }
            button[value=accept] { background: #0c66e4; border-color: #0c66e4; color: #fff; }
            a { color: #0055cc; }
            .message { border-left: 4px solid #c9372c; padding: .25rem .75rem; }
            .note { color: #44546f; }
          </style>
        </head>
        <body>
        <main>
        {{body}}
        </main>
        </body>
        </html>
        """;
}
