namespace ConfluenceGateway.Doctor;

/// <summary>What one look found.</summary>
/// <param name="Name">What was looked at; stable, so that scripts may ask for it.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Detail">What was seen, and what to do about it; never a secret.</param>
internal sealed record Finding(string Name, Verdict Verdict, string Detail);

/// <summary>How something is.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and somebody should look at it; or it could not be told.</summary>
    Warn,

    /// <summary>A gateway with these settings would not serve, or would lose grants.</summary>
    Fail,

    /// <summary>Not looked at, since something before it failed or there is nothing yet.</summary>
    Skipped,
}
