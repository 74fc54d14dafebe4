using System.Text.Json;

namespace ConfluenceGateway.Tests.Callers;

/// <summary>What passes for a caller key and what does not, as bytes on the wire.</summary>
public sealed class CallerCheckTests(KeyedGateway gateway) : IClassFixture<KeyedGateway>
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    /// <summary>For each attempt: the reason it is counted by, the status, method, target, and header lines.</summary>
    public static TheoryData<string, int, string, string, string[]> Refused { get; } = new()
    {
        { "missing", 401, "GET", Pages, [] },
        { "missing", 401, "POST", Pages, [] },
        { "missing", 401, "GET", Pages, ["Authorization: Basic"] },
        { "missing", 401, "GET", Pages, ["Authorization: Basic not-base64!"] },
        { "missing", 401, "GET", Pages, ["Authorization: Basic b64({good})"] },
        { "missing", 401, "GET", Pages, ["Authorization: Basic b64({good}:)"] },
        { "missing", 401, "GET", Pages, ["Authorization: Basic b64(legacy:)"] },
        { "missing", 401, "GET", Pages, ["Authorization: Bearer"] },
        { "missing", 401, "GET", Pages, ["Authorization: Digest {good}"] },
        { "missing", 401, "GET", Pages, ["Authorization: {good}"] },
        { "missing", 401, "GET", Pages, ["Cookie: X-Gateway-Key={good}"] },
        { "missing", 401, "GET", Pages, ["X_Gateway_Key: {good}"] },
        { "missing", 401, "GET", Pages, ["Proxy-Authorization: Bearer {good}"] },
        { "unknown", 401, "GET", Pages, ["Authorization: Basic b64(legacy:old-password)"] },
        { "unknown", 401, "GET", Pages, ["Authorization: Basic b64(legacy:{wrong})"] },
        { "unknown", 401, "GET", Pages, ["Authorization: Basic b64(legacy:{good}x)"] },
        { "unknown", 401, "GET", Pages, ["Authorization: Bearer {wrong}"] },
        { "unknown", 401, "GET", Pages, ["Authorization: Bearer {revoked}"] },
        { "unknown", 401, "GET", Pages, ["X-Gateway-Key:"] },
        { "unknown", 401, "GET", Pages, ["X-Gateway-Key: Bearer {good}"] },
        { "unknown", 401, "GET", Pages, ["X-Gateway-Key: {good}, {good}"] },
        { "unclear", 401, "GET", Pages, ["X-Gateway-Key: nonsense", "Authorization: Bearer {good}"] },
        { "unclear", 401, "GET", Pages, ["X-Gateway-Key: nonsense", "Connection: X-Gateway-Key", "Authorization: Bearer {good}"] },
        { "unclear", 401, "GET", Pages, ["X-Gateway-Key: {wrong}", "Authorization: Bearer {good}"] },
        { "unclear", 401, "GET", Pages, ["X-Gateway-Key: {good}", "Authorization: Basic b64(legacy:{good2})"] },
        { "unclear", 401, "GET", Pages, ["X-Gateway-Key: {good}", "X-Gateway-Key: {good}"] },
        { "unclear", 401, "GET", Pages, ["X-Gateway-Key: {wrong}", "x-gateway-key: {good}"] },
        { "unclear", 401, "GET", Pages, ["Authorization: Bearer {good}", "Authorization: Bearer {good}"] },
        { "unclear", 401, "GET", Pages, ["Authorization: Basic b64(legacy:old-password)", "Authorization: Bearer {good}"] },
        { "unclear", 401, "GET", Pages, ["X-Gateway-Key: {good}", "Authorization: Bearer a", "Authorization: Bearer b"] },
        { "unclear", 401, "GET", Pages + "&key={good}", [] },
        { "unclear", 401, "GET", Pages + "&access_token={good}", ["Authorization: Bearer {good}"] },
        { "unclear", 401, "GET", "/confluence/demo/wiki/{good}", ["Authorization: Bearer {good}"] },
        { "expired", 401, "GET", Pages, ["Authorization: Bearer {expired}"] },
        { "connection", 403, "GET", Pages, ["Authorization: Bearer {elsewhere}"] },
        { "connection", 403, "GET", "/confluence/nobody/wiki/api/v2/pages", ["Authorization: Bearer {elsewhere}"] },
        { "connection", 403, "GET", "/jira/demo/rest/api/3/myself", ["X-Gateway-Key: {elsewhere}"] },
        { "access", 403, "POST", Pages, ["Authorization: Bearer {read}"] },
        { "access", 403, "PUT", Pages, ["Authorization: Bearer {read}"] },
        { "access", 403, "DELETE", Pages, ["Authorization: Bearer {read}"] },
        { "access", 403, "PROPFIND", Pages, ["Authorization: Bearer {read}"] },
        { "access", 403, "GET", Pages, ["Authorization: Bearer {read}", "X-HTTP-Method-Override: DELETE"] },
    };

    /// <summary>For each way to send a key: method and header lines.</summary>
    public static TheoryData<string, string[]> Accepted { get; } = new()
    {
        { "GET", ["Authorization: Basic b64(legacy:{good})"] },
        { "GET", ["authorization: basic b64(legacy:{good})"] },
        { "GET", ["Authorization: BASIC b64(:{good})"] },
        { "GET", ["Authorization: Bearer {good}"] },
        { "GET", ["AUTHORIZATION: bEARER   {good}"] },
        { "GET", ["X-Gateway-Key: {good}"] },
        { "GET", ["x-gateway-key: {good}"] },
        { "GET", ["X-Gateway-Key: {good}", "Authorization: Basic b64(legacy:old-password)"] },
        { "GET", ["X-Gateway-Key: {good}", "Authorization: Bearer {good}"] },
        { "GET", ["X-Gateway-Key: {good}", "Connection: keep-alive, X-Gateway-Key"] },
        { "GET", ["Authorization: Bearer {good2}"] },
        { "GET", ["Authorization: Bearer {every}"] },
        { "GET", ["Authorization: Bearer {lasting}"] },
        { "GET", ["Authorization: Bearer {foreign}"] },
        { "GET", ["Authorization: Bearer {read}"] },
        { "HEAD", ["Authorization: Bearer {read}"] },
        { "OPTIONS", ["Authorization: Bearer {read}"] },
        { "POST", ["Authorization: Bearer {good}"] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task An_attempt_is_refused_and_reaches_nobody(string reason, int status, string method, string target, string[] lines)
    {
        await gateway.ForgetAsync();
        var before = await gateway.RefusalsAsync(reason);

        var (head, body) = await gateway.SendAsync(method, target, lines);

        Assert.True(status == head.Status, $"{head.StartLine} {body}");
        Assert.Equal("urn:confluence-gateway:problem:" + (status == 401 ? "caller-unauthorized" : "caller-forbidden"), JsonDocument.Parse(body).RootElement.GetProperty("type").GetString());
        Assert.Equal(status == 401 ? ["Basic realm=\"confluence-gateway\"", "Bearer realm=\"confluence-gateway\""] : [], head.Values("WWW-Authenticate"));
        Assert.Empty(gateway.KeysIn(head.Text + body));
        Assert.Empty(await gateway.ReceivedAsync());
        Assert.Equal(before + 1, await gateway.RefusalsAsync(reason));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task A_key_is_accepted_however_it_is_sent_and_stays_here(string method, string[] lines)
    {
        await gateway.ForgetAsync();

        await gateway.SendAsync(method, Pages, lines);

        var received = Assert.Single(await gateway.ReceivedAsync());
        Assert.Contains("/wiki/api/v2/pages", received, StringComparison.Ordinal);
        Assert.Empty(gateway.KeysIn(received));
        Assert.DoesNotContain("X-Gateway-Key:", received, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(gateway.KeysIn(gateway.Log));
    }

    [Theory]
    [InlineData]
    [InlineData("Authorization: Bearer {wrong}")]
    [InlineData("Authorization: Bearer {revoked}")]
    [InlineData("Authorization: Bearer {expired}")]
    public async Task A_stranger_does_not_learn_which_connections_there_are(params string[] lines)
    {
        var (knownHead, known) = await gateway.SendAsync("GET", "/confluence/demo/wiki/x", lines);
        var (unknownHead, unknown) = await gateway.SendAsync("GET", "/confluence/nobody/wiki/x", lines);

        Assert.Equal(known, unknown);
        Assert.Equal(knownHead.Headers.Where(header => header.Name != "Date"), unknownHead.Headers.Where(header => header.Name != "Date"));
    }

    [Fact]
    public async Task A_key_for_all_connections_learns_what_is_not_there()
    {
        var (head, _) = await gateway.SendAsync("GET", "/confluence/nobody/wiki/x", "Authorization: Bearer {every}");

        Assert.Equal(404, head.Status);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(302, "Authorization: Bearer {read}")]
    [InlineData(403, "Authorization: Bearer {elsewhere}")]
    public async Task A_link_to_a_page_leads_to_the_site_only_with_a_key(int status, params string[] lines)
    {
        var (head, body) = await gateway.SendAsync("GET", "/confluence/demo/wiki/spaces/DEMO", ["Accept: text/html", .. lines]);

        Assert.Equal(status, head.Status);
        Assert.Equal(status == 302, head.Text.Contains("acme.atlassian.net", StringComparison.Ordinal));
        Assert.DoesNotContain("acme", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_need_no_key_to_connect()
    {
        var (head, _) = await gateway.SendAsync("GET", "/connect/demo?ticket=none", "Accept: text/html");

        Assert.NotEqual(401, head.Status);
        Assert.DoesNotContain("caller", head.Text, StringComparison.Ordinal);
    }
}
