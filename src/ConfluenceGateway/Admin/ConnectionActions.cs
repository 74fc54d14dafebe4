using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Admin;

/// <summary>What an operator does to connections, by the API or on a page.</summary>
internal sealed class ConnectionActions(
    ConnectionStore store, ConnectionCache connections, TokenSource tokens, ConnectLinks links, GrantImport import, SetupState setup, TimeProvider time)
{
    /// <summary>Makes the connection or changes what is given of it.</summary>
    /// <returns>Whether it was made; or what is wrong.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<(bool Made, Problem? Problem)> EditAsync(ConnectionId id, ConnectionEdit edit, Precondition precondition = default)
    {
        if (edit.Problem() is { } invalid)
        {
            return (false, invalid);
        }

        // The grant is for the pinned site: another one needs another consent.
        if (await store.ReadAsync(id) is { Grant: not null, Connection: var pinned }
            && (edit.CloudId is not null && edit.CloudId != pinned.CloudId || edit.SiteUrl is not null && edit.SiteUrl.TrimEnd('/') != pinned.SiteUrl))
        {
            return (false, AdminProblems.SitePinned(pinned));
        }

        return await store.WriteAsync(id, edit.DisplayName, edit.SiteUrl, edit.CloudId, time.GetUtcNow(), edit.Compatibility, precondition) switch
        {
            WriteOutcome.PreconditionFailed => (false, AdminProblems.PreconditionFailed()),
            var outcome => (outcome == WriteOutcome.Made, null),
        };
    }

    /// <summary>Erases a connection with its grant.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<Problem?> DeleteAsync(ConnectionId id, Precondition precondition = default) => await store.DeleteAsync(id, precondition) switch
    {
        DeleteOutcome.Deleted => null,
        DeleteOutcome.Unknown => AdminProblems.UnknownConnection(id),
        _ => AdminProblems.PreconditionFailed(),
    };

    /// <summary>Stops a connection's traffic, or lets it flow again.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<Problem?> SetPausedAsync(ConnectionId id, bool paused) =>
        await store.SetPausedAsync(id, paused) ? null : AdminProblems.UnknownConnection(id);

    /// <summary>A link by which a person connects or reconnects it.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<(ConnectLink? Link, Problem? Problem)> LinkAsync(ConnectionId id) =>
        setup.Missing.Count > 0 ? (null, AdminProblems.NotConfigured(setup.CallbackUrl))
        : !await store.ExistsAsync(id) ? (null, AdminProblems.UnknownConnection(id))
        : (links.Create(id, LinkIssuer.Operator), null);

    /// <summary>Takes over a refresh token that lives elsewhere.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    /// <exception cref="AtlassianUnavailableException">Atlassian is out of reach after the rotation; the successor is held.</exception>
    public async Task<ImportOutcome> ImportAsync(ConnectionId id, ImportRequest request) =>
        request.Problem() is { } invalid ? new ImportOutcome.Failed(invalid)
        : setup.Missing.Count > 0 ? new ImportOutcome.Failed(AdminProblems.NotConfigured(setup.CallbackUrl))
        : await store.ReadAsync(id) is not { } snapshot ? new ImportOutcome.Failed(AdminProblems.UnknownConnection(id))
        : await import.ImportAsync(snapshot.Connection, new Secret(request.RefreshToken!.Trim()), request.CloudId, request.SiteUrl);

    /// <summary>Rotates the tokens of a connection now.</summary>
    /// <returns>What it did; or why nothing could be done.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<(RefreshReport? Report, Problem? Problem)> RefreshAsync(ConnectionId id, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var before = await connections.ReadAsync(id);
        return await tokens.GetNewerAsync(id, before?.Grant?.Version ?? default, RefreshTrigger.Operator, cancellationToken) switch
        {
            TokenOutcome.Unknown => (null, AdminProblems.UnknownConnection(id)),
            TokenOutcome.Misconfigured misconfigured => (null, AdminProblems.Misconfigured(misconfigured.Evidence, misconfigured.RetryAfter)),
            TokenOutcome.Unavailable unavailable => (null, AdminProblems.Unavailable(unavailable.Evidence, unavailable.RetryAfter)),
            TokenOutcome.Ready ready => (new RefreshReport(before?.Grant?.Generation, ready.Grant.Generation, (long)time.GetElapsedTime(began).TotalMilliseconds), null),
            TokenOutcome.ReauthRequired { Death: var death } => (null, AdminProblems.ReauthRequired(id, death)),
            TokenOutcome.Paused => (null, AdminProblems.NotRefreshable(id, "it is paused. Resume it first")),
            _ => (null, AdminProblems.NotRefreshable(id, "nobody has consented for it yet. Connect it first")),
        };
    }
}

/// <summary>What a refresh did.</summary>
/// <param name="FromGeneration">The pair that was stored before.</param>
/// <param name="ToGeneration">The pair that is stored now.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
internal sealed record RefreshReport(long? FromGeneration, long ToGeneration, long DurationMs);
