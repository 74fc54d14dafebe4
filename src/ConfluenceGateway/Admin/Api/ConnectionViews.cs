using System.Security.Cryptography;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.Api;

/// <summary>Connections as the management API and the pages show them.</summary>
internal sealed class ConnectionViews(ConnectionStore store, Listeners listeners, IOptionsMonitor<AtlassianOptions> options)
{
    /// <summary>The connection; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<ConnectionView?> FindAsync(ConnectionId id) => await store.ReadAsync(id) is { } snapshot ? Of(snapshot) : null;

    /// <summary>The connection as an answer, with its ETag.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<IResult> ShowAsync(HttpContext context, ConnectionId id, int status = StatusCodes.Status200OK)
    {
        if (await FindAsync(id) is not { } view)
        {
            return AdminProblems.UnknownConnection(id);
        }

        context.Response.Headers.ETag = Preconditions.ETag(view.Revision);
        return Results.Json(view, JsonBody.Options, statusCode: status);
    }

    /// <summary>A page of the connections named by <paramref name="ids"/>.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<ConnectionPage> PageAsync(IReadOnlyList<ConnectionId> ids, int total, string? nextCursor)
    {
        var views = await Task.WhenAll(ids.Select(ReadAsync));
        return new ConnectionPage(
            [.. views.Select(view => view.View).OfType<ConnectionView>()], [.. views.Where(view => view.Unreadable).Select(view => view.Id.Value)], total, nextCursor);
    }

    /// <summary>What an app uses instead of its Confluence base URL.</summary>
    public string BaseUrl(string id) => $"{listeners.PublicUrl}/confluence/{id}";

    private async Task<(ConnectionId Id, ConnectionView? View, bool Unreadable)> ReadAsync(ConnectionId id)
    {
        try
        {
            return (id, await FindAsync(id), false);
        }
        catch (StoreUnavailableException exception) when (exception.InnerException is CryptographicException)
        {
            // One grant that the key ring cannot read must not hide all others.
            return (id, null, true);
        }
    }

    private ConnectionView Of(ConnectionSnapshot snapshot)
    {
        var (connection, grant) = (snapshot.Connection, snapshot.Grant);
        var death = grant is null ? null : grant.Death ?? ReauthReasons.WrongApp(grant, options.CurrentValue);
        // The limits run on for a grant of another app: with the right client id back it lives again.
        var living = grant is { Death: null } ? grant : null;
        return new ConnectionView(
            connection.Id.Value, connection.DisplayName,
            snapshot.State == ConnectionState.Active && death is not null ? ConnectionState.ReauthRequired : snapshot.State,
            death?.Reason, death?.Evidence, death?.Since, connection.SiteUrl, connection.CloudId, grant?.AccountId, grant?.Generation,
            grant?.Pair.ExpiresAt, grant?.Pair.ObtainedAt, grant?.ConsentedAt, living?.InactiveAt, living?.ConsentExpiresAt,
            connection.CreatedAt, connection.Revision, connection.Compatibility, BaseUrl(connection.Id.Value));
    }
}
