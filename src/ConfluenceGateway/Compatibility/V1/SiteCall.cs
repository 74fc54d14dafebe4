using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>Makes a call of the connection's site, with its token and with the patience that any request gets.</summary>
/// <param name="method">The method.</param>
/// <param name="path">The path below the site, with the query, such as <c>/wiki/api/v2/pages/1</c>.</param>
/// <param name="body">What is sent as JSON; null for nothing.</param>
/// <param name="changes">Whether it changes something, so that it is not repeated unless that does no harm.</param>
/// <param name="cancellationToken">Ends the call.</param>
/// <exception cref="V1Exception">There is no token, or the site is out of reach.</exception>
internal delegate Task<SiteAnswer> SiteCall(HttpMethod method, string path, JsonNode? body, bool changes, CancellationToken cancellationToken);

/// <summary>What the site answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body as it came.</param>
/// <param name="Headers">The headers of the answer.</param>
/// <param name="ContentType">Its media type; null when it has none.</param>
internal sealed record SiteAnswer(int Status, byte[] Body, HttpResponseHeaders Headers, string? ContentType)
{
    /// <summary>Whether the call did what was asked.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The body as JSON; null when there is none, or it is none.</summary>
    public JsonNode? Json()
    {
        try
        {
            return Body.Length == 0 ? null : JsonNode.Parse(Body);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
