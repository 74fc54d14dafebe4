using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.Api;

/// <summary>Finds connections by a filter, a page at a time.</summary>
internal sealed class ConnectionList(ConnectionDirectory directory, ConnectionViews views, IOptionsMonitor<AtlassianOptions> options)
{
    /// <summary>The connections after <paramref name="cursor"/> that <paramref name="filter"/> wants, in the order of their ids.</summary>
    /// <remarks>They are found in the directory and shown from the store, so each is as it is now.</remarks>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<ConnectionPage> PageAsync(ConnectionFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var app = options.CurrentValue;
        var all = await directory.ListAsync(cancellationToken);
        var total = 0;
        var ids = new List<ConnectionId>(limit);
        var hasMore = false;
        foreach (var summary in all)
        {
            if (!filter.Wants(summary, app))
            {
                continue;
            }

            total++;
            if (cursor is not null && string.CompareOrdinal(summary.Id, cursor) <= 0)
            {
                continue;
            }

            if (ids.Count < limit)
            {
                ids.Add(ConnectionId.Parse(summary.Id, null));
            }
            else
            {
                hasMore = true;
            }
        }

        return await views.PageAsync(ids, total, hasMore ? ids[^1].Value : null);
    }
}
