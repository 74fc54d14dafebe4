using System.Security.Cryptography;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>The style sheet, the script and the icon of the management pages, each at an address that changes with its content.</summary>
internal static class AdminAssets
{
    private static readonly Asset Style = Read("admin.css", "text/css; charset=utf-8");
    private static readonly Asset Script = Read("live.js", "text/javascript; charset=utf-8");
    private static readonly Asset Icon = Read("icon.svg", "image/svg+xml");

    /// <summary>Where the style sheet is.</summary>
    public static string StyleUrl => Style.Url;

    /// <summary>Where the script is.</summary>
    public static string ScriptUrl => Script.Url;

    /// <summary>Where the icon is.</summary>
    public static string IconUrl => Icon.Url;

    /// <summary>Maps them; the page to sign in needs them too.</summary>
    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        foreach (var asset in new[] { Style, Script, Icon })
        {
            routes.MapGet(asset.Url, (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return TypedResults.Bytes(asset.Content, asset.Type);
            }).AllowAnonymous();
        }
    }

    private static Asset Read(string name, string type)
    {
        using var resource = typeof(AdminAssets).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        var version = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
        return new Asset($"/assets/{Path.GetFileNameWithoutExtension(name)}.{version}{Path.GetExtension(name)}", type, content);
    }

    private sealed record Asset(string Url, string Type, byte[] Content);
}
