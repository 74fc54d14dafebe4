namespace ConfluenceGateway.Connections;

/// <summary>What must hold of a connection's record for an edit to be made (RFC 9110 section 13.1); by default nothing.</summary>
/// <param name="Absent">There must be no such connection yet.</param>
/// <param name="Revisions">It must be at one of these revisions; empty for any, as long as it exists; null for no demand.</param>
internal readonly record struct Precondition(bool Absent = false, IReadOnlyList<long>? Revisions = null)
{
    /// <summary>For scripts: <c>holds(key, argument)</c> says whether the record at the key meets it.</summary>
    public const string Check = """
        local function holds(key, wanted)
          if wanted == '' then return true end
          local exists = redis.call('EXISTS', key) == 1
          if wanted == 'absent' then return not exists end
          if not exists or wanted == 'exists' then return exists end
          return string.find(wanted, ',' .. (redis.call('HGET', key, 'revision') or '0') .. ',', 1, true) ~= nil
        end
        """;

    /// <summary>The argument of <see cref="Check"/>.</summary>
    public string Argument => this switch
    {
        { Absent: true } => "absent",
        { Revisions: null } => "",
        { Revisions.Count: 0 } => "exists",
        _ => $",{string.Join(',', Revisions)},",
    };
}

/// <summary>What became of an edit.</summary>
internal enum WriteOutcome
{
    /// <summary>The connection was there and is changed.</summary>
    Changed,

    /// <summary>The connection was made.</summary>
    Made,

    /// <summary>The precondition does not hold; nothing is changed.</summary>
    PreconditionFailed,
}

/// <summary>What became of a deletion.</summary>
internal enum DeleteOutcome
{
    /// <summary>There was no such connection.</summary>
    Unknown,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>The precondition does not hold; nothing is changed.</summary>
    PreconditionFailed,
}
