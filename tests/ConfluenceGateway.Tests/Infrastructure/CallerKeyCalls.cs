using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>What operators and apps do with caller keys.</summary>
internal static class CallerKeyCalls
{
    /// <summary>The setting that asks callers for a key.</summary>
    public const string Setting = "--Callers:Mode=Key";

    /// <summary>Makes a key.</summary>
    public static async Task<MadeKey> MakeKeyAsync(this TestGateway gateway, string[] connections, string access = "write", DateTimeOffset? expiresAt = null, string name = "legacy app")
    {
        using var answer = await gateway.Operator.PostAsJsonAsync("/api/v1/caller-keys", new { name, connections, access, expiresAt });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new MadeKey(made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
    }

    /// <summary>Revokes a key.</summary>
    public static async Task RevokeAsync(this TestGateway gateway, MadeKey key)
    {
        using var answer = await gateway.Operator.DeleteAsync($"/api/v1/caller-keys/{key.Id}");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>The key as the management API shows it.</summary>
    public static Task<JsonElement> ShowAsync(this TestGateway gateway, MadeKey key) => gateway.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/caller-keys/{key.Id}");

    /// <summary>Sends a request with a key as the password of Basic, as an app does that knows a user and a password.</summary>
    public static async Task<HttpResponseMessage> CallAsync(this TestGateway gateway, string key, string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Basic("legacy", key));
        return await gateway.App.SendAsync(request);
    }

    /// <summary>The status that a request with a key gets.</summary>
    public static async Task<HttpStatusCode> StatusAsync(this TestGateway gateway, string key, string path)
    {
        using var answer = await gateway.CallAsync(key, path);
        return answer.StatusCode;
    }

    /// <summary>User and password as Basic has them.</summary>
    public static string Basic(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}

/// <summary>A key that was made, with what is shown once.</summary>
internal sealed record MadeKey(string Id, string Key);
