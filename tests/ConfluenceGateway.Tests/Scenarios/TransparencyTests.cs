using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>What an app sends is what Atlassian gets, and back.</summary>
public sealed class TransparencyTests(Stores stores)
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    [Fact]
    public async Task The_callers_credentials_never_reach_Atlassian()
    {
        await using var world = await World.ConnectedAsync(stores);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/confluence/demo/wiki/api/v2/pages?limit=1");
        request.Headers.TryAddWithoutValidation("Authorization", "Basic bGVnYWN5OnBhc3N3b3Jk");
        request.Headers.TryAddWithoutValidation("Cookie", "JSESSIONID=callers-own");

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var headers = (await world.Atlassian.GetRequestsAsync())[^1].Headers;
        Assert.DoesNotContain(headers, header => header.Name.Equals("Cookie", StringComparison.OrdinalIgnoreCase));
        var authorization = Assert.Single(headers, header => header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
        Assert.Equal($"Bearer sha256:{(await world.Gateway.StoredGrantAsync("demo")).Pair.AccessToken.Fingerprint}", authorization.Value);
    }

    [Theory]
    [InlineData("wiki/rest/api/search?cql=title%20~%20%22a%2Fb%22&x=%e4%F6&y=a+b&z=&z=2")]
    [InlineData("wiki/rest/api/content/a%2Fb%20c/%7Euser/+x;v=1")]
    [InlineData("rest/api/user/current?expand=personalSpace%2Coperations")]
    [InlineData("wiki//double/?q=??")]
    [InlineData("?only=query")]
    [InlineData("")]
    public async Task Path_and_query_arrive_byte_for_byte(string rest)
    {
        await using var world = await World.ConnectedAsync(stores);

        using var answer = await world.Gateway.App.GetAsync(new Uri($"{world.Gateway.App.BaseAddress}confluence/demo/{rest}", Verbatim));

        Assert.Equal($"/ex/confluence/{World.AcmeCloudId}/{rest}", (await world.Atlassian.GetRequestsAsync())[^1].Target);
    }

    [Fact]
    public async Task A_write_passes_with_its_body_and_its_answer()
    {
        await using var world = await World.ConnectedAsync(stores);
        var spaces = await world.Gateway.App.GetFromJsonAsync<JsonElement>("/confluence/demo/wiki/api/v2/spaces?keys=DEMO");
        var page = new { spaceId = spaces.GetProperty("results")[0].GetProperty("id").GetString(), title = "Grüße", body = new { representation = "storage", value = "<p>ä</p>" } };

        using var made = await world.Gateway.App.PostAsJsonAsync("/confluence/demo/wiki/api/v2/pages", page);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var read = await world.Gateway.App.GetAsync($"/confluence/demo/wiki/api/v2/pages/{id}?body-format=storage");

        var text = await read.Content.ReadAsStringAsync();
        Assert.Equal("Grüße", JsonDocument.Parse(text).RootElement.GetProperty("title").GetString());
        Assert.Equal("<p>ä</p>", JsonDocument.Parse(text).RootElement.GetProperty("body").GetProperty("storage").GetProperty("value").GetString());
    }

    [Fact]
    public async Task An_upload_of_50_MB_arrives_unharmed()
    {
        await using var world = await World.ConnectedAsync(stores);
        var content = Bytes();
        var pages = await world.Gateway.App.GetFromJsonAsync<JsonElement>("/confluence/demo/wiki/api/v2/pages?limit=1");
        var pageId = pages.GetProperty("results")[0].GetProperty("id").GetString();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", "large.bin" } };

        using var upload = await world.Gateway.App.PostAsync($"/confluence/demo/wiki/rest/api/content/{pageId}/child/attachment", form);
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
        var attachment = (await upload.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results")[0].GetProperty("id").GetString();
        using var redirect = await world.Gateway.App.GetAsync($"/confluence/demo/wiki/rest/api/content/{pageId}/child/attachment/{attachment}/download");

        // The media host gives it to whoever holds the signed address, and refuses a bearer token.
        Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
        using var media = new HttpClient(new SocketsHttpHandler());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), Convert.ToHexString(SHA256.HashData(await media.GetByteArrayAsync(redirect.Headers.Location))));
    }

    [Fact]
    public async Task Fifty_MB_pass_both_ways_over_TLS_and_HTTP_2()
    {
        await using var world = await World.ConnectedAsync(stores);
        await using var upstream = await TlsUpstream.StartAsync(Bytes());
        await using var gateway = ProgramRun.Gateway(
            [.. world.Settings(), $"--Atlassian:ApiBaseUrl={upstream.Url}"], new Dictionary<string, string> { ["SSL_CERT_FILE"] = upstream.CertificateFile });
        using var app = await gateway.AppAsync();

        using var up = await app.PostAsync("/confluence/demo/upload", new ByteArrayContent(Bytes()));
        using var down = await app.GetAsync("/confluence/demo/download");

        Assert.True(up.StatusCode == HttpStatusCode.OK, $"{await up.Content.ReadAsStringAsync()} {gateway.Output}");
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Bytes())), await up.Content.ReadAsStringAsync());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Bytes())), Convert.ToHexString(SHA256.HashData(await down.Content.ReadAsByteArrayAsync())));
        Assert.Equal(["HTTP/2", "HTTP/2"], upstream.Protocols);
    }

    private static byte[] Bytes()
    {
        var bytes = new byte[50 << 20];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
