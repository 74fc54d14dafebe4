using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Tests.Configuration;

/// <summary>Settings that cannot work are told before anything listens.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Refresh:Skw", "--Refresh:Skw=00:01:00")]
    [InlineData("Refresh:Skew", "--Refresh:Skew=soon")]
    [InlineData("Refresh:Skew", "--Refresh:Skew=00:10:01")]
    [InlineData("Refresh:Ahead", "--Refresh:Ahead=10")]
    [InlineData("Refresh:ExchangeTimeout", "--Refresh:ExchangeTimeout=00:00:00")]
    [InlineData("Refresh:WaitBudget", "--Refresh:WaitBudget=01:00:00")]
    [InlineData("Refresh:Ahead and Refresh:Skew", "--Refresh:Ahead=00:00:30")]
    [InlineData("Refresh:JournalDirectory", "--Refresh:JournalDirectory=/dev/null/journal")]
    [InlineData("Refresh:JournalDirectory", "--Refresh:JournalDirectory=/proc")]
    [InlineData("Refresh:MassRefusals", "--Refresh:MassRefusals=1")]
    [InlineData("Refresh:MassRefusals", "--Refresh:MassRefusals=1001")]
    [InlineData("Refresh:MassRefusalWindow", "--Refresh:MassRefusalWindow=00:00:59")]
    [InlineData("Routing:HostSuffix", "--Routing:HostSuffix=.gateway.example.com")]
    [InlineData("Routing:HostSuffix", "--Routing:HostSuffix=gateway.example.com:8080")]
    [InlineData("Replay:MaxBodyBytes", "--Replay:MaxBodyBytes=many")]
    [InlineData("Throttling:WaitBudget", "--Throttling:WaitBudget=00:05:01")]
    [InlineData("Throttling:FairShare", "--Throttling:FairShare=Sometimes")]
    [InlineData("Throttling:QuotaPoints", "--Throttling:QuotaPoints=0")]
    [InlineData("Throttling:QuotaPoints", "--Throttling:QuotaPoints=100000001")]
    [InlineData("Listen:MaxRequestBodyBytes", "--Listen:MaxRequestBodyBytes=0")]
    [InlineData("Listen:Traffic and Listen:Management", "--Listen:Traffic=http://127.0.0.1:8081")]
    [InlineData("Listen:Traffic and Listen:TrafficHttp2", "--Listen:TrafficHttp2=http://127.0.0.1:8080")]
    [InlineData("Listen:TrafficHttp2", "--Listen:TrafficHttp2=8082")]
    [InlineData("Listen:MaxRequestHeaderBytes", "--Listen:MaxRequestHeaderBytes=1000")]
    [InlineData("Listen:MaxConcurrentRequests", "--Listen:MaxConcurrentRequests=0")]
    [InlineData("Listen:DrainDelay", "--Listen:DrainDelay=00:05:01")]
    [InlineData("Upstream:ConnectTimeout", "--Upstream:ConnectTimeout=00:00:00")]
    [InlineData("Upstream:ActivityTimeout", "--Upstream:ActivityTimeout=100")]
    [InlineData("Compatibility:RewriteLinks", "--Compatibility:RewriteLinks=maybe")]
    [InlineData("Listen:Traffic", "--Listen:Traffic=http://localhost:0")]
    [InlineData("Listen:Management", "--Listen:Management=https://127.0.0.1:1")]
    [InlineData("Gateway:PublicUrl", "--Gateway:PublicUrl=gateway.example.com")]
    [InlineData("Atlassian:ClientId and Atlassian:ClientSecret", "--Atlassian:ClientId=app")]
    [InlineData("Atlassian:ClientId and Atlassian:ClientSecret", "--Atlassian:ClientSecret=hidden-value")]
    [InlineData("Atlassian:Scopes", "--Atlassian:Scopes=read:page:confluence")]
    [InlineData("Atlassian:AuthBaseUrl", "--Atlassian:AuthBaseUrl=auth.atlassian.com")]
    [InlineData("Atlassian:ApiBaseUrl", "--Atlassian:ApiBaseUrl=https://api.atlassian.com/ex")]
    [InlineData("Redis:LockEndpoints", "--Redis:LockEndpoints:0=one:6379")]
    [InlineData("Redis:LockEndpoints", "--Redis:LockEndpoints=one:6379,two:6379")]
    [InlineData("Redis:LockEndpoints", "--Redis:ConnectionString=redis:6379", "--Admin:ApiKey=0123456789abcdef", "--Redis:LockEndpoints:0=one:6379", "--Redis:LockEndpoints:1=two:6379")]
    [InlineData("Redis:Durability", "--Redis:Durability=aof")]
    [InlineData("Redis:Durability", "--Redis:Durability=fsync", "--Redis:ConnectionString=redis:6379", "--Admin:ApiKey=0123456789abcdef")]
    [InlineData("Redis:Durability", "--Redis:Durability=replicas:0", "--Redis:ConnectionString=redis:6379", "--Admin:ApiKey=0123456789abcdef")]
    [InlineData("Redis:Durability", "--Redis:Durability=replicas:17", "--Redis:ConnectionString=redis:6379", "--Admin:ApiKey=0123456789abcdef")]
    [InlineData("Redis:KeyPrefix", "--Redis:KeyPrefix=a b")]
    [InlineData("Admin:ApiKey", "--Redis:ConnectionString=redis:6379")]
    [InlineData("Admin:ApiKey", "--Admin:ApiKey=hidden-value")]
    [InlineData("Admin:ViewerApiKey", "--Admin:ViewerApiKey=hidden-value")]
    [InlineData("Admin:ApiKey and Admin:ViewerApiKey", "--Admin:ApiKey=hidden-value-of-both", "--Admin:ViewerApiKey=hidden-value-of-both")]
    [InlineData("Admin:ViewerApiKeyFile", "--Admin:ViewerApiKeyFile=/no/such/file")]
    [InlineData("Admin:PublicUrl", "--Admin:PublicUrl=https://admin.example.com/gateway")]
    [InlineData("Admin:PublicUrl", "--Admin:PublicUrl=admin.example.com")]
    [InlineData("Admin:Oidc:Autority", "--Admin:Oidc:Autority=https://login.example.com")]
    [InlineData("Admin:Oidc:Authority and Admin:Oidc:ClientId and Admin:Oidc:ClientSecret", "--Admin:Oidc:ClientId=gateway")]
    [InlineData("Admin:Oidc:Authority and Admin:Oidc:ClientId and Admin:Oidc:ClientSecret", "--Admin:Oidc:Authority=https://login.example.com", "--Admin:Oidc:ClientSecret=hidden-value")]
    [InlineData("Admin:Oidc:Authority", "--Admin:Oidc:Authority=http://login.example.com", "--Admin:Oidc:ClientId=gateway", "--Admin:Oidc:ClientSecret=hidden-value")]
    [InlineData("Admin:Oidc:ClientSecretFile", "--Admin:Oidc:ClientSecretFile=/no/such/file")]
    [InlineData("Admin:Oidc:RoleClaim", "--Admin:Oidc:RoleClaim=")]
    [InlineData("Admin:Oidc:OperatorRole and Admin:Oidc:ViewerRole", "--Admin:Oidc:OperatorRole=viewer")]
    [InlineData("Admin:Oidc:Scopes", "--Admin:Oidc:Scopes=profile")]
    [InlineData("Admin:Oidc:CallbackPath", "--Admin:Oidc:CallbackPath=https://evil.example.com")]
    [InlineData("Admin:Oidc:CallbackPath", "--Admin:Oidc:CallbackPath=/sign-in")]
    [InlineData("Admin:Oidc:CallbackPath", "--Admin:Oidc:CallbackPath=/Sign-in/start")]
    [InlineData("Admin:Oidc:CallbackPath", "--Admin:Oidc:CallbackPath=/sign-in/start")]
    [InlineData("Admin:ApiKeyFile", "--Admin:ApiKeyFile=/no/such/file")]
    [InlineData("Admin:ApiKey and Admin:ApiKeyFile", "--Admin:ApiKeyFile=/etc/passwd", "--Admin:ApiKey=0123456789abcdef")]
    [InlineData("DataProtection:CertificateFile", "--DataProtection:CertificateFile=/no/such/file")]
    [InlineData("DataProtection:CertificateFile", "--DataProtection:CertificateFile=/etc/hostname", "--DataProtection:CertificatePassword=hidden-value")]
    [InlineData("DataProtection:CertificatePassword", "--DataProtection:CertificatePassword=hidden-value")]
    public async Task One_bad_setting_is_one_error_that_begins_with_its_key(string key, params string[] settings)
    {
        var error = Assert.Single(await ErrorsAsync(settings));

        Assert.StartsWith(key + ": ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-value", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var errors = await ErrorsAsync(
            "--Refresh:Skw=1", "--Refresh:Ahead=soon", "--Admin:ApiKey=short", "--Redis:ConnectionString=redis:6379", "--Redis:LockEndpoints:0=one:6379",
            "--Redis:LockEndpoints:1=two:6379", "--DataProtection:CertificateFile=/no/such/file", "--Atlassian:ClientSecretFile=/no/such/file");

        string[] keys = ["Refresh:Skw", "Refresh:Ahead", "Admin:ApiKey", "Redis:LockEndpoints", "DataProtection:CertificateFile", "Atlassian:ClientSecretFile"];
        Assert.Equal(keys.Order(), errors.Select(error => error.Split(": ")[0]).Order());
    }

    [Fact]
    public async Task A_journal_directory_that_takes_no_files_is_told_with_why_and_what_to_do()
    {
        var error = Assert.Single(await ErrorsAsync("--Refresh:JournalDirectory=/dev/null/journal"));

        Assert.Matches("^Refresh:JournalDirectory: '/dev/null/journal' does not take files \\(.+[^.]\\)\\. Name a directory that the gateway may make, list and write", error);
    }

    [Fact]
    public async Task The_defaults_are_good() => Assert.Empty(await ErrorsAsync());

    private static async Task<IReadOnlyList<string>> ErrorsAsync(params string[] settings)
    {
        await using var app = Program.Build(settings);
        return Settings.Errors(app.Services);
    }
}
