namespace ConfluenceGateway.Deployment.Chart;

/// <summary>What is said after an installation is the next step.</summary>
public sealed class NotesTests
{
    [Fact]
    public async Task With_nothing_set_they_say_what_is_missing()
    {
        var notes = await NotesAsync();
        Assert.Contains("http://localhost:8080/connect/callback", notes, StringComparison.Ordinal);
        Assert.Contains("port-forward service/gw-confluence-gateway-management 8081:8081", notes, StringComparison.Ordinal);
        Assert.Contains("get secret gw-confluence-gateway-admin -o jsonpath='{.data.admin-key}'", notes, StringComparison.Ordinal);
        Assert.Contains("http://gw-confluence-gateway.apps/confluence/<connection>", notes, StringComparison.Ordinal);
        Assert.Contains("Still missing:", notes, StringComparison.Ordinal);
        Assert.Contains("set secrets.atlassian.existingSecret", notes, StringComparison.Ordinal);
        Assert.Contains("set config.Gateway.PublicUrl", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("helm -n apps test", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_all_set_they_name_the_callback_URL_and_nothing_is_missing()
    {
        var notes = await NotesAsync("-f", Helm.Example("production.yaml"));
        Assert.Contains("https://gateway.example.com/connect/callback", notes, StringComparison.Ordinal);
        Assert.Contains("get secret gateway-keys -o jsonpath='{.data.operators}'", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("Still missing", notes, StringComparison.Ordinal);
        Assert.Contains("helm -n apps test gw", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_without_a_certificate_is_pointed_out_and_an_open_gateway_too()
    {
        var notes = await NotesAsync("--set", "redis.enabled=true,config.Callers.Mode=Open,service.traffic.port=8080");
        Assert.Contains("whoever reads Redis can read every grant", notes, StringComparison.Ordinal);
        Assert.Contains("without a key: every pod that reaches this Service uses every connection", notes, StringComparison.Ordinal);
        Assert.Contains("http://gw-confluence-gateway.apps:8080/confluence/<connection>", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_hold_no_secret()
    {
        var notes = await NotesAsync("-f", Helm.Example("embedded.yaml"));
        Assert.DoesNotContain("for-a-trial", notes, StringComparison.Ordinal);
        Assert.Contains("the volume claim gateway-data", notes, StringComparison.Ordinal);
    }

    private static async Task<string> NotesAsync(params string[] values)
    {
        var end = await Helm.RunAsync(["install", "gw", Helm.Chart, "--namespace", "apps", "--dry-run=client", .. values]);
        Assert.True(end.ExitCode == 0, end.Errors);
        return end.Output[end.Output.IndexOf("NOTES:", StringComparison.Ordinal)..];
    }
}
