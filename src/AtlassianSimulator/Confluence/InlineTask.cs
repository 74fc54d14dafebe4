namespace AtlassianSimulator.Confluence;

/// <summary>A task of a page or blog post: a line of its text that can be ticked off. Guarded by the site's gate.</summary>
internal sealed class InlineTask(long id, long localId, Content on, string body, string creatorId, DateTimeOffset createdAt)
{
    /// <summary>Its id on the whole site, by which both API versions address it.</summary>
    public long Id { get; } = id;

    /// <summary>Its number within the content.</summary>
    public long LocalId { get; } = localId;

    public Content On { get; } = on;

    /// <summary>Storage format.</summary>
    public string Body { get; } = body;

    public string CreatorId { get; } = creatorId;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public string? AssigneeId { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; private set; }

    public string? CompletedById { get; private set; }

    public DateTimeOffset? CompletedAt { get; private set; }

    public string Status => CompletedAt is null ? "incomplete" : "complete";

    /// <param name="status"><c>complete</c> or <c>incomplete</c>; nothing changes when it is that already.</param>
    public void Set(string status, string accountId, DateTimeOffset at)
    {
        if (status == Status)
        {
            return;
        }

        UpdatedAt = at;
        CompletedById = status == "complete" ? accountId : null;
        CompletedAt = status == "complete" ? at : null;
    }
}
