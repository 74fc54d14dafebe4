using System.Net;
using System.Net.Sockets;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Configuration;

/// <summary>The program itself, started with settings that it cannot use.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Settings_that_contradict_themselves_end_it_before_it_listens_with_every_error_in_one_list()
    {
        await using var gateway = ProgramRun.Gateway(
        [
            "--Listen:Traffic=http://127.0.0.1:9", "--Listen:Management=http://127.0.0.1:9", "--Listen:MaxRequestBodyBytes=many",
            "--Refresh:Skew=01:00:00", "--Refresh:Ahed=00:10:00", "--Atlassian:ClientId=app", "--Atlassian:ApiBaseUrl=nowhere",
            "--Redis:ConnectionString=redis,password=hunter2-and-more", "--Redis:LockEndpoints:0=a", "--Redis:LockEndpoints:1=b",
            "--DataProtection:CertificateFile=/nowhere.pfx", "--Admin:ApiKeyFile=/nowhere", "--Gateway:PublicUrl=gateway",
        ]);

        Assert.Equal(1, await gateway.ExitCodeAsync());
        foreach (var key in new[]
        {
            "Listen:MaxRequestBodyBytes", "Refresh:Skew", "Refresh:Ahed", "Atlassian:ClientId and Atlassian:ClientSecret", "Atlassian:ApiBaseUrl",
            "Redis:LockEndpoints", "DataProtection:CertificateFile", "Admin:ApiKeyFile", "Gateway:PublicUrl",
        })
        {
            Assert.Single(gateway.Errors.Split('\n'), line => line.StartsWith($"  {key}: ", StringComparison.Ordinal));
        }

        Assert.DoesNotContain("hunter2", gateway.Errors + gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("traffic", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", gateway.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        await using var gateway = ProgramRun.Gateway([$"--Listen:Traffic=http://{taken.LocalEndpoint}", $"--Embedded:DataDirectory={directory.Path}"]);

        Assert.Equal(1, await gateway.ExitCodeAsync());
        Assert.Contains($"{taken.LocalEndpoint}", Assert.Single(gateway.Errors.Split('\n'), line => line.Length > 0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_admin_key_in_its_file_is_taken_over_and_one_that_is_too_short_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "key");
        await File.WriteAllTextAsync(file, "the-first-admin-key\n");
        await using var gateway = ProgramRun.Gateway([$"--Admin:ApiKeyFile={file}", $"--Embedded:DataDirectory={directory.Path}"]);
        async Task<HttpStatusCode> AskAsync(string key)
        {
            using var client = await gateway.OperatorAsync(key);
            using var answer = await client.GetAsync("/api/v1/connections");
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync("the-first-admin-key"));
        await File.WriteAllTextAsync(file, "the-second-admin-key");
        await Eventually.TrueAsync(async () => await AskAsync("the-second-admin-key") == HttpStatusCode.OK, "the new key is taken over");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("the-first-admin-key"));

        await File.WriteAllTextAsync(file, "short");
        await Eventually.TrueAsync(() => gateway.Errors.Contains("Admin:ApiKeyFile: its new content is refused", StringComparison.Ordinal), "the short key is refused");
        Assert.Equal(HttpStatusCode.OK, await AskAsync("the-second-admin-key"));
        await File.WriteAllTextAsync(file, "");
        await File.WriteAllTextAsync(file, "the-third-admin-key");
        await Eventually.TrueAsync(async () => await AskAsync("the-third-admin-key") == HttpStatusCode.OK, "a good key is taken over after a bad one");
        Assert.False(gateway.HasExited);
    }
}
