using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.Proxy.Hostile;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>Ten thousand requests that mean no good, as bytes over TCP, judged by what goes on to the upstream and what comes back.</summary>
public sealed partial class HostileRequestTests(Stores stores)
{
    private const int Seed = 20_260_311;
    private const int Requests = 10_000;
    private const int AtOnce = 512;

    private static readonly Dictionary<string, string> Sites = new() { ["demo"] = World.AcmeCloudId, ["globex"] = World.GlobexCloudId };

    [Fact]
    public async Task No_hostile_request_hangs_breaks_out_or_takes_another_along()
    {
        await using var recorder = new Recorder();
        var outcomes = new ConcurrentDictionary<int, (HostileRequest Request, HostileOutcome Outcome)>();
        string upstreamHost;
        await using (var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, $"--Atlassian:ApiBaseUrl={recorder.Url}", "--Routing:HostSuffix=hosts.example"))
        {
            upstreamHost = new Uri(recorder.Url).Authority;
            await GiveGrantsAsync(world.Gateway);
            await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
            {
                var request = HostileRequests.Make(Seed, number);
                outcomes[number] = (request, await HostileCaller.SendAsync(world.Gateway.App.BaseAddress!, request));
            });
        }

        var forwarded = recorder.Requests.ToLookup(request => request.Number);
        Assert.Multiple(
        [
            () => Assert.Empty(recorder.Oddities),
            () => AssertNone(recorder.Requests.SelectMany(request => Faults(request, upstreamHost))),
            () => AssertNone(outcomes.Values.SelectMany(one => Faults(one.Request, one.Outcome, [.. forwarded[one.Request.Number]]))),
            // And the attempts were worth something: most kinds of them do reach the upstream.
            () => Assert.InRange(recorder.Requests.Count, Requests / 2, Requests * 2),
        ]);
    }

    private static IEnumerable<string> Faults(RecordedRequest request, string upstreamHost)
    {
        var head = request.Head;
        var place = UpstreamPath().Match(head.Target);
        var site = Sites.SingleOrDefault(site => site.Value == place.Groups["cloudId"].Value).Key;
        IEnumerable<(bool IsFault, string Fault)> found =
        [
            (!CanonicalHead().IsMatch(head.Text), "is no canonical HTTP/1.1"),
            (request.Number < 0, "belongs to nobody"),
            (site is null, "is not below a site"),
            (site is not null && ServerModels.LedOutOf(place.Value, head.Target.Split('?')[0]).Any(), $"leaves its site at {string.Join(", ", ServerModels.LedOutOf(place.Value, head.Target.Split('?')[0]))}"),
            (!head.Values("Authorization").SequenceEqual([$"Bearer access of {site}"]), "carries other credentials than the site's"),
            (head.Headers.Concat(request.Trailers?.Headers ?? []).Any(header => header.Value.Contains(HostileRequest.CallersSecret, StringComparison.Ordinal)), "carries the caller's credentials"),
            (head.Values("Cookie").Any(), "carries cookies"),
            (!head.Values("Host").SequenceEqual([upstreamHost]), "has another host"),
            (head.Values("Content-Length").Count() + head.Values("Transfer-Encoding").Count() > 1, "has two lengths"),
            (head.Method is "TRACE" or "CONNECT", "would be echoed or tunnelled"),
            (head.Values("Upgrade").Any() || head.Values("HTTP2-Settings").Any(), "asks for another protocol"),
        ];
        return found.Where(one => one.IsFault).Select(one => $"upstream of #{request.Number} {one.Fault}: {head.Text}");
    }

    private static IEnumerable<string> Faults(HostileRequest request, HostileOutcome outcome, IReadOnlyList<RecordedRequest> forwarded)
    {
        var served = outcome.Answers.SelectMany(answer => answer.Values(Recorder.NumberHeader)).ToArray();
        // Of what the caller gave up on, one may be under way.
        var unanswered = outcome.GaveUp ? 1 : 0;
        IEnumerable<(bool IsFault, string Fault)> found =
        [
            (!outcome.HasEnded, "hangs"),
            (outcome.GaveUp && request.IsWhole, "waits for more than there is"),
            (outcome.Answers.Any(answer => answer.Status >= 500 && !IsUnsupported(answer, request)), "is answered as the gateway's fault"),
            (served.Any(number => number != $"{request.Number}"), "got somebody else's answer"),
            (forwarded.Count > outcome.Answers.Count + unanswered, "smuggles a request"),
            (forwarded.Count(one => one.Trailers is not null) > served.Length + unanswered, "loses an answer"),
        ];
        return found.Where(one => one.IsFault).Select(one => $"{one.Fault} ({string.Join(", ", outcome.Answers.Select(answer => answer.StartLine))}): {request}");
    }

    // What HTTP has for a version that a server does not know (RFC 9110 section 15.6.6), told before there is a request.
    private static bool IsUnsupported(RawHead answer, HostileRequest request) =>
        answer.Status == 505 && !request.Text.Split('\n')[0].EndsWith("HTTP/1.1\r", StringComparison.Ordinal);

    private static void AssertNone(IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        Assert.True(all.Length == 0, $"{all.Length} faults:\n{string.Join('\n', all.Take(20))}");
    }

    private static async Task GiveGrantsAsync(TestGateway gateway)
    {
        foreach (var (id, cloudId) in Sites)
        {
            await gateway.CreateAsync(id);
            await gateway.Services.GetRequiredService<GrantStore>().ReplaceAsync(
                ConnectionId.Parse(id, null), Pairs.Of(id), World.ClientId, null, cloudId, "https://acme.atlassian.net");
        }
    }

    [GeneratedRegex("^/ex/(confluence|jira)/(?<cloudId>[0-9a-f-]{36})/")]
    private static partial Regex UpstreamPath();

    // RFC 9112 sections 3 and 5, without anything that a reader may take in more than one way.
    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]+ /[^\x00-\x20\x7f]* HTTP/1\.1\r\n([!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*\r\n)*\r\n\z")]
    private static partial Regex CanonicalHead();
}
