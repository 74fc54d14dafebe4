using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Admin.Api;

/// <summary>The management API of the key ring, which encrypts every grant.</summary>
internal static class KeyRingEndpoints
{
    /// <summary>Maps <c>/key-ring</c>.</summary>
    public static void MapKeyRing(this IEndpointRouteBuilder api)
    {
        var ring = api.MapGroup("/key-ring").WithTags("Gateway");
        ring.MapPost("/rotate", Rotate).Audited("key_ring.rotate").Produces<NewKey>(202)
            .Describe("Makes a new key. It encrypts as soon as every replica has read it; the keys before it go on decrypting.", []);
        ring.MapPost("/re-encrypt", ReencryptAsync).Audited("key_ring.re-encrypt")
            .Describe<ReencryptionLine>("Wraps the ring by the certificate of the settings and encrypts everything that lasts by the newest key: a line as it goes on, the sum on the last.", []);
    }

    private static IResult Rotate(HttpContext context, KeyRing ring)
    {
        var (id, activeAt) = ring.AddKey();
        context.IsAbout(id.ToString());
        return Results.Json(new NewKey(id, activeAt), JsonBody.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task ReencryptAsync(HttpContext context, Reencryption work)
    {
        var tellAsync = context.Response.TellByLines();
        try
        {
            await work.RunAsync(tellAsync, context.RequestAborted);
        }
        catch (StoreUnavailableException) when (context.Response.HasStarted)
        {
            // No status can say it any more; what was done is done.
            await tellAsync(AdminProblems.StoreUnavailable().ToJson());
        }
    }

    /// <summary>A key that was made.</summary>
    /// <param name="KeyId">Its id in the ring.</param>
    /// <param name="ActiveAt">From when on every replica encrypts with it.</param>
    internal sealed record NewKey(Guid KeyId, DateTimeOffset ActiveAt);
}
