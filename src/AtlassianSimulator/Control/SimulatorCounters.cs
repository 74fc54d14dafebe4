namespace AtlassianSimulator.Control;

/// <summary>How often the simulator was asked for what since it started.</summary>
/// <param name="AuthorizeRequests">Visits of the consent page.</param>
/// <param name="CodeExchanges">Authorization codes exchanged.</param>
/// <param name="RefreshAttempts">Refresh requests of a known client, whatever came of them.</param>
/// <param name="RefreshExchanges">Refresh requests that gave new tokens, also when the answer was lost.</param>
/// <param name="RefreshRejections">Refresh requests with a dead or unknown token.</param>
/// <param name="ConfluenceRequests">Requests under <c>/ex/confluence</c>.</param>
/// <param name="JiraRequests">Requests under <c>/ex/jira</c>.</param>
/// <param name="UnauthorizedRequests">API requests turned away with an unusable access token.</param>
/// <param name="MediaRequests">Requests to the media host.</param>
/// <param name="FaultsApplied">Faults that struck.</param>
public sealed record SimulatorCounters(
    long AuthorizeRequests,
    long CodeExchanges,
    long RefreshAttempts,
    long RefreshExchanges,
    long RefreshRejections,
    long ConfluenceRequests,
    long JiraRequests,
    long UnauthorizedRequests,
    long MediaRequests,
    long FaultsApplied);

/// <summary>Counts for <see cref="SimulatorCounters"/>, from any thread.</summary>
internal sealed class Counters
{
    private long _authorize, _codes, _attempts, _exchanges, _rejections, _confluence, _jira, _unauthorized, _media, _faults;

    public SimulatorCounters Read() => new(
        Interlocked.Read(ref _authorize), Interlocked.Read(ref _codes), Interlocked.Read(ref _attempts),
        Interlocked.Read(ref _exchanges), Interlocked.Read(ref _rejections), Interlocked.Read(ref _confluence),
        Interlocked.Read(ref _jira), Interlocked.Read(ref _unauthorized), Interlocked.Read(ref _media), Interlocked.Read(ref _faults));

    public void AuthorizeRequest() => Interlocked.Increment(ref _authorize);

    public void CodeExchange() => Interlocked.Increment(ref _codes);

    public void RefreshAttempt() => Interlocked.Increment(ref _attempts);

    public void RefreshExchange() => Interlocked.Increment(ref _exchanges);

    public void RefreshRejection() => Interlocked.Increment(ref _rejections);

    public void ConfluenceRequest() => Interlocked.Increment(ref _confluence);

    public void JiraRequest() => Interlocked.Increment(ref _jira);

    public void UnauthorizedRequest() => Interlocked.Increment(ref _unauthorized);

    public void MediaRequest() => Interlocked.Increment(ref _media);

    public void FaultApplied() => Interlocked.Increment(ref _faults);
}
