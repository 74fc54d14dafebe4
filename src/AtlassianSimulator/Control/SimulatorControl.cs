using AtlassianSimulator.Faults;

namespace AtlassianSimulator.Control;

/// <summary>A typed client of the control API; its <see cref="HttpClient"/> has the simulator's address as base address.</summary>
public sealed class SimulatorControl(HttpClient http)
{
    public Task<SimulatorState> GetStateAsync(CancellationToken cancellation = default) =>
        GetAsync<SimulatorState>("_simulator/state", cancellation);

    public Task<SimulatorCounters> GetCountersAsync(CancellationToken cancellation = default) =>
        GetAsync<SimulatorCounters>("_simulator/counters", cancellation);

    public Task<SimulatorSettings> UpdateSettingsAsync(SimulatorSettingsChange change, CancellationToken cancellation = default) =>
        SendAsync<SimulatorSettings>(HttpMethod.Patch, "_simulator/settings", change, cancellation);

    /// <summary>Moves the simulator's time forward.</summary>
    public Task<SimulatorState> AdvanceAsync(TimeSpan by, CancellationToken cancellation = default) =>
        SendAsync<SimulatorState>(HttpMethod.Post, "_simulator/time", new TimeAdvance(by), cancellation);

    /// <returns>The fault's id.</returns>
    public async Task<string> AddFaultAsync(Fault fault, CancellationToken cancellation = default) =>
        (await SendAsync<Fault>(HttpMethod.Post, "_simulator/faults", fault, cancellation)).Id!;

    /// <summary>The active faults; <c>Times</c> and <c>Skip</c> say what is left of them.</summary>
    public Task<IReadOnlyList<Fault>> GetFaultsAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<Fault>>("_simulator/faults", cancellation);

    public Task RemoveFaultAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"_simulator/faults/{id}", body: null, cancellation);

    public Task ClearFaultsAsync(CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, "_simulator/faults", body: null, cancellation);

    public Task<IReadOnlyList<GrantReport>> GetGrantsAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<GrantReport>>("_simulator/grants", cancellation);

    public Task<GrantReport> GetGrantAsync(string id, CancellationToken cancellation = default) =>
        GetAsync<GrantReport>($"_simulator/grants/{id}", cancellation);

    /// <summary>Makes a grant without a consent page.</summary>
    /// <param name="cloudIds">The sites it reaches; null for all of the account's.</param>
    /// <param name="scopes">Its scopes; null for every scope the simulator knows.</param>
    /// <param name="clientId">The app it belongs to; null for the one of the configuration.</param>
    public Task<MintedGrant> MintGrantAsync(
        string account,
        IReadOnlyList<string>? cloudIds = null,
        IReadOnlyList<string>? scopes = null,
        string? clientId = null,
        CancellationToken cancellation = default) =>
        SendAsync<MintedGrant>(
            HttpMethod.Post, "_simulator/grants", new GrantToMint(account) { CloudIds = cloudIds, Scopes = scopes, ClientId = clientId }, cancellation);

    /// <summary>Kills the grant's refresh tokens; its access tokens live on until they expire.</summary>
    public Task RevokeGrantAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, $"_simulator/grants/{id}/revoke", body: null, cancellation);

    /// <summary>Every access token issued so far dies now.</summary>
    public Task ExpireAccessTokensAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, $"_simulator/grants/{id}/expire-access-tokens", body: null, cancellation);

    /// <summary>Kills every grant of the account.</summary>
    public Task ChangePasswordAsync(string account, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, $"_simulator/accounts/{Uri.EscapeDataString(account)}/change-password", body: null, cancellation);

    /// <summary>Takes a site away from a grant, tokens already issued included.</summary>
    public Task RemoveSiteAsync(string id, string cloudId, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, $"_simulator/grants/{id}/remove-site", new SiteToRemove(cloudId), cancellation);

    public Task RegisterAppAsync(AppToRegister app, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, "_simulator/apps", app, cancellation);

    /// <summary>The last 2,000 requests under <c>/ex</c>, oldest first.</summary>
    public Task<IReadOnlyList<RecordedRequest>> GetRequestsAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<RecordedRequest>>("_simulator/requests", cancellation);

    public Task ClearRequestsAsync(CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, "_simulator/requests", body: null, cancellation);

    private Task<T> GetAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, path, body: null, cancellation);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var response = await AnswerAsync(method, path, body, cancellation);
        return (await response.Content.ReadFromJsonAsync<T>(ControlJson.Options, cancellation))!;
    }

    private async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var response = await AnswerAsync(method, path, body, cancellation);
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: ControlJson.Options);
        var response = await http.SendAsync(request, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        var text = await response.Content.ReadAsStringAsync(cancellation);
        response.Dispose();
        throw new HttpRequestException($"The simulator answered {(int)response.StatusCode}: {text}", inner: null, response.StatusCode);
    }
}
