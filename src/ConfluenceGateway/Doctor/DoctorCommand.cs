using System.Text.Json;
using System.Text.Json.Serialization;
using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Doctor;

/// <summary>
/// <c>ConfluenceGateway doctor</c>: says whether a gateway with these settings would work, and what to do where not. It serves nothing,
/// spends no token and makes neither a store nor a key ring.
/// </summary>
internal static class DoctorCommand
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Name = "doctor";

    private const string JsonArgument = "--json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Looks at everything and writes what was found.</summary>
    /// <param name="args">Settings, as the gateway takes them, and <c>--json</c> for JSON in place of a table.</param>
    /// <param name="output">Where to.</param>
    /// <returns>The exit code: 1 when something fails, else 0.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        // What the parts of a gateway log is told by the findings.
        await using var app = Program.Build([.. args.Where(arg => arg != JsonArgument)], builder => builder.Logging.ClearProviders());
        var findings = new List<Finding>();
        await foreach (var finding in LookAsync(app.Services))
        {
            findings.Add(finding);
            if (!args.Contains(JsonArgument))
            {
                await output.WriteLineAsync($"{Mark(finding.Verdict),-5} {finding.Name,-16} {finding.Detail}");
            }
        }

        var worst = findings.Exists(finding => finding.Verdict == Verdict.Fail) ? Verdict.Fail
            : findings.Exists(finding => finding.Verdict == Verdict.Warn) ? Verdict.Warn : Verdict.Ok;
        await output.WriteLineAsync(args.Contains(JsonArgument)
            ? JsonSerializer.Serialize(new Report(worst, findings), Json)
            : worst switch
            {
                Verdict.Fail => "A gateway with these settings would not do its work: mend what fails.",
                Verdict.Warn => "It would serve. Look at what is marked.",
                _ => "All is well.",
            });
        return worst == Verdict.Fail ? 1 : 0;
    }

    private static async IAsyncEnumerable<Finding> LookAsync(IServiceProvider services)
    {
        var errors = Settings.Errors(services);
        foreach (var error in errors)
        {
            yield return new Finding("settings", Verdict.Fail, error);
        }

        if (errors.Count > 0)
        {
            yield return new Finding("all else", Verdict.Skipped, "Nothing else can be looked at before the settings are usable.");
            yield break;
        }

        yield return new Finding("settings", Verdict.Ok, "Each is known and in its range.");
        var store = new StoreExamination(services);
        await foreach (var finding in store.LookAsync())
        {
            yield return finding;
        }

        var outside = new OutsideExamination(services);
        await foreach (var finding in outside.LookAsync())
        {
            yield return finding;
        }
    }

    private static string Mark(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warn => "warn",
        Verdict.Fail => "FAIL",
        _ => "-",
    };

    /// <summary>What <c>--json</c> writes.</summary>
    private sealed record Report(Verdict Verdict, IReadOnlyList<Finding> Findings);
}
