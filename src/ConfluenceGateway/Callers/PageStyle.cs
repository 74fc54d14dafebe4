using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace ConfluenceGateway.Callers;

/// <summary>The one style sheet of all pages, and the content security policy that allows it and nothing else.</summary>
internal static class PageStyle
{
    private const string Css = """
        :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
        body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; }
        code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
        pre { padding: .75rem; border: 1px solid; border-radius: .25rem; white-space: pre-wrap; }
        fieldset { border: 1px solid; border-radius: .25rem; }
        label { display: block; padding: .25rem 0; }
        button { margin-top: 1rem; padding: .5rem 1.25rem; font: inherit; }
        """;

    /// <summary>The style sheet, as it stands in the page.</summary>
    public static MarkupString Sheet { get; } = new(Css);

    /// <summary>The value of <c>Content-Security-Policy</c>: no script, no foreign resource, no frame.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
}
