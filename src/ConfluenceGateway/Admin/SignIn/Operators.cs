using System.Globalization;
using System.Security.Claims;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>Who is signed in, as claims: a name, one role, and what the session rests on.</summary>
internal static class Operators
{
    /// <summary>The role that may do everything.</summary>
    public const string Operator = "operator";

    /// <summary>The role that may look at everything and change nothing.</summary>
    public const string Viewer = "viewer";

    /// <summary>The authentication type of who showed a key.</summary>
    public const string ByKey = "key";

    /// <summary>The authentication type of who came by the identity provider.</summary>
    public const string ByProvider = "oidc";

    /// <summary>The fingerprint of what let them in; when it changes, the session ends.</summary>
    public const string Basis = "cgw:basis";

    /// <summary>When they signed in, in seconds since 1970.</summary>
    public const string Since = "cgw:since";

    // It makes two sessions of one person differ, and with them the tokens of their forms.
    private const string Session = "cgw:session";

    /// <summary>The name of who shows the key of <paramref name="role"/>: nothing else is known of them.</summary>
    public static string HolderName(string role) => role == Operator ? "admin key" : "viewer key";

    /// <summary>A key's holder, for one request.</summary>
    public static ClaimsPrincipal Holder(string role) => new(Identity(HolderName(role), role, ByKey));

    /// <summary>Somebody who begins a session now.</summary>
    /// <param name="name">As people know them.</param>
    /// <param name="role">One of the two roles.</param>
    /// <param name="type"><see cref="ByKey"/> or <see cref="ByProvider"/>.</param>
    /// <param name="basis">The fingerprint of what let them in.</param>
    /// <param name="now">The time.</param>
    public static ClaimsPrincipal Beginning(string name, string role, string type, string basis, DateTimeOffset now)
    {
        var identity = Identity(name, role, type);
        identity.AddClaim(new Claim(Basis, basis));
        identity.AddClaim(new Claim(Since, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new Claim(Session, Secret.Random("").Fingerprint));
        return new ClaimsPrincipal(identity);
    }

    private static ClaimsIdentity Identity(string name, string role, string type) =>
        new([new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, role)], type, ClaimTypes.Name, ClaimTypes.Role);
}

/// <summary>The names of the authorization policies; an endpoint that names none is open to viewers for GET and HEAD, to operators for all.</summary>
internal static class AdminPolicies
{
    /// <summary>Viewers and operators.</summary>
    public const string View = "view";

    /// <summary>Operators alone.</summary>
    public const string Operate = "operate";
}
