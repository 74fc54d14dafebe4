namespace AtlassianSimulator.OAuth;

/// <summary>Why a grant is dead, in the words the control API uses.</summary>
internal static class DeadReasons
{
    public const string Revoked = "revoked";
    public const string PasswordChanged = "password_changed";
    public const string Replayed = "replayed";
    public const string Inactive = "inactive";
    public const string ConsentExpired = "consent_expired";
}
