using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>What one call of v1 needs to know of its site beyond what it asks for: from memory, or by a call that serves the next ones too.</summary>
/// <param name="memory">What is remembered of sites.</param>
/// <param name="scope">The connection and its site.</param>
/// <param name="v2">The calls of v2.</param>
internal sealed class SiteKnowledge(SiteMemory memory, string scope, V2Calls v2)
{
    // What v2 takes in one call.
    private const int MostIds = 250;
    private const int MostUsers = 200;

    /// <summary>No spaces.</summary>
    public static IReadOnlyDictionary<string, SpaceSummary> NoSpaces { get; } = new Dictionary<string, SpaceSummary>();

    /// <summary>Remembers the kind of an id.</summary>
    public void Learn(string id, ContentKind kind) => memory.Kinds.Set(scope, id, kind);

    /// <summary>Remembers a space, and gives what v1 shows of it.</summary>
    public SpaceSummary? Learn(JsonObject space)
    {
        if (SpaceSummary.Of(space) is { } summary)
        {
            memory.Spaces.Set(scope, "key:" + summary.Key, summary);
            memory.Spaces.Set(scope, "id:" + summary.Id, summary);
            return summary;
        }

        return null;
    }

    /// <summary>Forgets a space that is not what it was.</summary>
    public void Forget(SpaceSummary space)
    {
        memory.Spaces.Forget(scope, "key:" + space.Key);
        memory.Spaces.Forget(scope, "id:" + space.Id);
    }

    /// <summary>Where a listing was read before.</summary>
    public ListingPositions Positions(string listing)
    {
        if (!memory.Listings.TryGet(scope, listing, out var positions))
        {
            positions = memory.NewListing();
        }

        // Set again, so that a listing that is being read does not end in the middle.
        memory.Listings.Set(scope, listing, positions);
        return positions;
    }

    /// <summary>The kind of an id, if it is known without a call.</summary>
    public ContentKind? KnownKind(string id) =>
        id.StartsWith("att", StringComparison.Ordinal) ? ContentKind.Attachment
        : memory.Kinds.TryGet(scope, id, out var kind) ? kind
        : null;

    /// <summary>The kind of an id. One call when it is not known yet.</summary>
    /// <exception cref="V1Exception">404: there is no such content, or the account may not see it.</exception>
    public async Task<ContentKind> KindAsync(string id)
    {
        if (KnownKind(id) is { } known)
        {
            return known;
        }

        var types = await v2.AskAsync("/content/convert-ids-to-types", new JsonObject { ["contentIds"] = new JsonArray(id) }, () => V1Exception.NoContent(id));
        var kind = ContentKinds.OfV2Type(types.Text("results", id)) ?? throw V1Exception.NoContent(id);
        Learn(id, kind);
        return kind;
    }

    /// <summary>The space that a key names. One call when it is not known yet.</summary>
    /// <exception cref="V1Exception">404: there is no such space, or the account may not see it.</exception>
    public async Task<SpaceSummary> SpaceAsync(string key)
    {
        if (memory.Spaces.TryGet(scope, "key:" + key, out var known))
        {
            return known;
        }

        var found = await v2.GetAsync($"/spaces?keys={V1Call.Escape(key)}&limit=1", () => NoSpace(key));
        return found.Objects("results").Select(Learn).FirstOrDefault() ?? throw NoSpace(key);
    }

    /// <summary>The spaces with these ids, as far as the account may see them. One call when not all are known yet.</summary>
    public async Task<IReadOnlyDictionary<string, SpaceSummary>> SpacesAsync(IEnumerable<string?> ids)
    {
        var spaces = new Dictionary<string, SpaceSummary>(StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (var id in ids.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (memory.Spaces.TryGet(scope, "id:" + id, out var known))
            {
                spaces.Add(id, known);
            }
            else
            {
                unknown.Add(id);
            }
        }

        foreach (var some in unknown.Chunk(MostIds))
        {
            var found = await v2.GetAsync($"/spaces?ids={string.Join(',', some)}&limit={MostIds}", () => V1Exception.NotFound("No such space"));
            foreach (var space in found.Objects("results").Select(Learn).OfType<SpaceSummary>())
            {
                spaces[space.Id] = space;
            }
        }

        return spaces;
    }

    /// <summary>The users with these account ids, as v1 shows them. One call when not all are known yet.</summary>
    public async Task<Users> UsersAsync(IEnumerable<string?> accountIds)
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (var id in accountIds.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (memory.Users.TryGet(scope, id, out var known))
            {
                users.Add(id, known);
            }
            else
            {
                unknown.Add(id);
            }
        }

        foreach (var some in unknown.Chunk(MostUsers))
        {
            // Who is not found is not asked for again at once.
            var found = (await FindUsersAsync(some)).ToLookup(user => user.Text("accountId"));
            foreach (var id in some)
            {
                users[id] = (found[id].FirstOrDefault() ?? Users.Unknown(id)).ToJsonString();
                memory.Users.Set(scope, id, users[id]);
            }
        }

        return new Users(users);
    }

    private async Task<IEnumerable<JsonObject>> FindUsersAsync(string[] accountIds)
    {
        try
        {
            return (await v2.GetKeptAsync($"/rest/api/user/bulk?{string.Join('&', accountIds.Select(id => $"accountId={V1Call.Escape(id)}"))}&limit={MostUsers}")).Objects("results");
        }
        catch (V1Exception exception) when (exception is { Answer: PassedAnswer, Status: 401 or 403 or 404 })
        {
            // A consent without the scope for users is good for content all the same: then accounts have no names.
            return [];
        }
    }

    /// <summary>There is no such space, as v1 says it.</summary>
    public static V1Exception NoSpace(string key) => V1Exception.NotFound($"No space with key : {key}");
}

/// <summary>Users as v1 shows them.</summary>
internal sealed class Users(IReadOnlyDictionary<string, string> byAccountId)
{
    /// <summary>Nobody.</summary>
    public static Users None { get; } = new(new Dictionary<string, string>());

    /// <summary>The user; of one that v1 does not show the account id alone, and null when there is no id.</summary>
    public JsonObject? this[string? accountId] =>
        accountId is null ? null
        : byAccountId.TryGetValue(accountId, out var user) ? JsonNode.Parse(user)!.AsObject()
        : Unknown(accountId);

    /// <summary>A user of whom nothing is known but the account id.</summary>
    public static JsonObject Unknown(string accountId) => new() { ["type"] = "unknown", ["accountId"] = accountId };
}
