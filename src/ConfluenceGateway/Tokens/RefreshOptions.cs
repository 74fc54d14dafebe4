using System.ComponentModel.DataAnnotations;
using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Tokens;

/// <summary>When tokens are refreshed, and how long anybody waits for it.</summary>
internal sealed class RefreshOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Refresh";

    /// <summary>A token with less life than this is not sent. From 0 to 10 minutes; never more than half a token's life.</summary>
    [Duration("00:00:00", "00:10:00")]
    public TimeSpan Skew { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>With less life than this, give or take a jitter, a token is refreshed behind the requests. From 0 to 50 minutes; never more than a third of a token's life.</summary>
    [Duration("00:00:00", "00:50:00")]
    public TimeSpan Ahead { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the token endpoint may take. From 1 second to 5 minutes.</summary>
    [Duration("00:00:01", "00:05:00")]
    public TimeSpan ExchangeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest a caller waits for a token. From 1 second to 10 minutes.</summary>
    [Duration("00:00:01", "00:10:00")]
    public TimeSpan WaitBudget { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long after it was spent Atlassian takes a refresh token for the same rotation again. From 10 seconds to 1 day.</summary>
    [Duration("00:00:10", "1.00:00:00")]
    public TimeSpan ReuseInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Where rotations are kept that the store did not take, encrypted; made when missing. Empty: nowhere but in memory.</summary>
    public string JournalDirectory { get; set; } = "";

    /// <summary>
    /// A pair of about this age is rotated without a request, since Atlassian ends a grant that is not refreshed for 90 days.
    /// The exact age lies between three quarters and all of it. From 1 hour to 60 days.
    /// </summary>
    [Duration("01:00:00", "60.00:00:00")]
    public TimeSpan KeepAliveAfter { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// When the token endpoint refuses the grants of this many connections within <see cref="MassRefusalWindow"/> and accepts
    /// none in between, the app is held to be at fault and no connection is marked. From 2 to 1000; 0 turns it off.
    /// </summary>
    [Range(0, 1000, ErrorMessage = "must be 0, or from 2 to 1000.")]
    public int MassRefusals { get; set; } = 5;

    /// <summary>How long a refused grant counts among <see cref="MassRefusals"/>. From 1 minute to 1 hour.</summary>
    [Duration("00:01:00", "01:00:00")]
    public TimeSpan MassRefusalWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Ahead < Skew)
        {
            yield return new ValidationResult(
                "the first is shorter than the second, so that every refresh would come too late. Make Ahead at least as long as Skew.",
                [nameof(Ahead), nameof(Skew)]);
        }

        if (MassRefusals == 1)
        {
            yield return new ValidationResult(
                "must be 0, or from 2 to 1000: by one refused grant nobody can tell that the app is at fault.", [nameof(MassRefusals)]);
        }

        // Tried now: that a rotation cannot be written must not be found out when there is one.
        if (JournalDirectory.Length > 0 && RotationJournal.Refusal(JournalDirectory) is { } refusal)
        {
            yield return new ValidationResult(
                $"'{JournalDirectory}' does not take files ({refusal}). Name a directory that the gateway may make, list and write, or leave it empty.",
                [nameof(JournalDirectory)]);
        }
    }
}
