using AtlassianSimulator.OAuth;

namespace AtlassianSimulator;

/// <summary>What the program prints once it listens: its addresses and the first things to try.</summary>
internal static class Welcome
{
    public static string Text(WebApplication app)
    {
        var (url, media) = SimulatorApp.Addresses(app);
        var root = url.GetLeftPart(UriPartial.Authority);
        var client = Uri.EscapeDataString(app.Services.GetRequiredService<OAuthApps>().Default.ClientId);
        return $"""
            Atlassian simulator
              auth and API   {root}
              media          {media.GetLeftPart(UriPartial.Authority)}

            Try:
              consent page   {root}/authorize?client_id={client}&scope=read%3Apage%3Aconfluence%20offline_access&redirect_uri=http%3A%2F%2Flocalhost%2Fcallback&state=s&response_type=code&prompt=consent
              what it knows  curl {root}/_simulator/state
              a ready grant  curl -X POST {root}/_simulator/grants -H 'Content-Type: application/json' -d '{"{\"account\":\"alice\"}"}'

            Stop it with Ctrl+C; nothing is kept.
            """;
    }
}
