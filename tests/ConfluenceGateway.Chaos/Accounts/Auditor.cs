using System.Diagnostics;
using System.Net;
using AtlassianSimulator.Control;
using ConfluenceGateway.Chaos.Faults;
using ConfluenceGateway.Chaos.Load;
using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Accounts;

/// <summary>Once the faults are over: does every grant live, does the store hold a pair that works, and do the counts add up?</summary>
internal sealed class Auditor(Cluster cluster, FaultLog faults, Traffic traffic)
{
    // The lock of a dead replica, the longest wait for it, and a rest after failed tries.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    // For a refresh that gets no answer in time, under load, and is tried again: it is no fault of the gateway's.
    private static readonly TimeSpan ReuseInterval = TimeSpan.FromSeconds(4);
    private readonly List<string> _violations = [];
    private int _next;

    public async Task<FinalAccount> DrawUpAsync(string title)
    {
        await cluster.Atlassian.ClearFaultsAsync();
        var calm = await Task.WhenAll(cluster.Replicas.SelectMany(replica => cluster.Connections.Select(connection =>
            UntilOkAsync($"{connection.ConnectionId} on {replica.Name}", () => replica.GetPageAsync(connection.ConnectionId)))));
        _violations.AddRange(calm.OfType<string>());
        // A dead replica's exchange is taken up by the traffic once its deadline has passed, while a spent token still serves.
        var taken = await Task.WhenAll(cluster.Connections.Select(UntilNothingIsInterruptedAsync));
        _violations.AddRange(taken.OfType<string>());
        await traffic.StopAsync();
        _violations.AddRange(traffic.Failures.Take(20));

        // Without traffic nothing rotates. After this wait a spent refresh token is good for nothing: what refreshes then was the newest, or a sibling of it.
        await cluster.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ReuseInterval = ReuseInterval });
        await FaultInjector.PauseAsync(ReuseInterval + TimeSpan.FromSeconds(1));
        var connections = new List<ConnectionAccount>();
        foreach (var connection in cluster.Connections)
        {
            connections.Add(await ExamineAsync(connection));
        }

        var (surplus, most) = (connections.Sum(connection => connection.Surplus), faults.Count * connections.Count);
        if (surplus > most)
        {
            _violations.Add($"{surplus} exchanges beyond one a generation, and {faults.Count} faults explain {most} at most");
        }

        return new FinalAccount(title, faults, traffic, connections, _violations);
    }

    private async Task<ConnectionAccount> ExamineAsync(ConnectedGrant connection)
    {
        var (id, grantId) = connection;
        var replica = cluster.Replicas[_next++ % cluster.Replicas.Count];
        if (await UntilOkAsync($"a refresh of {id} on {replica.Name}", () => replica.RefreshAsync(id)) is { } refused)
        {
            _violations.Add(refused);
        }
        else
        {
            foreach (var other in cluster.Replicas)
            {
                using var answer = await other.GetPageAsync(id);
                Check(answer.StatusCode == HttpStatusCode.OK, $"{id} on {other.Name} answers {(int)answer.StatusCode} after its refresh");
            }
        }

        var grant = await cluster.Atlassian.GetGrantAsync(grantId);
        var stored = await cluster.StoredAsync(id);
        Check(grant.Alive, $"the grant of {id} is lost: {grant.DeadReason}");
        Check(stored.Fingerprint == grant.CurrentRefreshTokenSha256, $"the store does not hold the newest pair of {id}");
        var account = new ConnectionAccount(id, grant.Alive, stored.Generation, grant.Exchanges, grant.Rejected, grant.MaxInFlight);
        Check(account.Surplus >= 0, $"{id} has more generations than exchanges");
        return account;
    }

    /// <summary>Waits until no exchange of a connection is open; what is wrong when one never ends.</summary>
    private async Task<string?> UntilNothingIsInterruptedAsync(ConnectedGrant connection)
    {
        for (var waited = Stopwatch.StartNew(); await cluster.HasOpenExchangeAsync(connection.ConnectionId);)
        {
            if (waited.Elapsed > Patience)
            {
                return $"an exchange of {connection.ConnectionId} is still open {Patience.TotalSeconds:0} s after the last fault";
            }

            await FaultInjector.PauseAsync(TimeSpan.FromMilliseconds(20));
        }

        return null;
    }

    private void Check(bool good, string otherwise)
    {
        if (!good)
        {
            _violations.Add(otherwise);
        }
    }

    /// <summary>Asks until the answer is 200; what is wrong when it never is.</summary>
    private static async Task<string?> UntilOkAsync(string what, Func<Task<HttpResponseMessage>> ask)
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var last = "no answer";
            try
            {
                using var answer = await ask();
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return null;
                }

                last = await Answer.BriefAsync(answer);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    return $"{what} fails: {last}";
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                last = exception.Message;
            }

            if (waited.Elapsed > Patience)
            {
                return $"{what} still fails {Patience.TotalSeconds:0} s after the last fault: {last}";
            }

            await FaultInjector.PauseAsync(TimeSpan.FromMilliseconds(500));
        }
    }
}
