using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ConfluenceGateway.Compatibility.V1;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>An answer to a call of v1, by whoever served it.</summary>
internal sealed record V1Reply(HttpStatusCode Status, string? ContentType, IReadOnlyList<string> Warnings, string Text)
{
    public JsonNode? Json => Text.Length == 0 ? null : JsonNode.Parse(Text);

    /// <summary>Calls v1 by a connection.</summary>
    /// <param name="app">The app's client.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">Below <c>/wiki/rest/api/</c>, with the query.</param>
    /// <param name="body">JSON, or what is sent in its place; empty for nothing.</param>
    public static async Task<V1Reply> OfAsync(HttpClient app, string connection, string method, string path, string body = "")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/confluence/{connection}/wiki/rest/api/{path}");
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var answer = await app.SendAsync(request);
        return new V1Reply(
            answer.StatusCode, answer.Content.Headers.ContentType?.MediaType,
            answer.Headers.TryGetValues("Warning", out var warnings) ? [.. warnings] : [], await answer.Content.ReadAsStringAsync());
    }

    /// <summary>
    /// The gateway answered a call as v1 itself did: with the same status and the same JSON but for the differences that are allowed, in
    /// the form that the specification says, with one warning, and without a word of where it got it.
    /// </summary>
    public static async Task AssertAlikeAsync(string method, string path, V1Reply expected, V1Reply actual)
    {
        Assert.True(expected.Status == actual.Status, $"v1 answers {(int)expected.Status}, the gateway {(int)actual.Status}: {expected.Text} -> {actual.Text}");
        Assert.StartsWith("299 - \"", Assert.Single(actual.Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain("/ex/confluence", actual.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(World.AcmeCloudId, actual.Text, StringComparison.Ordinal);
        if (actual.Status == HttpStatusCode.NotImplemented)
        {
            // v1 itself refuses it so; the gateway says in a problem what to do instead.
            Assert.Equal("urn:confluence-gateway:problem:v1-not-on-v2", actual.Json!["type"]!.GetValue<string>());
            return;
        }

        Assert.Equal(expected.ContentType, actual.ContentType);
        Assert.Empty(JsonComparison.Of(expected.Json, actual.Json).Where(difference => !Differences.Allow(path, difference)).Select(difference => difference.ToString()));
        var operation = V1Operations.Find(method, "/wiki/rest/api/" + path.Split('?')[0])!.Operation.Name;
        if (actual.Status == HttpStatusCode.OK)
        {
            Assert.DoesNotContain(await V1Schema.ViolationsAsync(operation, actual.Text), violation => !Differences.Allow(violation));
        }
    }
}
