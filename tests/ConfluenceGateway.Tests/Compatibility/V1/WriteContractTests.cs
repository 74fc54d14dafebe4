using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>
/// A sequence of writes in two worlds with the same data: in one by v1 itself, in the other by the gateway with v2. Each answer is the
/// same, and so is what v1 reads of either world afterwards.
/// </summary>
public sealed class WriteContractTests(Stores stores)
{
    public static TheoryData<string> Sequences => [.. WriteSequences.All.Keys];

    [Theory, MemberData(nameof(Sequences))]
    public async Task Writes_are_answered_as_v1_answers_them_and_leave_the_same_behind(string sequence)
    {
        await using var before = await TwinConnections.StartAsync(stores);
        await using var after = await TwinConnections.StartAsync(stores);
        // What a step makes is named by the steps that follow; the ids are the same in both worlds.
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in WriteSequences.All[sequence])
        {
            var (path, body) = (Filled(step.Path, made), Filled(step.Body, made));
            var expected = await V1Reply.OfAsync(before.Gateway.App, "forwarded", step.Method, path, body);
            var actual = await V1Reply.OfAsync(after.Gateway.App, "translated", step.Method, path, body);
            try
            {
                await V1Reply.AssertAlikeAsync(step.Method, path, expected, actual);
            }
            catch (Exception exception)
            {
                Assert.Fail($"{step.Method} {path} {body}\n{exception.Message}");
            }

            if (step.As is { } name)
            {
                made[name] = expected.Json!["id"]!.GetValue<string>();
                Assert.Equal(made[name], actual.Json!["id"]!.GetValue<string>());
            }
        }

        foreach (var path in WriteSequences.Traces.Select(trace => Filled(trace, made)).Where(path => !path.Contains("{{", StringComparison.Ordinal)))
        {
            var expected = await V1Reply.OfAsync(before.Gateway.App, "forwarded", "GET", path);
            var actual = await V1Reply.OfAsync(after.Gateway.App, "forwarded", "GET", path);
            Assert.Equal(expected.Status, actual.Status);
            Assert.Empty(JsonComparison.Of(expected.Json, actual.Json).Select(difference => $"{path} {difference}"));
        }
    }

    private static string Filled(string text, Dictionary<string, string> made) => made.Aggregate(text, (filled, pair) => filled.Replace($"{{{{{pair.Key}}}}}", pair.Value, StringComparison.Ordinal));
}
