using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ConfluenceGateway.Doctor;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Doctor;

/// <summary>The doctor says of each thing that a gateway needs whether it is there, and what to do.</summary>
public sealed class DoctorTests(Stores stores)
{
    private const string FreePorts = "--Listen:Traffic=http://127.0.0.1:0 --Listen:Management=http://127.0.0.1:0";

    [Fact]
    public async Task With_all_that_a_gateway_needs_all_is_well()
    {
        RedisProcess.Require();
        using var directory = new TemporaryDirectory();
        using var certificate = new WrappingCertificate(days: 400);
        await using var redis = await RedisProcess.StartAsync(directory: directory.Path);
        await using var world = await World.StartAsync(redis.ConnectionString, 1, certificate.Settings);

        var findings = await LookAsync([.. world.Settings(), .. certificate.Settings, .. FreePorts.Split(' '), $"--Gateway:PublicUrl={world.Gateway.App.BaseAddress}"]);

        Assert.Equal(
            "settings certificate store version persistence eviction replicas clock key_ring app api atlassian_clock callback_url Listen:Traffic Listen:Management".Split(' '),
            findings.All.Select(finding => finding.Name));
        Assert.All(findings.All, finding => Assert.Equal(Verdict.Ok, finding.Verdict));
        Assert.Equal(0, findings.ExitCode);
        Assert.Contains(world.Gateway.App.BaseAddress + "connect/callback", findings.Of("callback_url").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_makes_no_key_ring_and_writes_nothing_into_an_empty_store()
    {
        RedisProcess.Require();
        await using var redis = await RedisProcess.StartAsync();
        await using var world = await World.StartWithoutGatewayAsync(redis.ConnectionString);

        var findings = await LookAsync([.. world.Settings(), .. FreePorts.Split(' ')]);

        Assert.Equal((Verdict.Ok, Verdict.Fail), (findings.Of("key_ring").Verdict, findings.Of("persistence").Verdict));
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        Assert.Equal(0, (long)await client.GetDatabase().ExecuteAsync("DBSIZE"));
    }

    [Theory]
    [InlineData("app", "Check Atlassian:ClientId and Atlassian:ClientSecret", "--Atlassian:ClientSecret=wrong")]
    [InlineData("app", "The token endpoint could not be reached", "--Atlassian:AuthBaseUrl=http://127.0.0.1:9")]
    [InlineData("api", "Check Atlassian:ApiBaseUrl", "--Atlassian:ApiBaseUrl=http://127.0.0.1:9")]
    [InlineData("settings", "Refresh:Skew", "--Refresh:Skew=99")]
    [InlineData("store", "does not answer at 127.0.0.1:9.", "--Redis:ConnectionString=127.0.0.1:9,password=not-shown")]
    [InlineData("callback_url", "Gateway:PublicUrl is not set", "--Listen:Traffic=http://*:0")]
    [InlineData("key_ring", "Set DataProtection:CertificateFile", "no certificate")]
    public async Task What_is_wrong_fails_with_the_remedy(string name, string remedy, string setting)
    {
        using var certificate = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, certificate.Settings);
        string[] own = setting == "no certificate" ? [] : [.. certificate.Settings, setting];

        var findings = await LookAsync([.. world.Settings(), .. FreePorts.Split(' '), .. own]);

        var finding = findings.Of(name);
        Assert.Equal(Verdict.Fail, finding.Verdict);
        Assert.Contains(remedy, finding.Detail, StringComparison.Ordinal);
        Assert.Equal(1, findings.ExitCode);
        Assert.DoesNotContain("not-shown", findings.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_warned_of_and_nothing_fails_for_it()
    {
        using var certificate = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, certificate.Settings);

        var finding = (await LookAsync([.. world.Settings(), .. FreePorts.Split(' '), .. certificate.Settings])).Of("certificate");

        Assert.Equal(Verdict.Warn, finding.Verdict);
        Assert.Contains("re-encrypt", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_the_previous_certificate_still_wraps_is_told()
    {
        using var old = new WrappingCertificate();
        using var fresh = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, old.Settings);

        var finding = (await LookAsync([.. world.Settings(), .. FreePorts.Split(' '), .. fresh.Settings, .. old.AsPrevious])).Of("key_ring");

        Assert.Equal(Verdict.Warn, finding.Verdict);
        Assert.Contains("1 of 1 keys", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_another_program_fails_and_that_of_a_gateway_does_not()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        string[] settings = [.. world.Settings(), $"--Gateway:PublicUrl={world.Gateway.App.BaseAddress}"];
        var findings = await LookAsync(
            [.. settings, $"--Listen:Traffic=http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}", $"--Listen:Management={world.Gateway.Management.BaseAddress!.GetLeftPart(UriPartial.Authority)}"]);

        // The other one holds the port, and the address of management is a gateway's: so the first is taken for that gateway's, too.
        Assert.Equal(Verdict.Ok, findings.Of("Listen:Management").Verdict);
        Assert.Contains("A gateway runs", findings.Of("Listen:Management").Detail, StringComparison.Ordinal);
        findings = await LookAsync([.. settings, $"--Listen:Traffic=http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}", "--Listen:Management=http://127.0.0.1:0"]);
        Assert.Equal(Verdict.Fail, findings.Of("Listen:Traffic").Verdict);
    }

    [Fact]
    public async Task The_table_says_in_one_line_each_how_it_is_and_at_the_end_what_follows()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await using var output = new StringWriter();

        var exitCode = await DoctorCommand.RunAsync([.. world.Settings(), .. FreePorts.Split(' '), "--Atlassian:ClientSecret=wrong"], output);

        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(1, exitCode);
        Assert.Contains(lines, line => line.StartsWith("FAIL  app ", StringComparison.Ordinal));
        Assert.Contains("mend what fails", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_command_is_refused()
    {
        Assert.Equal(2, await Program.Main(["docter"]));
    }

    private static async Task<Findings> LookAsync(string[] settings)
    {
        await using var output = new StringWriter();
        var exitCode = await DoctorCommand.RunAsync([.. settings, "--json"], output);
        var report = JsonDocument.Parse(output.ToString()).RootElement;
        return new Findings(exitCode, output.ToString(), [.. report.GetProperty("findings").EnumerateArray().Select(finding => new Finding(
            finding.GetProperty("name").GetString()!, Enum.Parse<Verdict>(finding.GetProperty("verdict").GetString()!, ignoreCase: true), finding.GetProperty("detail").GetString()!))]);
    }

    private sealed record Findings(int ExitCode, string Text, IReadOnlyList<Finding> All)
    {
        public Finding Of(string name) => Assert.Single(All, finding => finding.Name == name);
    }
}
