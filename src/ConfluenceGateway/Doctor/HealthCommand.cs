using System.Net;
using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Doctor;

/// <summary><c>ConfluenceGateway health</c>: asks the gateway beside it whether it lives, for images without a shell or curl.</summary>
internal static class HealthCommand
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Name = "health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks <c>/health/live</c>.</summary>
    /// <param name="args">Settings, of which the address of management counts.</param>
    /// <returns>The exit code: 0 when it lives, else 1.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().AddCommandLine(args).Build();
        using var client = new HttpClient(new SocketsHttpHandler()) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(LiveUrl(settings["Listen:Management"] is { Length: > 0 } set ? set : new ListenOptions().Management));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return 1;
        }
    }

    /// <summary>Where a gateway of this host that listens at <paramref name="management"/> says that it lives.</summary>
    public static Uri LiveUrl(string management)
    {
        var address = ListenOptions.Address(management) ?? ListenOptions.Address(new ListenOptions().Management)!;
        var isOne = IPAddress.TryParse(address.Host, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any);
        return new UriBuilder(Uri.UriSchemeHttp, isOne ? address.Host : "localhost", address.Port, "/health/live").Uri;
    }
}
