using System.Net;
using System.Net.Sockets;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Proxy;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Doctor;

/// <summary>Looks at what is around a gateway: Atlassian, the clock, the callback URL and its own addresses.</summary>
internal sealed class OutsideExamination(IServiceProvider services)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Expiries are absolute times, and a token is taken for good until a minute before its end.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();
    private readonly ListenOptions _listen = services.GetRequiredService<IOptions<ListenOptions>>().Value;
    private readonly Upstream _upstream = services.GetRequiredService<Upstream>();

    /// <summary>Looks.</summary>
    public async IAsyncEnumerable<Finding> LookAsync()
    {
        var app = await services.GetRequiredService<AppCheck>().RunAsync(CancellationToken.None);
        yield return new Finding("app", app.Outcome switch { "accepted" => Verdict.Ok, "unclear" => Verdict.Warn, _ => Verdict.Fail }, app.Detail);
        foreach (var finding in await ApiAsync())
        {
            yield return finding;
        }

        yield return await CallbackAsync();
        foreach (var (name, address) in new[] { ("Listen:Traffic", _listen.Traffic), ("Listen:Management", _listen.Management), ("Listen:TrafficHttp2", _listen.TrafficHttp2) })
        {
            if (address.Length > 0)
            {
                yield return await AddressAsync(name, address);
            }
        }
    }

    /// <summary>Asks the API without a token, which it refuses; what counts is that it does, and when by its clock.</summary>
    private async Task<IReadOnlyList<Finding>> ApiAsync()
    {
        var (answer, fault) = await GetAsync(_upstream.Address("/oauth/token/accessible-resources"));
        using (answer)
        {
            if (answer is null)
            {
                return [new Finding("api", Verdict.Fail, $"{_upstream.Origin} cannot be reached: {fault}. Check Atlassian:ApiBaseUrl, and that the gateway may connect to it.")];
            }

            var api = new Finding("api", Verdict.Ok, $"{_upstream.Origin} answers.");
            if (answer.Headers.Date is not { } told)
            {
                return [api];
            }

            var apart = (told - _time.GetUtcNow()).Duration();
            return
            [
                api,
                apart <= ClockTolerance
                    ? new Finding("atlassian_clock", Verdict.Ok, "Agrees with the clock of this host.")
                    : new Finding("atlassian_clock", Verdict.Fail, $"The clock of this host is {apart.TotalSeconds:0} s from Atlassian's, and tokens end at absolute times. Synchronise it (NTP)."),
            ];
        }
    }

    private async Task<Finding> CallbackAsync()
    {
        var configured = services.GetRequiredService<IOptions<GatewayOptions>>().Value.PublicUrl.TrimEnd('/');
        var callback = new Uri((configured.Length > 0 ? configured : _listen.Traffic.Replace("*", "localhost", StringComparison.Ordinal)) + "/connect/callback");
        if (configured.Length == 0 && !_listen.IsTrafficOnLoopback)
        {
            return new Finding("callback_url", Verdict.Fail, "Gateway:PublicUrl is not set, and the traffic listener is open to the network: links would name an address of this host. Set it to the URL by which browsers come.");
        }

        if (callback.Scheme != Uri.UriSchemeHttps && !callback.IsLoopback)
        {
            return new Finding("callback_url", Verdict.Warn, $"{callback} is no https URL: codes of consents would travel in the clear. Let Gateway:PublicUrl be https.");
        }

        var (answer, fault) = await GetAsync(callback);
        using (answer)
        {
            return answer is null ? new Finding("callback_url", Verdict.Warn, $"Register {callback} with the app. Nobody answers there now ({fault}), which is no fault while no gateway runs.")
                : answer.StatusCode == HttpStatusCode.BadRequest && answer.Content.Headers.ContentType?.MediaType == "text/html"
                    ? new Finding("callback_url", Verdict.Ok, $"A gateway answers at {callback}. It must be registered with the app to the letter.")
                    : new Finding("callback_url", Verdict.Warn, $"What answers at {callback} ({(int)answer.StatusCode}) is no gateway. Check Gateway:PublicUrl and what stands in front.");
        }
    }

    private async Task<Finding> AddressAsync(string name, string address)
    {
        var binding = ListenOptions.Address(address)!;
        var host = IPAddress.TryParse(binding.Host, out var ip) ? ip : string.Equals(binding.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Any;
        try
        {
            using var listener = new TcpListener(host, binding.Port);
            listener.Start();
            return new Finding(name, Verdict.Ok, $"{address} is free.");
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return await IsGatewayAsync()
                ? new Finding(name, Verdict.Ok, $"A gateway runs at {address}.")
                : new Finding(name, Verdict.Fail, $"Another program listens at {address}. Stop it, or choose another port.");
        }
        catch (SocketException exception)
        {
            return new Finding(name, Verdict.Fail, $"{address} cannot be listened on: {exception.SocketErrorCode}.");
        }
    }

    private async Task<bool> IsGatewayAsync()
    {
        var (answer, _) = await GetAsync(HealthCommand.LiveUrl(_listen.Management));
        using (answer)
        {
            return answer?.StatusCode == HttpStatusCode.OK && (await answer.Content.ReadAsStringAsync()).Contains("\"Healthy\"", StringComparison.Ordinal);
        }
    }

    private async Task<(HttpResponseMessage? Answer, string Fault)> GetAsync(Uri address)
    {
        using var timeout = new CancellationTokenSource(Patience, _time);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        try
        {
            return (await _upstream.Client.SendAsync(request, timeout.Token), "");
        }
        catch (OperationCanceledException)
        {
            return (null, "no answer in time");
        }
        catch (HttpRequestException exception)
        {
            return (null, exception.HttpRequestError.ToString());
        }
    }
}
