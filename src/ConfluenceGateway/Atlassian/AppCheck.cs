using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Atlassian;

/// <summary>
/// Asks the token endpoint whether it accepts the app, by a refresh token that is none: the client id and secret are judged
/// before the token is, and nothing is spent.
/// </summary>
internal sealed class AppCheck(IServiceProvider services, ConfigurationCircuit circuit, SetupState setup, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Asks now.</summary>
    public async Task<AppStatus> RunAsync(CancellationToken cancellationToken)
    {
        if (setup.Missing.Count > 0)
        {
            return new AppStatus("missing", $"Set {string.Join(" and ", setup.Missing)}.");
        }

        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        switch (await services.GetRequiredService<ITokenEndpoint>().RefreshAsync(new Secret("no-refresh-token"), either.Token))
        {
            case TokenAnswer.Dead dead:
                // It says nothing of grants, so a circuit that is open for those stays open.
                if (!circuit.IsOpenForGrants)
                {
                    circuit.Close();
                }

                return new AppStatus("accepted", $"Atlassian knows the client id and secret. It refused the made-up token, as it should: {dead.Evidence}.");
            case TokenAnswer.Misconfigured misconfigured:
                return new AppStatus("refused", $"Atlassian refuses the app: {misconfigured.Evidence}. Check Atlassian:ClientId and Atlassian:ClientSecret.");
            case TokenAnswer.Unsent { Evidence: var evidence }:
                return new AppStatus("unreachable", $"The token endpoint could not be reached: {evidence}. Check Atlassian:AuthBaseUrl, and that the gateway may connect to it.");
            case TokenAnswer.Ambiguous { Evidence: var evidence }:
                return new AppStatus("unclear", $"The token endpoint gave no clear answer: {evidence}. Try again in a minute.");
            default:
                return new AppStatus("unclear", "The token endpoint took a made-up token for a good one. Check Atlassian:AuthBaseUrl.");
        }
    }
}

/// <summary>Whether the token endpoint accepts the app.</summary>
/// <param name="Outcome"><c>accepted</c>, <c>refused</c>, <c>unreachable</c>, <c>unclear</c>, or <c>missing</c> when there is none.</param>
/// <param name="Detail">What was seen, and what to do.</param>
internal sealed record AppStatus(string Outcome, string Detail);
