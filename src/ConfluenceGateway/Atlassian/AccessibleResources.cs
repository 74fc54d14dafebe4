using System.Net.Http.Headers;
using System.Text.Json;
using ConfluenceGateway.Connections;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Atlassian;

/// <summary>What an access token reaches: sites and the account behind it.</summary>
internal sealed class AccessibleResources(HttpClient http, IOptions<AtlassianOptions> options)
{
    /// <summary>The Confluence sites the token reaches; none for a guest.</summary>
    /// <exception cref="AtlassianUnavailableException">No usable answer.</exception>
    public async Task<IReadOnlyList<Site>> SitesAsync(Secret accessToken, CancellationToken cancellationToken)
    {
        var resources = await GetAsync<Resource[]>("/oauth/token/accessible-resources", accessToken, cancellationToken)
            ?? throw new AtlassianUnavailableException("The list of sites came without a readable answer.", null);
        // A site comes once for each product, with the same id and the scopes of that product.
        return
        [
            .. resources
                .GroupBy(resource => resource.Id, StringComparer.Ordinal)
                .Select(site => new Site(site.Key, site.First().Url, site.First().Name, [.. site.SelectMany(resource => resource.Scopes).Distinct(StringComparer.Ordinal)]))
                .Where(site => site.Scopes.Any(scope => scope.Contains("confluence", StringComparison.Ordinal))),
        ];
    }

    /// <summary>The account the token acts as on a site; null when its scopes do not tell.</summary>
    /// <exception cref="AtlassianUnavailableException">No usable answer.</exception>
    public async Task<string?> AccountIdAsync(string cloudId, Secret accessToken, CancellationToken cancellationToken) =>
        (await GetAsync<User>($"/ex/confluence/{cloudId}/wiki/rest/api/user/current", accessToken, cancellationToken))?.AccountId;

    private async Task<T?> GetAsync<T>(string path, Secret accessToken, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(options.Value.ApiBaseUrl), path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken.Reveal());
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode is >= 400 and < 500 and not (408 or 429))
            {
                return null;
            }

            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<T>(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or OperationCanceledException)
        {
            throw new AtlassianUnavailableException($"{path} gave no usable answer.", exception);
        }
    }

    private sealed record Resource(string Id, string Url, string Name, string[] Scopes);

    private sealed record User(string? AccountId);
}

/// <summary>A Confluence site that a grant reaches.</summary>
/// <param name="CloudId">Its id.</param>
/// <param name="Url">Its URL, such as <c>https://acme.atlassian.net</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">What the grant may do there.</param>
internal sealed record Site(string CloudId, string Url, string Name, IReadOnlyList<string> Scopes);

/// <summary>Atlassian gave no usable answer just now.</summary>
internal sealed class AtlassianUnavailableException(string message, Exception? inner) : Exception(message, inner);
