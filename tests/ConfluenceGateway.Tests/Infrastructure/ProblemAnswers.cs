using System.Net;
using System.Text.Json;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>Reads the gateway's own answers.</summary>
internal static class ProblemAnswers
{
    /// <summary>The problem, which must have this status and name.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string name)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal("urn:confluence-gateway:problem:" + name, problem.GetProperty("type").GetString());
        return problem;
    }
}
