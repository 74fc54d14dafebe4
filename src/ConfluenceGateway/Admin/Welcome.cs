using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin;

/// <summary>What the gateway says on its console once it listens.</summary>
internal static class Welcome
{
    /// <summary>Writes addresses, store, admin key and what is missing.</summary>
    public static async Task WriteAsync(IServiceProvider services, TextWriter console)
    {
        var listeners = services.GetRequiredService<Listeners>();
        await console.WriteLineAsync($"Confluence Gateway {GatewayMetrics.Version}");
        await console.WriteLineAsync($"  traffic     {listeners.TrafficUrl}");
        if (services.GetRequiredService<IOptions<ListenOptions>>().Value.TrafficHttp2.Length > 0)
        {
            await console.WriteLineAsync($"  and HTTP/2  {listeners.TrafficHttp2Url}");
        }

        await console.WriteLineAsync($"  management  {listeners.ManagementUrl}");
        await console.WriteLineAsync(services.GetRequiredService<IOptions<RedisOptions>>().Value.Embedded
            ? $"  store       embedded, in {services.GetRequiredService<EmbeddedRedis>().DataDirectory}"
            : "  store       Redis");
        var pages = services.GetRequiredService<IOptions<AdminOptions>>().Value.PublicUrl is { Length: > 0 } configured ? configured.TrimEnd('/') : listeners.ManagementUrl;
        await console.WriteLineAsync($"  sign in at  {pages}{SignInEndpoints.Path}");
        var key = services.GetRequiredService<AdminKey>();
        if (key.KeptIn is not null)
        {
            await console.WriteLineAsync(key.IsNew ? $"  admin key   {key.Value} (kept in {key.KeptIn}; shown this once)" : $"  admin key   in {key.KeptIn}");
        }

        var setup = services.GetRequiredService<SetupState>();
        if (setup.Missing.Count > 0)
        {
            await console.WriteLineAsync($"  missing     {string.Join(", ", setup.Missing)}; callback URL to register: {setup.CallbackUrl}");
        }
    }
}
