using ConfluenceGateway.Admin;
using ConfluenceGateway.Chaos.Faults;
using ConfluenceGateway.Chaos.Replicas;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ConfluenceGateway.Chaos;

/// <summary>A gateway in a process of its own, as the product's own program runs it. What a story adds to one is registered here.</summary>
internal static class ReplicaHost
{
    public static async Task<int> RunAsync(string[] settings)
    {
        await using var app = ConfluenceGateway.Program.Build(settings, Configure);
        if (Settings.Errors(app.Services) is { Count: > 0 } errors)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', errors));
            return 1;
        }

        await app.StartAsync();
        await Welcome.WriteAsync(app.Services, Console.Out);
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static void Configure(WebApplicationBuilder builder)
    {
        // It reads what only Linux tells.
        if (OperatingSystem.IsLinux())
        {
            builder.Services.AddHostedService<ParentWatch>();
        }

        if (CrashPoint.Read(builder.Configuration).Count > 0)
        {
            builder.Services.AddSingleton<RefreshProtocol, CrashingProtocol>();
        }
    }
}
