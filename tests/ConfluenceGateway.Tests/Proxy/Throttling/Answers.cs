using System.Net;

namespace ConfluenceGateway.Tests.Proxy.Throttling;

/// <summary>Answers of an upstream with headers as they come over the wire.</summary>
internal static class Answers
{
    public static HttpResponseMessage With(HttpStatusCode status, params string[] headers)
    {
        var answer = new HttpResponseMessage(status);
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            Assert.True(answer.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim()));
        }

        return answer;
    }
}
