using System.Globalization;
using System.Security.Cryptography;
using ConfluenceGateway.Redis;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Doctor;

/// <summary>Looks at the store: whether it answers and keeps what it is given, its key ring, and the certificate around that.</summary>
internal sealed class StoreExamination(IServiceProvider services)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    // Long enough to have another one made and rolled out.
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();
    private readonly RedisOptions _redis = services.GetRequiredService<IOptions<RedisOptions>>().Value;
    private readonly KeyRingOptions _ring = services.GetRequiredService<IOptions<KeyRingOptions>>().Value;

    /// <summary>Looks.</summary>
    public async IAsyncEnumerable<Finding> LookAsync()
    {
        yield return Certificate();
        var (redis, store) = _redis.Embedded ? Embedded() : await RealAsync();
        yield return store;
        if (redis is null)
        {
            yield return new Finding("key_ring", Verdict.Skipped, "It lies in the store.");
            yield break;
        }

        if (!_redis.Embedded)
        {
            foreach (var check in await services.GetRequiredService<ServerChecks>().RunAsync())
            {
                yield return Of(check);
            }
        }

        yield return await KeyRingAsync();
    }

    private Finding Certificate()
    {
        using var certificate = _ring.TryLoadCertificate();
        if (certificate is null)
        {
            return _redis.Embedded
                ? new Finding("certificate", Verdict.Ok, "None is set. The embedded store needs none: whoever reads its directory has all of it.")
                : new Finding("certificate", Verdict.Warn, "None is set, so the key ring lies plain in Redis: whoever reads Redis can read every grant. Set DataProtection:CertificateFile, then re-encrypt.");
        }

        var left = certificate.NotAfter.ToUniversalTime() - _time.GetUtcNow().UtcDateTime;
        var end = certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return left > Soon ? new Finding("certificate", Verdict.Ok, $"Good until {end}.")
            : new Finding("certificate", Verdict.Warn, $"{(left > TimeSpan.Zero ? "Ends on" : "Ended on")} {end}. It goes on opening the ring, but replace it: make it DataProtection:PreviousCertificateFile beside a new one, then re-encrypt.");
    }

    private (RedisConnection? Redis, Finding Finding) Embedded()
    {
        var directory = Path.GetFullPath(services.GetRequiredService<IOptions<EmbeddedOptions>>().Value.DataDirectory);
        if (!Directory.Exists(directory))
        {
            return (null, new Finding("store", Verdict.Skipped, $"There is no {directory} yet: the first start makes it, with the store in it."));
        }

        try
        {
            return (services.GetRequiredService<RedisConnection>(), new Finding("store", Verdict.Ok, $"The embedded store in {directory} opens."));
        }
        catch (DataDirectoryInUseException)
        {
            return (null, new Finding("store", Verdict.Ok, $"A gateway is running on {directory}; its /health/ready tells of the store."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, new Finding("store", Verdict.Fail, $"{directory} cannot be used: {exception.Message}"));
        }
    }

    private async Task<(RedisConnection? Redis, Finding Finding)> RealAsync()
    {
        var redis = services.GetRequiredService<RedisConnection>();
        // The addresses alone: the connection string holds the password.
        var addresses = string.Join(", ", redis.Multiplexer.GetEndPoints(configuredOnly: true).Select(address => address.ToString()));
        return await UntilAsync(() => redis.IsConnected)
            ? (redis, new Finding("store", Verdict.Ok, $"Redis answers at {addresses}."))
            : (null, new Finding("store", Verdict.Fail, $"Redis does not answer at {addresses}. Check the addresses, user, password and TLS of Redis:ConnectionString, and that the way is open."));
    }

    private async Task<Finding> KeyRingAsync()
    {
        var (wrapping, ring) = (services.GetRequiredService<KeyRingWrapping>(), services.GetRequiredService<KeyRing>());
        try
        {
            var (keys, foreign) = await wrapping.CountAsync();
            if (keys == 0)
            {
                return new Finding("key_ring", Verdict.Ok, "There is none yet: the first start makes it.");
            }

            if (!await UntilAsync(async () =>
            {
                await ring.StartingAsync(CancellationToken.None);
                return ring.IsLoaded;
            }))
            {
                return new Finding("key_ring", Verdict.Fail, "A key of the ring cannot be read, so some grants cannot. Set DataProtection:CertificateFile, or PreviousCertificateFile, to the certificate that wraps the ring.");
            }

            var check = Of(await services.GetRequiredService<KeyRingCheck>().RunAsync());
            return check.Verdict != Verdict.Ok || foreign == 0 ? check
                : new Finding("key_ring", Verdict.Warn, $"{foreign} of {keys} keys are not wrapped by the certificate of the settings. When every replica has it, POST /api/v1/key-ring/re-encrypt.");
        }
        catch (Exception exception) when (RedisConnection.IsUnavailable(exception) || exception is CryptographicException)
        {
            return new Finding("key_ring", Verdict.Fail, $"It could not be read: {exception.Message}");
        }
    }

    private static Finding Of(SelfCheck check) =>
        new(check.Name, check.Passed switch { true => Verdict.Ok, false => Verdict.Fail, null => Verdict.Warn }, check.Detail);

    private Task<bool> UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private async Task<bool> UntilAsync(Func<Task<bool>> isSoAsync)
    {
        var begun = _time.GetTimestamp();
        while (!await isSoAsync())
        {
            if (_time.GetElapsedTime(begun) > Patience)
            {
                return false;
            }

            await Task.Delay(Moment, _time);
        }

        return true;
    }
}
