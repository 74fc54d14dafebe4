using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Chaos.Faults;
using ConfluenceGateway.Chaos.Replicas;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>
/// One replica has many refreshes under way, each at a step of the protocol of its own, when it dies. What it has left is carried
/// on by the others, or by the next process when there are none.
/// </summary>
internal sealed class CrashStory : IAsyncDisposable
{
    private const int Killed = 128 + 9;

    // What is under way in the replica is its own: nobody asks before the tokens have ended, and then nobody else at first.
    private static readonly TimeSpan FirstTokens = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LaterTokens = TimeSpan.FromSeconds(12);

    // On a machine under load the replica has many first exchanges at once.
    private static readonly TimeSpan ExchangeTimeout = TimeSpan.FromSeconds(4);

    // The lock and the intent that the dead replica leaves last 15 seconds longer than an exchange; the rest is for the load again.
    private static readonly TimeSpan TakeOver = ExchangeTimeout + TimeSpan.FromSeconds(15 + 10);
    private readonly Story _story;
    private readonly Dictionary<CrashPoint, ConnectedGrant> _grants = [];

    private CrashStory(Story story) => _story = story;

    /// <summary>The replicas besides the one that dies.</summary>
    public IReadOnlyList<Replica> Others => [.. Cluster.Replicas.Skip(1)];

    /// <summary>The replica that dies, and nobody else.</summary>
    public IReadOnlyList<Replica> Itself => [Victim];

    private Cluster Cluster => _story.Cluster;

    private Replica Victim => Cluster.Replicas[0];

    public static async Task<CrashStory> BeginAsync(int replicas)
    {
        RedisProcess.Require();
        CrashPoint[] points = [.. CrashPoint.OfLivingGrants, .. CrashPoint.OfDeadGrants];
        Assert.NotEmpty(points);
        var settings = new ClusterSettings
        {
            Replicas = replicas,
            // One is not being refreshed when the replica dies, and nothing of it may change.
            Connections = 1,
            ExchangeTimeout = ExchangeTimeout,
            TokenLifetime = FirstTokens,
            OfTheFirst = CrashPoint.Settings(points),
        };
        var story = new CrashStory(await Story.PrepareAsync(settings, Seed.Next()));
        foreach (var point in points)
        {
            story._grants[point] = await story.Cluster.ConnectAsync(point.Connection, lasting: CrashPoint.OfLivingGrants.Contains(point));
            await story.ArrangeAsync(point);
        }

        return story;
    }

    /// <summary>Has the replica begun every refresh and die in them, and what it leaves carried on.</summary>
    /// <param name="title">What the account is called.</param>
    /// <param name="heirs">Who carries on; the replica itself is started again then.</param>
    public async Task EndWellAsync(string title, IReadOnlyList<Replica> heirs)
    {
        var atlassian = Cluster.Atlassian;
        await FaultInjector.PauseAsync(FirstTokens);
        await atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AccessTokenLifetime = LaterTokens });
        await _story.Faults.DuringAsync("replica died in its refreshes", TakeOver, Victim, async () =>
        {
            await DieAsync();
            await Task.WhenAll(_grants.Keys.Select(AssertLeftAsync));
            if (heirs.Contains(Victim))
            {
                await Victim.StartAsync();
            }

            var alive = Stopwatch.StartNew();
            _story.Traffic.Begin();
            await Task.WhenAll(_grants.Keys.Select(point => CarriedOnAsync(point, heirs, alive)));
            if (!heirs.Contains(Victim))
            {
                await Victim.StartAsync();
            }
        });

        foreach (var point in CrashPoint.OfDeadGrants)
        {
            await AssertMarkedOnceAsync(point);
        }

        await _story.EndWellAsync(title);
    }

    public ValueTask DisposeAsync() => _story.DisposeAsync();

    private async Task ArrangeAsync(CrashPoint point)
    {
        var (atlassian, grantId) = (Cluster.Atlassian, _grants[point].GrantId);
        var once = new Fault(FaultKind.Delay, FaultEndpoint.Token)
        {
            GrantId = grantId,
            Times = 1,
        };
        if (CrashPoint.OfDeadGrants.Contains(point))
        {
            await atlassian.RevokeGrantAsync(grantId);
        }
        else if (point.Moment == "in-r6")
        {
            await atlassian.AddFaultAsync(once with { Phase = FaultPhase.AfterSpend, Duration = TimeSpan.FromSeconds(10) });
        }
        else if (point.Moment == "before-r9")
        {
            const string Refusal = """{"error":"unauthorized_client","error_description":"refresh_token is invalid"}""";
            await atlassian.AddFaultAsync(once with { Kind = FaultKind.Status, Code = 403, Body = Refusal });
        }
    }

    private async Task DieAsync()
    {
        var callers = _grants.Keys.Select(point => FaultInjector.AbandonedAsync(() => Victim.GetPageAsync(point.Connection))).ToArray();
        foreach (var point in _grants.Keys)
        {
            await Eventually.TrueAsync(
                () => Victim.Output.Contains(CrashPoint.Line(point.Connection, point.Moment), StringComparison.Ordinal), $"{point} is reached");
        }

        Assert.Equal(Killed, await Victim.EndedAsync());
        await Task.WhenAll(callers);
    }

    /// <summary>It has died where it should: neither earlier nor later, as Atlassian and the store see it.</summary>
    private async Task AssertLeftAsync(CrashPoint point)
    {
        var stored = await Cluster.StoredAsync(point.Connection);
        var left = stored switch
        {
            { State: "reauth_required" } => Left.Death,
            { Generation: > 1 } => Left.NewPair,
            { HasIntent: true } => Left.Intent,
            _ => Left.Nothing,
        };
        var sent = (await Cluster.Atlassian.GetGrantAsync(_grants[point].GrantId)).Attempts;
        Assert.Equal(point, point with { Sent = sent, Left = left });
    }

    private static async Task CarriedOnAsync(CrashPoint point, IReadOnlyList<Replica> heirs, Stopwatch alive)
    {
        var expected = CrashPoint.OfDeadGrants.Contains(point) ? HttpStatusCode.Unauthorized : HttpStatusCode.OK;
        foreach (var heir in heirs)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    using var answer = await heir.GetPageAsync(point.Connection);
                    return answer.StatusCode == expected;
                },
                $"{heir.Name} answers {expected} after a death {point.Moment} of {point.Connection}");
        }

        var after = alive.Elapsed;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{point.Connection,-10} left {point.Left,-8} carried on after {after.TotalSeconds,5:0.0} s"));
        Assert.True(after < TakeOver, $"{point} was carried on after {after}");
    }

    private async Task AssertMarkedOnceAsync(CrashPoint point)
    {
        using var answer = await Victim.GetPageAsync(point.Connection);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("urn:confluence-gateway:problem:reauth-required", problem.GetProperty("type").GetString());
        Assert.StartsWith("http", problem.GetProperty("reconnectUrl").GetString(), StringComparison.Ordinal);
        // Who sends a token again cannot know that it was refused before.
        Assert.Equal(point.Left == Left.Death ? "revoked" : "rotation_lost", problem.GetProperty("reason").GetString());
        Assert.Equal("reauth_required", (await Cluster.StoredAsync(point.Connection)).State);
        Assert.Equal(point.Left == Left.Death ? 1 : 2, (await Cluster.Atlassian.GetGrantAsync(_grants[point].GrantId)).Rejected);
    }
}
