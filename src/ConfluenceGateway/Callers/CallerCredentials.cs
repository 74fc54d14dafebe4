using System.Net.Http.Headers;
using System.Text;
using ConfluenceGateway.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ConfluenceGateway.Callers;

/// <summary>What a request brings to show who sends it. The set is closed: handle it with a <c>switch</c>.</summary>
internal abstract record CallerCredentials
{
    /// <summary>The header for clients whose <c>Authorization</c> is taken.</summary>
    public const string Header = "X-Gateway-Key";

    private CallerCredentials()
    {
    }

    /// <summary>Nothing that could be a key.</summary>
    internal sealed record None : CallerCredentials;

    /// <summary>Something to be looked up.</summary>
    internal sealed record Sent(Secret Key) : CallerCredentials;

    /// <summary>It is not clear which key is meant, or it stands where it must not be.</summary>
    /// <param name="Fault">What is wrong, and what to do about it; never a key.</param>
    internal sealed record Unclear(string Fault) : CallerCredentials;

    /// <summary>Reads the credentials of <paramref name="context"/>: <see cref="Header"/>, or else <c>Authorization</c>.</summary>
    public static CallerCredentials Of(HttpContext context)
    {
        var headers = context.Request.Headers;
        var own = headers[Header];
        // Who passes requests on may take the first of two, and we the second.
        if (own.Count > 1 || headers.Authorization.Count > 1)
        {
            return new Unclear($"{(own.Count > 1 ? Header : "Authorization")} was sent more than once. Send it once.");
        }

        // A URL is kept in logs and histories on its way, and this one would go on to Atlassian.
        if (CallerKey.IsIn(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget))
        {
            return new Unclear("A caller key stands in the URL, where logs keep it. Send it in a header, and have an operator replace it.");
        }

        var authorized = InAuthorization(headers.Authorization);
        return own is [{ } alone]
            ? authorized is not null && CallerKey.IsWellFormed(authorized) && new Secret(authorized).Fingerprint != new Secret(alone).Fingerprint
                ? new Unclear($"{Header} and Authorization carry different caller keys. Send one.")
                : new Sent(new Secret(alone))
            : authorized is null ? new None()
            : new Sent(new Secret(authorized));
    }

    /// <summary>The password of Basic (RFC 7617), whoever the user is, or the token of Bearer (RFC 6750 section 2.1); null when there is neither.</summary>
    private static string? InAuthorization(StringValues authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var parsed) || parsed.Parameter is not { Length: > 0 } parameter)
        {
            return null;
        }

        return parsed.Scheme.ToLowerInvariant() switch
        {
            "bearer" => parameter,
            "basic" => Password(parameter),
            _ => null,
        };
    }

    private static string? Password(string parameter)
    {
        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length))
        {
            return null;
        }

        // A user name has no colon, a password may.
        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        return colon >= 0 && colon + 1 < length ? Encoding.UTF8.GetString(bytes, colon + 1, length - colon - 1) : null;
    }
}
