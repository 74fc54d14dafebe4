using AtlassianSimulator.Edge;
using AtlassianSimulator.OAuth;

namespace AtlassianSimulator.Faults;

/// <summary>Strikes with faults everywhere but at the token endpoint, which has to spend a token in the middle of one.</summary>
internal sealed class FaultInjection(FaultList faults, FaultAnswers answers, AccessTokens accessTokens)
{
    public async Task RunAsync(HttpContext http, FaultEndpoint endpoint, Func<Task> next)
    {
        var due = faults.Take(endpoint, accessTokens.Find(Credentials.Bearer(http.Request))?.Grant.Id, http.Request.Path);
        if (due.Faults.Count == 0)
        {
            await next();
            return;
        }

        if (await answers.BeforeAsync(http, due))
        {
            return;
        }

        // Whatever is left strikes the finished answer, so the answer is held back until then.
        var connection = http.Response.Body;
        using var held = new MemoryStream();
        http.Response.Body = held;
        try
        {
            await next();
        }
        finally
        {
            http.Response.Body = connection;
        }

        await answers.DelayAsync(due, FaultPhase.AfterSpend);
        await FaultAnswers.AnswerAsync(http, due, held.ToArray(), http.Response.StatusCode, http.Response.ContentType ?? "application/json");
    }
}
