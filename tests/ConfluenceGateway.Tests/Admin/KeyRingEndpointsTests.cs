using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>The key ring's calls where they cannot do what they are asked for.</summary>
public sealed class KeyRingEndpointsTests
{
    [Theory]
    [InlineData("rotate")]
    [InlineData("re-encrypt")]
    public async Task Without_the_store_the_answer_says_so(string call)
    {
        await using var world = await World.StartAsync($"127.0.0.1:{Ports.Take()}");

        using var answer = await world.Gateway.Operator.PostAsync($"/api/v1/key-ring/{call}", null);

        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "store-unavailable");
    }
}
