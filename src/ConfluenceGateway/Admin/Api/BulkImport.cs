using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;

namespace ConfluenceGateway.Admin.Api;

/// <summary>
/// Imports many connections: a JSON object on each line comes in, and what became of it on a line goes out as soon as it is
/// known. The same file sent again goes on where it broke off, since an import that was done changes nothing.
/// </summary>
internal sealed class BulkImport(ConnectionActions actions)
{
    /// <summary>The longest file, in bytes.</summary>
    public const long MaxBytes = 256 * 1024 * 1024;

    private const int LongestLine = 64 * 1024;

    // Each waits for Atlassian most of the time; more at once would meet its rate limit.
    private const int AtOnce = 4;

    /// <summary>Reads the lines of <paramref name="file"/> and tells of each, and of all at the end.</summary>
    /// <exception cref="BadHttpRequestException">The file is too long or breaks off.</exception>
    public async Task RunAsync(Stream file, Func<JsonObject, Task> tellAsync, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal) { ["imported"] = 0, ["unchanged"] = 0, ["created"] = 0, ["failed"] = 0 };
        Problem? stopped = null;
        var told = Channel.CreateBounded<BulkOutcome>(AtOnce);
        var telling = Task.Run(
            async () =>
            {
                await foreach (var outcome in told.Reader.ReadAllAsync(cancellationToken))
                {
                    counts[outcome.Name]++;
                    await tellAsync(outcome.ToJson());
                }
            },
            cancellationToken);
        try
        {
            await Parallel.ForEachAsync(
                LinesAsync(file, () => stopped is not null, cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (line, _) =>
                {
                    var outcome = stopped is null ? await ImportAsync(line) : new BulkOutcome(line.Number, null, "failed", stopped);
                    // What the app is refused for, every line is.
                    stopped ??= outcome.Problem is { Name: "gateway-misconfigured" } misconfigured ? misconfigured : null;
                    await told.Writer.WriteAsync(outcome, cancellationToken);
                });
        }
        finally
        {
            told.Writer.Complete();
        }

        await telling;
        var summary = new JsonObject();
        foreach (var (name, count) in counts)
        {
            summary[name] = count;
        }

        if (stopped is not null)
        {
            summary["stopped"] = stopped.Detail;
        }

        await tellAsync(new JsonObject { ["summary"] = summary });
    }

    private async Task<BulkOutcome> ImportAsync((int Number, string? Text) line)
    {
        BulkLine? read = null;
        try
        {
            read = line.Text is null ? null : JsonSerializer.Deserialize<BulkLine>(line.Text, JsonBody.Options);
            return read is null
                ? new BulkOutcome(line.Number, null, "failed", AdminProblems.InvalidField("line", $"must be a JSON object of {LongestLine} characters at most."))
                : await ImportAsync(line.Number, read);
        }
        catch (JsonException exception)
        {
            return new BulkOutcome(line.Number, null, "failed", AdminProblems.InvalidBody(exception));
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KeyRingUnavailableException)
        {
            return new BulkOutcome(line.Number, read?.Id, "failed", AdminProblems.StoreUnavailable());
        }
        catch (AtlassianUnavailableException exception)
        {
            return new BulkOutcome(line.Number, read?.Id, "failed", AdminProblems.Unavailable(exception.Message + " What was rotated is held: send the file again", TimeSpan.FromSeconds(5)));
        }
    }

    private async Task<BulkOutcome> ImportAsync(int number, BulkLine line)
    {
        if (!ConnectionEndpoints.TryId(line.Id ?? "", out var id))
        {
            return new BulkOutcome(number, line.Id, "failed", AdminProblems.InvalidId());
        }

        var (made, problem) = await actions.EditAsync(id, new ConnectionEdit(line.DisplayName, line.SiteUrl, line.CloudId, line.Compatibility));
        if (problem is not null)
        {
            return new BulkOutcome(number, line.Id, "failed", problem);
        }

        if (line.RefreshToken is null)
        {
            return new BulkOutcome(number, line.Id, made ? "created" : "unchanged", null);
        }

        return await actions.ImportAsync(id, new ImportRequest(line.RefreshToken, null, null)) switch
        {
            ImportOutcome.Failed failed => new BulkOutcome(number, line.Id, "failed", failed.Problem),
            ImportOutcome.Unchanged => new BulkOutcome(number, line.Id, "unchanged", null),
            _ => new BulkOutcome(number, line.Id, "imported", null),
        };
    }

    /// <summary>The lines of a file, by number from 1; without those that are empty. One that is too long has no text.</summary>
    private static async IAsyncEnumerable<(int Number, string? Text)> LinesAsync(
        Stream file, Func<bool> isStopped, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(file);
        var line = new System.Text.StringBuilder();
        var buffer = new char[8192];
        for (var number = 1; !isStopped();)
        {
            var read = await reader.ReadAsync(buffer, cancellationToken);
            for (var at = 0; at < read; at++)
            {
                if (buffer[at] != '\n')
                {
                    // One more than may be tells a line that is too long.
                    if (line.Length <= LongestLine)
                    {
                        line.Append(buffer[at]);
                    }

                    continue;
                }

                if (Take(line) is { Length: > 0 } text)
                {
                    yield return (number, text.Length > LongestLine ? null : text);
                }

                number++;
            }

            if (read == 0)
            {
                if (Take(line) is { Length: > 0 } last)
                {
                    yield return (number, last.Length > LongestLine ? null : last);
                }

                yield break;
            }
        }
    }

    private static string Take(System.Text.StringBuilder line)
    {
        var text = line.ToString().Trim();
        line.Clear();
        return text;
    }

    /// <summary>A line of the file.</summary>
    /// <param name="Id">The connection to make or to change.</param>
    /// <param name="DisplayName">What people call it.</param>
    /// <param name="SiteUrl">Its site, by its URL.</param>
    /// <param name="CloudId">Its site, by its id.</param>
    /// <param name="Compatibility">What is done for its clients otherwise than the gateway's settings say.</param>
    /// <param name="RefreshToken">The token to take over; without one the connection is only made.</param>
    internal sealed record BulkLine(string? Id, string? DisplayName, string? SiteUrl, string? CloudId, CompatibilityChoices? Compatibility, string? RefreshToken);

    /// <summary>What became of a line.</summary>
    /// <param name="Line">Its number, from 1.</param>
    /// <param name="Id">The connection, when it could be read.</param>
    /// <param name="Name"><c>imported</c>, <c>unchanged</c>, <c>created</c> or <c>failed</c>.</param>
    /// <param name="Problem">Why it failed.</param>
    internal sealed record BulkOutcome(int Line, string? Id, string Name, Problem? Problem)
    {
        /// <summary>As it is told.</summary>
        public JsonObject ToJson()
        {
            var json = new JsonObject { ["line"] = Line };
            if (Id is not null)
            {
                json["id"] = Id;
            }

            json["outcome"] = Name;
            if (Problem is not null)
            {
                json["problem"] = Problem.ToJson();
            }

            return json;
        }
    }
}
