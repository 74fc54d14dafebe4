using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace ConfluenceGateway.Chaos.Replicas;

/// <summary>Ends a replica whose parent has died: a story that is killed leaves nothing behind.</summary>
internal sealed class ParentWatch : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var parent = await ParentAsync(stoppingToken);
        while (await ParentAsync(stoppingToken) == parent)
        {
            await Task.Delay(Interval, TimeProvider.System, stoppingToken);
        }

        Environment.Exit(1);
    }

    // proc(5): pid, name in parentheses, state, parent. The name may hold anything, a parenthesis too.
    private static async Task<int> ParentAsync(CancellationToken cancellationToken)
    {
        var stat = await File.ReadAllTextAsync("/proc/self/stat", cancellationToken);
        return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
