using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tokens;
using k8s.Models;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>What <c>config</c> holds reaches the gateway, and is something the gateway knows.</summary>
public sealed class SettingsTests
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Examples => [.. Helm.Examples];

    [Fact]
    public void The_schema_takes_the_settings_that_the_gateway_has_and_no_others()
    {
        var schema = JsonNode.Parse(Repository.Read("charts", "confluence-gateway", "values.schema.json"))!;
        schema["definitions"]!["config"] = SettingsSchema.Make();
        WrittenFile.Expect(schema.ToJsonString(Written) + "\n", "charts", "confluence-gateway", "values.schema.json");
    }

    [Theory]
    [InlineData("Listen: {DrainDelai: 00:00:05}", "/config/Listen", "DrainDelai")]
    [InlineData("Lissen: {DrainDelay: 00:00:05}", "/config", "Lissen")]
    [InlineData("Listen: {DrainDelay: 5}", "/config/Listen/DrainDelay", "string")]
    [InlineData("Listen: {DrainDelay: 5s}", "/config/Listen/DrainDelay", "pattern")]
    [InlineData("Audit: {MaxEntries: many}", "/config/Audit/MaxEntries", "integer")]
    [InlineData("Callers: {Mode: Closed}", "/config/Callers/Mode", "Open")]
    [InlineData("Admin: {Oidc: {Autority: a}}", "/config/Admin/Oidc", "Autority")]
    public async Task A_setting_that_the_gateway_would_refuse_is_refused_before_it_is_installed(string config, string place, string why)
    {
        var refusal = await Helm.RefusalAsync($"config: {{{config}}}");
        Assert.Contains($"at '{place}'", refusal, StringComparison.Ordinal);
        Assert.Contains(why, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_variable_that_is_set_is_a_setting_of_the_gateway(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        var set = manifest.All<V1ConfigMap>().First(map => map.Metadata.Name == manifest.Deployment.Metadata.Name).Data.Keys
            .Concat(manifest.Container.Env.Select(variable => variable.Name))
            .Except(["REDIS_PASSWORD", "SSL_CERT_FILE", "DOTNET_gcServer"])
            .Select(variable => variable.Replace("__", ":", StringComparison.Ordinal))
            .Where(key => !key.StartsWith("Logging:", StringComparison.Ordinal));
        Assert.Empty(set.Except(SettingsSchema.Keys));
    }

    [Fact]
    public async Task Values_become_variables_in_the_form_that_the_gateway_reads()
    {
        var manifest = await Helm.RenderAsync("""
            externalRedis: {endpoints: [redis:6379]}
            config:
              Listen: {MaxRequestBodyBytes: 1099511627776, DrainDelay: "00:00:07"}
              Compatibility: {RewriteLinks: true}
              Redis: {LockEndpoints: [one:6379, two:6379, three:6379]}
              Logging: {LogLevel: {Microsoft.AspNetCore: Warning}}
            """);
        var data = manifest.Single<V1ConfigMap>().Data;
        Assert.Equal("1099511627776", data["Listen__MaxRequestBodyBytes"]);
        Assert.Equal("00:00:07", data["Listen__DrainDelay"]);
        Assert.Equal("true", data["Compatibility__RewriteLinks"]);
        Assert.Equal("three:6379", data["Redis__LockEndpoints__2"]);
        Assert.Equal("Warning", data["Logging__LogLevel__Microsoft.AspNetCore"]);
    }

    [Fact]
    public async Task A_changed_setting_rolls_the_pods_and_so_does_a_changed_value_that_is_read_at_start()
    {
        static string Sums(Manifest manifest) => string.Join(' ', manifest.Deployment.Spec.Template.Metadata.Annotations.Values);
        var before = await Helm.RenderAsync("secrets: {adminKey: {value: an-admin-key-of-tests}}");
        var same = await Helm.RenderAsync("secrets: {adminKey: {value: an-admin-key-of-tests}}");
        var setting = await Helm.RenderAsync("{secrets: {adminKey: {value: an-admin-key-of-tests}}, config: {Audit: {MaxEntries: 5000}}}");
        var secret = await Helm.RenderAsync("secrets: {adminKey: {value: another-key-of-tests}}");

        Assert.Equal(Sums(before), Sums(same));
        Assert.NotEqual(Sums(before), Sums(setting));
        Assert.NotEqual(Sums(before), Sums(secret));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_pod_is_given_longer_to_stop_than_the_gateway_may_take(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        var data = manifest.All<V1ConfigMap>().First(map => map.Metadata.Name == manifest.Deployment.Metadata.Name).Data;
        TimeSpan Setting(string key, TimeSpan usual) => data.TryGetValue(key, out var value) ? TimeSpan.Parse(value, null) : usual;
        var stop = Setting("Listen__DrainDelay", new ListenOptions().DrainDelay) + Setting("Refresh__ExchangeTimeout", new RefreshOptions().ExchangeTimeout) + TimeSpan.FromSeconds(15);
        Assert.True(manifest.Deployment.Spec.Template.Spec.TerminationGracePeriodSeconds > stop.TotalSeconds);
    }

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("{DrainDelay: 00:02:00}", "{}")]
    [InlineData("{DrainDelay: 0.00:00:00}", "{ExchangeTimeout: 0.00:05:00}")]
    public async Task The_time_to_stop_is_reckoned_as_the_program_does(string listen, string refresh)
    {
        // Without the chart's own delay the program's default counts.
        var manifest = await Helm.RenderAsync($"config: {{Listen: {(listen == "{}" ? "null" : listen)}, Refresh: {refresh}}}");
        TimeSpan Part(string text, TimeSpan usual) => text == "{}" ? usual : TimeSpan.Parse(text.Trim('{', '}').Split(": ")[1], null);
        var seconds = (Part(listen, new ListenOptions().DrainDelay) + Part(refresh, new RefreshOptions().ExchangeTimeout)).TotalSeconds + 20;
        Assert.Equal((long)seconds, manifest.Deployment.Spec.Template.Spec.TerminationGracePeriodSeconds);
    }
}
