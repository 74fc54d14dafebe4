using System.Text.Json;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Admin.Api;

/// <summary>The management API of caller keys.</summary>
internal static class CallerKeyEndpoints
{
    /// <summary>Maps <c>/caller-keys</c>.</summary>
    public static void MapCallerKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/caller-keys").WithTags("Caller keys");
        keys.MapPost("", CreateAsync).Audited("caller-key.create").Takes<NewCallerKey>().Produces<CallerKey>(StatusCodes.Status201Created)
            .Describe("Makes a caller key; the answer is the one time that it is shown.", [400, 413]);
        keys.MapGet("", ListAsync).Describe<CallerKeyPage>("Lists caller keys, the oldest first, of one connection or all; never the keys themselves.", [400]);
        keys.MapGet("/{id}", GetAsync).Describe<CallerKey>("Shows a caller key; never the key itself.", [404]);
        keys.MapDelete("/{id}", RevokeAsync).Audited("caller-key.revoke").Produces(StatusCodes.Status204NoContent)
            .Describe("Revokes a caller key; every replica refuses it within five seconds.", [404]);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, CallerKeys keys)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewCallerKey>(context.Request);
        return body is null ? problem! : await keys.CreateAsync(body, context.User.Identity?.Name) switch
        {
            CallerKeyCreation.Created created => Show(context, created),
            CallerKeyCreation.Invalid invalid => AdminProblems.InvalidField(invalid.Field, invalid.Remedy),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is not known here."),
        };
    }

    /// <summary>The one answer that shows the key itself.</summary>
    private static IResult Show(HttpContext context, CallerKeyCreation.Created created)
    {
        context.IsAbout(created.Key.Id);
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.Location = "/api/v1/caller-keys/" + created.Key.Id;
        var answer = JsonSerializer.SerializeToNode(created.Key, JsonBody.Options)!.AsObject();
        answer.Add("key", created.Secret.Reveal());
        return Results.Json(answer, JsonBody.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(string? connection, string? cursor, string? limit, CallerKeys keys)
    {
        if (!PageSize.TryParse(limit, out var most))
        {
            return PageSize.Invalid();
        }

        var (named, problem) = Parse(connection);
        return problem ?? Results.Json(await keys.ListAsync(named, cursor, most), JsonBody.Options);
    }

    /// <summary>Reads a filter from a query.</summary>
    /// <returns>The connection, null for all keys; or what is wrong with it.</returns>
    public static (ConnectionId? Connection, Problem? Problem) Parse(string? connection) =>
        connection is not { Length: > 0 } ? (null, null)
        : ConnectionId.TryParse(connection, out var id) ? (id, null)
        : (null, AdminProblems.InvalidField("connection", $"must be the id of a connection, which is {ConnectionId.Rule}."));

    private static async Task<IResult> GetAsync(string id, CallerKeys keys) =>
        await keys.FindAsync(id) is { } key ? Results.Json(key, JsonBody.Options) : AdminProblems.UnknownCallerKey();

    private static async Task<IResult> RevokeAsync(string id, CallerKeys keys) =>
        await keys.RevokeAsync(id) ? Results.NoContent() : AdminProblems.UnknownCallerKey();
}
