using ConfluenceGateway.Connections;
using ConfluenceGateway.Simulation.Model;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>The model that the simulation runs on and the scripts of the real stores do the same, whatever is asked of them in whatever order.</summary>
public sealed class ModelGrantsTests(Stores stores)
{
    private const int Runs = 6;
    private const int Steps = 120;
    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory, EveryStore]
    public async Task The_model_and_the_store_agree(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        for (var seed = 1; seed <= Runs; seed++)
        {
            Assert.Null(await DifferenceAsync(world, seed, new ModelGrants()));
        }
    }

    [Theory]
    [InlineData(nameof(Omission.CompareAtCommit))]
    [InlineData(nameof(Omission.LaterSibling))]
    [InlineData(nameof(Omission.CompareAtDeath))]
    [InlineData(nameof(Omission.Yielding))]
    public async Task A_model_that_leaves_a_clause_out_is_noticed(string omission)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        string? difference = null;
        for (var seed = 1; seed <= 30 && difference is null; seed++)
        {
            difference = await DifferenceAsync(world, seed, new ModelGrants { Omits = Enum.Parse<Omission>(omission) });
        }

        Assert.NotNull(difference);
    }

    /// <summary>Asks the same of both; null when both did the same throughout.</summary>
    private static async Task<string?> DifferenceAsync(World world, int seed, ModelGrants model)
    {
        var id = ConnectionId.Parse($"model-{seed}", null);
        await world.Gateway.CreateAsync(id.Value);
        var grants = world.Gateway.Services.GetRequiredService<GrantStore>();
        model.State = model.State.Add(id, (await grants.ReadAsync(id))!);
        var random = new Random(seed);
        var done = 0;
        for (var step = 0; step < Steps; step++)
        {
            var (what, real, expected) = await DoAsync(random, id, Beginning.AddSeconds(step), grants, model);
            var (stored, modelled) = (Shape((await grants.ReadAsync(id))!.Grant), Shape(model.Read(id)!.Grant));
            if (!Equals(expected, real) || !Equals(stored, modelled))
            {
                return $"seed {seed}, step {step}: {what} gives {real ?? "nothing"} and {stored} in the store, {expected ?? "nothing"} and {modelled} in the model";
            }

            done += real is true or long ? 1 : 0;
        }

        // A run in which nothing ever fits would prove nothing.
        Assert.InRange(done, Steps / 4, Steps);
        return null;
    }

    private static async Task<(string What, object? Real, object? Expected)> DoAsync(Random random, ConnectionId id, DateTimeOffset now, GrantStore grants, ModelGrants model)
    {
        var stored = model.Read(id)!.Grant;
        if (stored is null || random.Next(20) == 0)
        {
            var pair = Pairs.Of($"consent {random.Next(100)}", now);
            return ("replace", await grants.ReplaceAsync(id, pair, World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net"), model.Replace(id, pair, World.ClientId));
        }

        // Mostly what fits, and often enough what is out of date.
        var seen = random.Next(4) == 0 ? stored with { Pair = Pairs.Of("other", now), Attempts = stored.Attempts + random.Next(2) } : stored;
        var attempt = random.Next(3) == 0 ? stored.Attempts : stored.Attempts + random.Next(-1, 3);
        var intent = new Intent(attempt, random.Next(3) == 0 ? "other" : "this", now, now.AddSeconds(random.Next(-5, 45)), random.Next(2) == 0 ? now : null);
        var spent = random.Next(5) == 0 && stored.Origin is { } origin ? origin.Spent : seen.Pair.RefreshToken.Fingerprint;
        switch (random.Next(9))
        {
            case 4 or 5 or 6:
                return ("begin", await grants.BeginAsync(id, seen, intent), model.Begin(id, seen, intent));
            case 0:
                var rest = new Rest(random.Next(1, 9), now.AddSeconds(random.Next(60)));
                return ("end", await grants.EndAsync(id, seen.Pair.RefreshToken, intent, rest), model.End(id, seen.Pair.RefreshToken, intent, rest));
            case 1:
                var death = new GrantDeath(ReauthReason.Revoked, "refused", now);
                return ("mark dead", await grants.MarkDeadAsync(id, seen.Pair.RefreshToken, attempt, death), model.MarkDead(id, seen.Pair.RefreshToken, attempt, death));
            case 3 when stored.Death is { Since: { } marked }:
                var since = random.Next(4) == 0 ? now : marked;
                return ("revive", await grants.ReviveAsync(id, seen.Pair.RefreshToken, since, now), model.Revive(id, seen.Pair.RefreshToken, since));
            case 2:
                var held = stored with { Generation = stored.Generation + random.Next(3), Pair = Pairs.Of($"held {random.Next(100)}", now), Origin = new Exchange(spent, attempt), Attempts = attempt, Death = null };
                var known = random.Next(4) == 0 ? null : seen;
                return ("restore", await grants.RestoreAsync(id, held, known), model.Restore(id, held, known));
            default:
                var pair = random.Next(4) == 0 ? new TokenPair(new Secret($"access {now:T}"), stored.Pair.RefreshToken, now, now.AddHours(1)) : Pairs.Of($"next {now:T}", now);
                var (exchange, afterRejection, yields) = (new Exchange(spent, attempt), random.Next(2) == 0, random.Next(2) == 0);
                return ("commit", await grants.CommitAsync(id, exchange, pair, afterRejection, yields), model.Commit(id, exchange, pair, afterRejection, yields));
        }
    }

    private static object? Shape(Grant? grant) => grant is null ? null : new
    {
        grant.Generation,
        Access = grant.Pair.AccessToken.Reveal(),
        grant.Pair.RefreshToken.Fingerprint,
        grant.Pair.ObtainedAt,
        grant.Pair.ExpiresAt,
        grant.ClientId,
        grant.ConsentedAt,
        grant.AfterRejection,
        grant.Death,
        grant.Origin,
        grant.Attempts,
        grant.Intent,
        grant.Rest,
    };
}
