using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Simulation.Scheduling;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>Atlassian's token endpoint and the network to it.</summary>
internal sealed class ModelEndpoint(Scheduler scheduler, Random random, EndpointHabits habits, IReadOnlyDictionary<ConnectionId, Account> accounts)
{
    private TimeSpan _misconfiguredUntil;

    /// <summary>How likely an exchange goes wrong, from 0 to 1.</summary>
    public double Flakiness { get; set; }

    /// <summary>How often a refresh token was sent.</summary>
    public int Sent { get; private set; }

    /// <summary>Refuses the app itself for a while.</summary>
    public void Misconfigure(TimeSpan duration) => _misconfiguredUntil = scheduler.Now + duration;

    /// <summary>Sends a refresh token.</summary>
    /// <param name="refreshToken">The token.</param>
    /// <param name="signal">Told as the request goes.</param>
    /// <param name="giveUp">Ends the wait, not the exchange.</param>
    public async Task<TokenAnswer> SendAsync(Secret refreshToken, Action<Stage> signal, CancellationToken giveUp)
    {
        Sent++;
        var answer = new TaskCompletionSource<TokenAnswer>();
        using var patience = giveUp.Register(() => answer.TrySetResult(new TokenAnswer.Ambiguous("no answer in time")));
        signal(Stage.Asked);
        Send(refreshToken, answer, signal, random.Happens(Flakiness) ? random.Pick(habits.Mishaps) : Mishap.None);
        return await answer.Task;
    }

    private void Send(Secret refreshToken, TaskCompletionSource<TokenAnswer> answer, Action<Stage> signal, Mishap mishap)
    {
        void Answer(TimeSpan delay, TokenAnswer given) => scheduler.After(delay, () =>
        {
            answer.TrySetResult(given);
            signal(Stage.Answered);
        });

        void Arrive(TimeSpan delay, Action<TokenAnswer> then) => scheduler.After(delay, () =>
        {
            var given = Exchange(refreshToken);
            signal(Stage.Done);
            then(given);
        });

        var broken = new TokenAnswer.Ambiguous("the connection broke");
        switch (mishap)
        {
            case Mishap.NoConnection:
                Answer(random.Between(0.01, 5), new TokenAnswer.Unsent("no connection", null));
                break;
            case Mishap.TooMany:
                Answer(random.Between(0.05, 0.5), new TokenAnswer.Unsent("429", random.Pick<TimeSpan?>(null, random.Between(1, 60), random.Between(60, 180))));
                break;
            case Mishap.LostRequest:
                break;
            case Mishap.Broken:
                Answer(random.Between(0.01, 10), broken);
                break;
            case Mishap.LostAnswer:
                Arrive(random.Between(0.05, 0.5), _ => { });
                break;
            case Mishap.BrokenAnswer:
                Arrive(random.Between(0.05, 0.5), _ => Answer(random.Between(0, 5), broken));
                break;
            case Mishap.BrokenAndLate:
                Answer(random.Between(0.01, 1), broken);
                Arrive(random.Between(1, 20), _ => { });
                break;
            case Mishap.Slow:
                Arrive(random.Between(0.05, 2), given => Answer(random.Between(5, 80), given));
                break;
            case Mishap.Twice:
                Arrive(random.Between(0.05, 0.5), first => Arrive(random.Between(0, 3), second => Answer(random.Between(0.01, 0.2), habits.Rule == ReuseRule.LatestOnly ? second : random.Pick(first, second))));
                break;
            default:
                Arrive(random.Between(0.03, 0.3), given => Answer(random.Between(0.03, 0.3), given));
                break;
        }
    }

    private TokenAnswer Exchange(Secret refreshToken)
    {
        if (scheduler.Now < _misconfiguredUntil)
        {
            return new TokenAnswer.Misconfigured("401 access_denied: Unauthorized");
        }

        // The connection is in the model's token, between its first and its last hyphen.
        var name = refreshToken.Reveal().Split('-')[1];
        return accounts.Single(account => account.Key.Value == name).Value.Exchange(refreshToken, habits.Lifetime, random.Happens(habits.Omission)) is { } pair
            ? new TokenAnswer.Success(pair, [])
            : new TokenAnswer.Dead("403 unauthorized_client: refresh_token is invalid");
    }
}

/// <summary>What a token endpoint is like during a run.</summary>
/// <param name="Rule">What becomes of a spent token that comes again.</param>
/// <param name="Lifetime">How long an access token lives.</param>
/// <param name="Omission">How likely an answer leaves the refresh token out, from 0 to 1.</param>
/// <param name="Mishaps">What goes wrong when something does.</param>
internal sealed record EndpointHabits(ReuseRule Rule, TimeSpan Lifetime, double Omission, Mishap[] Mishaps);

/// <summary>What goes wrong with one exchange.</summary>
internal enum Mishap
{
    None,

    /// <summary>No connection: the token was not sent.</summary>
    NoConnection,

    /// <summary>429, with or without a time to wait.</summary>
    TooMany,

    /// <summary>The request never arrives, and nothing says so.</summary>
    LostRequest,

    /// <summary>The connection breaks before the request arrives.</summary>
    Broken,

    /// <summary>The token is spent and no answer comes.</summary>
    LostAnswer,

    /// <summary>The token is spent and the connection breaks.</summary>
    BrokenAnswer,

    /// <summary>The connection breaks, and the request arrives all the same, later.</summary>
    BrokenAndLate,

    /// <summary>The answer takes longer than anybody waits.</summary>
    Slow,

    /// <summary>Something on the way sends the request twice.</summary>
    Twice,
}
