using System.Globalization;
using System.Text;
using ConfluenceGateway.Chaos.Faults;
using ConfluenceGateway.Chaos.Load;

namespace ConfluenceGateway.Chaos.Accounts;

/// <summary>What was injected and counted in a story, and what is wrong with it.</summary>
internal sealed record FinalAccount(string Title, FaultLog Faults, Traffic Traffic, IReadOnlyList<ConnectionAccount> Connections, IReadOnlyList<string> Violations)
{
    /// <summary>The table.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line($"{Title}, {Faults.Now.TotalSeconds:0} s");
        Line($"  injected  {(Faults.Count == 0 ? "nothing" : string.Join(", ", Faults.Kinds.Select(kind => $"{kind.Name} {kind.Count}")))}");
        Line($"  requests  {Traffic.Served} served, {Traffic.WithoutToken} without a token and {Traffic.Silent} unanswered by faults, {Traffic.Failures.Count} failed");
        Line($"  {"connection",-10} {"alive",-5} {"generation",10} {"exchanges",9} {"surplus",7} {"rejected",8} {"at once",7}");
        foreach (var connection in Connections)
        {
            Line($"  {connection.ConnectionId,-10} {(connection.Alive ? "yes" : "NO"),-5} {connection.Generation,10} {connection.Exchanges,9} {connection.Surplus,7} {connection.Rejected,8} {connection.MaxInFlight,7}");
        }

        foreach (var violation in Violations)
        {
            Line($"  WRONG: {violation}");
        }

        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
