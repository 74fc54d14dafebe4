using System.Diagnostics;
using System.Globalization;
using ConfluenceGateway.Simulation.Model;
using ConfluenceGateway.Simulation.Proof;

namespace ConfluenceGateway.Simulation;

/// <summary>What can be done by command.</summary>
internal static class Commands
{
    private const string Usage = "usage: run [--seeds N] [--from S] [--workers W] [--flaw F] | replay SEED [F]";

    /// <summary>Runs many seeds, with a bar that shows how far it is.</summary>
    public static int Run(string[] options)
    {
        var (seeds, from, workers, flaw) = (1_000_000, 0, Environment.ProcessorCount, Flaw.None);
        for (var at = 0; at < options.Length; at += 2)
        {
            var value = options.ElementAtOrDefault(at + 1);
            if (!(options[at] switch
            {
                "--seeds" => int.TryParse(value, CultureInfo.InvariantCulture, out seeds) && seeds > 0,
                "--from" => int.TryParse(value, CultureInfo.InvariantCulture, out from),
                "--workers" => int.TryParse(value, CultureInfo.InvariantCulture, out workers) && workers > 0,
                "--flaw" => Enum.TryParse(value, out flaw),
                _ => false,
            }))
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }
        }

        var campaign = new Campaign(from, seeds, workers, flaw);
        var clock = Stopwatch.StartNew();
        campaign.Failed += failure =>
        {
            lock (campaign)
            {
                Console.WriteLine($"\rseed {failure.Seed}: {failure.Violation}");
            }
        };
        using (var progress = new Timer(_ => Draw(campaign, clock.Elapsed), null, TimeSpan.Zero, TimeSpan.FromSeconds(1)))
        {
            campaign.Run();
        }

        Draw(campaign, clock.Elapsed);
        Console.WriteLine();
        Console.WriteLine(campaign.Summary(clock.Elapsed));
        return campaign.Failures.IsEmpty ? 0 : 1;
    }

    /// <summary>Runs one seed and prints what happened.</summary>
    public static int Replay(string seed, string[] flaws)
    {
        var flaw = Flaw.None;
        if (!int.TryParse(seed, CultureInfo.InvariantCulture, out var number) || (flaws is [var name] && !Enum.TryParse(name, out flaw)) || flaws.Length > 1)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var result = World.Run(number, flaw, traces: true);
        foreach (var line in result.Trace)
        {
            Console.WriteLine(line);
        }

        Console.WriteLine($"seed {number}: {result.Violation ?? "no violation"}; {result.Steps} steps, digest {result.Digest:x16}");
        return result.Violation is null ? 0 : 1;
    }

    private static void Draw(Campaign campaign, TimeSpan elapsed)
    {
        const int Width = 40;
        var share = (double)campaign.Done / campaign.Seeds;
        var bar = new string('#', (int)(share * Width)).PadRight(Width, '.');
        lock (campaign)
        {
            Console.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"\r[{bar}] {share,6:P1}  {campaign.Done:N0} of {campaign.Seeds:N0} seeds  {campaign.Done / Math.Max(elapsed.TotalSeconds, 0.001):N0} seeds/s  {campaign.Failures.Count} failed "));
        }
    }
}
