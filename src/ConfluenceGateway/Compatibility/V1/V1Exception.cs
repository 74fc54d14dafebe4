using System.Text.Json.Nodes;
using ConfluenceGateway.Callers;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>A call of v1 that ends otherwise than it was meant to: with an error in v1's words, or with an answer of the gateway's own.</summary>
/// <param name="answer">What the caller gets.</param>
/// <param name="message">What it is, for who reads a test's output.</param>
internal sealed class V1Exception(IResult answer, string message) : Exception(message)
{
    /// <summary>The status that the caller gets.</summary>
    public int Status => answer switch { V1Answer error => error.Status, Problem problem => problem.Status, PassedAnswer passed => passed.Status, _ => 500 };

    /// <summary>What the caller gets.</summary>
    public IResult Answer => answer;

    /// <summary>The id of the content that is not there; null when it is about something else.</summary>
    public string? MissingContent { get; private init; }

    /// <summary>Whether it says that v2 cannot do what v1 did.</summary>
    public bool IsImpossible => answer is Problem { Status: StatusCodes.Status501NotImplemented };

    /// <summary>What was asked for is not there, or hidden from the account.</summary>
    public static V1Exception NotFound(string what) => Of(404, "NotFoundException", what);

    /// <summary>There is no such content, as v1 says it.</summary>
    public static V1Exception NoContent(string id)
    {
        var missing = NotFound($"No content found with id: ContentId{{id={id}}}");
        return new V1Exception(missing.Answer, missing.Message) { MissingContent = id };
    }

    /// <summary>The request is wrong.</summary>
    public static V1Exception Invalid(string what) => Of(400, "BadRequestException", what, valid: false);

    /// <summary>The request has been overtaken, or meets something that is there already.</summary>
    public static V1Exception Conflict(string what) => Of(409, "ConflictException", what, valid: false);

    /// <summary>The body is longer than Confluence takes.</summary>
    public static V1Exception TooLarge(string what) => Of(413, "RequestEntityTooLargeException", what, valid: false);

    /// <summary>The account may not do that.</summary>
    public static V1Exception Forbidden(string what) => Of(403, "PermissionException", what, authorized: false);

    /// <summary>v2 cannot do what v1 did.</summary>
    /// <param name="what">What v2 has no means for, as a sentence without its full stop.</param>
    /// <param name="instead">What to do instead, as a sentence.</param>
    public static V1Exception Impossible(string what, string instead) =>
        new(new Problem(501, "v1-not-on-v2", "Confluence's v2 API cannot serve this", $"Atlassian removed this operation of v1, and {what}. {instead}"), what);

    /// <summary>The site answered something else than JSON. A write may have been done all the same.</summary>
    public static V1Exception NotJson() =>
        Of(new Problem(502, "upstream-unreachable", "Atlassian is out of reach", "Atlassian's v2 API did not answer with JSON. It may have done what was asked: check before sending it again."));

    /// <summary>Whatever else the site answered, which is the caller's to see as it came.</summary>
    public static V1Exception AsItCame(SiteAnswer answer) => new(new PassedAnswer(answer), $"The site answered {answer.Status}.");

    /// <summary>An answer of the gateway's own.</summary>
    public static V1Exception Of(Problem problem) => new(problem, problem.Title);

    /// <summary>What v2 says of a call that failed, as v1 would have said it.</summary>
    /// <param name="answer">The answer of v2.</param>
    /// <param name="notFound">What v1 says is not there, when v2 answers 404.</param>
    public static V1Exception Of(SiteAnswer answer, Func<V1Exception> notFound) => answer.Status switch
    {
        400 => Invalid(Title(answer)),
        403 => Forbidden(Title(answer)),
        404 => notFound(),
        409 => Conflict(Title(answer)),
        413 => TooLarge(Title(answer)),
        _ => AsItCame(answer),
    };

    private static V1Exception Of(int status, string javaType, string message, bool authorized = true, bool valid = true) => new(
        new V1Answer(status, new JsonObject
        {
            ["statusCode"] = status,
            ["data"] = new JsonObject { ["authorized"] = authorized, ["valid"] = valid, ["errors"] = new JsonArray(), ["successful"] = authorized && valid },
            ["message"] = $"com.atlassian.confluence.api.service.exceptions.{javaType}: {message}",
        }),
        message);

    private static string Title(SiteAnswer answer) =>
        answer.Json() is JsonObject body && body["errors"] is JsonArray { Count: > 0 } errors && errors[0] is JsonObject error
            ? string.Join(": ", new[] { error.Text("title"), error.Text("detail") }.Where(text => !string.IsNullOrEmpty(text)))
            : (answer.Json() as JsonObject)?.Text("message") ?? $"Confluence answered {answer.Status}.";
}
