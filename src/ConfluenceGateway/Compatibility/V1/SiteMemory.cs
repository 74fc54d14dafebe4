using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>
/// What this replica remembers of sites so that a call of v1 costs few calls of v2: which kind an id is, which space a key
/// names, who an account is, and where in a listing a <c>start</c> is. Each is bounded, and of one connection and site.
/// </summary>
internal sealed class SiteMemory(TimeProvider time)
{
    /// <summary>The kinds of content by id. An id never changes its kind.</summary>
    public Remembered<ContentKind> Kinds { get; } = new(50_000, TimeSpan.FromDays(1), time);

    /// <summary>Spaces by <c>key:</c> and by <c>id:</c>.</summary>
    public Remembered<SpaceSummary> Spaces { get; } = new(10_000, TimeSpan.FromMinutes(5), time);

    /// <summary>Users by account id, as v1 shows them, in JSON.</summary>
    public Remembered<string> Users { get; } = new(10_000, TimeSpan.FromMinutes(15), time);

    /// <summary>Listings that were read in part, by what was asked.</summary>
    public Remembered<ListingPositions> Listings { get; } = new(2_000, TimeSpan.FromMinutes(30), time);

    /// <summary>What is remembered of a listing that was not read yet.</summary>
    public ListingPositions NewListing() => new(time);

    /// <summary>Operations that Atlassian answered with 410 Gone.</summary>
    public Remembered<bool> Gone { get; } = new(50_000, TimeSpan.FromHours(1), time);

    /// <summary>Forgets all spaces of a connection: one was changed through the gateway.</summary>
    public void ForgetSpaces(Connection connection) => Spaces.ForgetAll(Scope(connection));

    /// <summary>What the memory of a connection is kept under; another site of the same connection has another.</summary>
    public static string Scope(Connection connection) => $"{connection.Id} {connection.CloudId}";
}
