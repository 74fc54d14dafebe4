using System.Threading.RateLimiting;
using ConfluenceGateway.Admin.Pages;
using Microsoft.AspNetCore.RateLimiting;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>Marks an endpoint whose calls are attempts to sign in.</summary>
internal sealed record SignInAttempt;

/// <summary>Bounds the attempts to sign in, from one address and in total, so that a key cannot be guessed.</summary>
internal static class SignInThrottle
{
    /// <summary>The attempts a minute from one address; people behind one proxy share it.</summary>
    public const int PerAddress = 20;

    /// <summary>The attempts a minute from all addresses together.</summary>
    public const int InTotal = 200;

    /// <summary>Sets the limits.</summary>
    public static void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            Limiter(PerAddress, context => $"from {context.Connection.RemoteIpAddress}"),
            Limiter(InTotal, _ => "all"));
        options.OnRejected = async (context, _) =>
        {
            context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
            await AdminNotices.TooManyAttempts(wait).ExecuteAsync(context.HttpContext);
        };
    }

    private static PartitionedRateLimiter<HttpContext> Limiter(int attempts, Func<HttpContext, string> by) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        context.GetEndpoint()?.Metadata.GetMetadata<SignInAttempt>() is null
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetFixedWindowLimiter(by(context), _ => new FixedWindowRateLimiterOptions { PermitLimit = attempts, Window = TimeSpan.FromMinutes(1) }));
}
