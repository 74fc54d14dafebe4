using System.Globalization;
using System.Text.Json.Nodes;
using AtlassianSimulator.Control;
using AtlassianSimulator.Edge;
using AtlassianSimulator.Faults;
using AtlassianSimulator.OAuth;
using Microsoft.Net.Http.Headers;

namespace AtlassianSimulator.Media;

/// <summary>The media host: gives a file to whoever has a link with a good token, and to nobody who brings other credentials.</summary>
internal sealed class MediaHost(
    MediaStore store, TokenSigner signer, SimulatorClock clock, ListenAddresses addresses, FaultInjection faults, Counters counters)
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);

    private readonly string _client = Guid.NewGuid().ToString();

    /// <summary>A link that works for ten minutes.</summary>
    public string Link(StoredFile file, string name)
    {
        var now = clock.GetUtcNow();
        var token = signer.Sign(new JsonObject
        {
            ["iss"] = _client,
            ["access"] = new JsonObject { [$"urn:filestore:file:{file.Id}"] = new JsonArray("read") },
            ["file"] = file.Id,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + TokenLifetime).ToUnixTimeSeconds(),
        });
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{addresses.Read().MediaUrl.GetLeftPart(UriPartial.Authority)}/file/{file.Id}/binary?token={token}&client={_client}&name={Uri.EscapeDataString(name)}");
    }

    public Task HandleAsync(HttpContext http)
    {
        counters.MediaRequest();
        return faults.RunAsync(http, FaultEndpoint.Media, () => ServeAsync(http));
    }

    private async Task ServeAsync(HttpContext http)
    {
        var segments = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments is not ["file", var id, "binary"])
        {
            await RefuseAsync(http, 404, "NotFound", "No such resource");
            return;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await RefuseAsync(http, 405, "MethodNotAllowed", "Only GET and HEAD");
            return;
        }

        if (http.Request.Headers.ContainsKey(HeaderNames.Authorization))
        {
            await RefuseAsync(http, 403, "Forbidden", "Credentials are not accepted here");
            return;
        }

        if (!IsGood(http.Request.Query["token"], id) || store.Find(id) is not { } file)
        {
            await RefuseAsync(http, 403, "Forbidden", "The token is not valid for this file");
            return;
        }

        var name = http.Request.Query["name"].ToString() is { Length: > 0 } given ? given : file.Id;
        http.Response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}";
        http.Response.Headers.CacheControl = "private, max-age=600";
        await TypedResults.PhysicalFile(
            file.Path, file.MediaType, fileDownloadName: null, lastModified: null, new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true)
            .ExecuteAsync(http);
    }

    private bool IsGood(string? token, string fileId) =>
        signer.Read(token) is { } claims
        && (string?)claims["file"] == fileId
        && (long?)claims["exp"] > clock.GetUtcNow().ToUnixTimeSeconds();

    private static Task RefuseAsync(HttpContext http, int status, string code, string title) =>
        Json.WriteAsync(http, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["title"] = title, ["href"] = null } }, status);
}
