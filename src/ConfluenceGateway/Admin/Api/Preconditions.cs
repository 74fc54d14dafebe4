using System.Globalization;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using Microsoft.Net.Http.Headers;

namespace ConfluenceGateway.Admin.Api;

/// <summary>ETags of connections and the headers that demand them (RFC 9110 section 13.1). An ETag names the revision of what people edit; a rotation leaves it.</summary>
internal static class Preconditions
{
    /// <summary>The ETag of a revision.</summary>
    public static string ETag(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <summary>What the request demands, or what is wrong with how it does.</summary>
    public static (Precondition Demanded, Problem? Problem) Of(HttpRequest request)
    {
        var (match, noneMatch) = (request.Headers.IfMatch, request.Headers.IfNoneMatch);
        if (noneMatch.Count > 0)
        {
            return match.Count == 0 && noneMatch is ["*"] ? (new Precondition(Absent: true), null) : (default, AdminProblems.InvalidPrecondition(HeaderNames.IfNoneMatch));
        }

        if (match.Count == 0)
        {
            return (default, null);
        }

        if (!EntityTagHeaderValue.TryParseStrictList(match, out var tags))
        {
            return (default, AdminProblems.InvalidPrecondition(HeaderNames.IfMatch));
        }

        // A weak tag never matches here (section 13.1.1), and neither does one that is none of ours: then the connection has changed.
        return tags.Contains(EntityTagHeaderValue.Any)
            ? (new Precondition(Revisions: []), null)
            : (new Precondition(Revisions: [.. tags.Select(Revision)]), null);
    }

    private static long Revision(EntityTagHeaderValue tag) =>
        !tag.IsWeak && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : -1;
}
