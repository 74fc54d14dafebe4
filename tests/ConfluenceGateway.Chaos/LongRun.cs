using System.Globalization;
using ConfluenceGateway.Chaos.Faults;
using ConfluenceGateway.Chaos.Replicas;
using ConfluenceGateway.Chaos.Stories;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Chaos;

/// <summary>All faults at random for as long as is asked, and one account at the end.</summary>
internal static class LongRun
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] options)
    {
        if (!TryRead(options, out var minutes, out var seed))
        {
            await Console.Error.WriteLineAsync("usage: run [--minutes N] [--seed S]");
            return 2;
        }

        Console.WriteLine($"{minutes} minutes of chaos, seed {seed}");
        using var log = new RunLog();
        await using var story = await Story.BeginAsync(new ClusterSettings { Follower = true, Connections = 6 }, seed);
        await story.Inject.StretchExchangesAsync();
        using var ending = new CancellationTokenSource();
        var progress = ProgressAsync(story, ending.Token);
        while (story.Faults.Now < TimeSpan.FromMinutes(minutes))
        {
            await story.QuietAsync(0, 12);
            await OneAsync(story);
        }

        await ending.CancelAsync();
        await progress;
        var account = await story.EndAsync("long run");
        Console.WriteLine(account);
        return account.Violations.Count == 0 ? 0 : 1;
    }

    private static Task OneAsync(Story story) => story.Random.Next(10) switch
    {
        0 or 1 or 2 => story.Inject.KillReplicaAsync(),
        3 => story.Inject.PauseReplicaAsync(story.Inject.AnyReplica(), () => FaultInjector.PauseAsync(story.Random.Between(1, 25))),
        4 => story.Inject.RestartStoreAsync("store restarted"),
        5 => story.Inject.RollBackStoreAsync(story.Random.Between(1, 20)),
        6 => story.Inject.FailOverAsync(story.Random.Next(2) * story.Random.Between(1, 20)),
        7 => story.Inject.CutConnectionsAsync("normal"),
        8 => story.Inject.CutConnectionsAsync("pubsub"),
        _ => story.Inject.DisturbTokenEndpointAsync(),
    };

    private static async Task ProgressAsync(Story story, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            await Task.Delay(ProgressInterval, TimeProvider.System, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var traffic = story.Traffic;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{story.Faults.Now:hh\\:mm\\:ss}  {story.Faults.Count} faults, the last: {story.Faults.Last ?? "none"}; {traffic.Served} served, {traffic.WithoutToken} without a token, {traffic.Silent} unanswered, {traffic.Failures.Count} failed"));
        }
    }

    private static bool TryRead(string[] options, out double minutes, out int seed)
    {
        (minutes, seed) = (30, Seed.Next());
        for (var at = 0; at < options.Length; at += 2)
        {
            var value = options.ElementAtOrDefault(at + 1);
            if (!(options[at] switch
            {
                "--minutes" => double.TryParse(value, CultureInfo.InvariantCulture, out minutes) && minutes > 0,
                "--seed" => int.TryParse(value, CultureInfo.InvariantCulture, out seed),
                _ => false,
            }))
            {
                return false;
            }
        }

        return true;
    }
}
