using System.Net;

namespace ConfluenceGateway.Chaos.Load;

/// <summary>Reads what a gateway answered.</summary>
internal static class Answer
{
    private const int Brief = 300;

    /// <summary>Whether it says that there is no token just now, and when to come again.</summary>
    public static async Task<bool> IsWithoutTokenAsync(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null
        && (await answer.Content.ReadAsStringAsync()).Contains("urn:confluence-gateway:problem:token-unavailable", StringComparison.Ordinal);

    /// <summary>Its status and the beginning of its body.</summary>
    public static async Task<string> BriefAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return $"{(int)answer.StatusCode} {(text.Length > Brief ? text[..Brief] + "…" : text)}";
    }
}
