using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ConfluenceGateway.Benchmarks.Rig;
using Perfolizer.Horology;

namespace ConfluenceGateway.Benchmarks.Micro;

/// <summary>Time and allocated bytes of each part of a request's way.</summary>
internal static class MicroBenchmark
{
    /// <summary>Runs all of them; the reports are in <c>artifacts/bench/micro</c>.</summary>
    /// <param name="filter">Text that the descriptions of those to run have; null for all.</param>
    public static void Run(string? filter)
    {
        var config = ManualConfig.CreateEmpty()
            // Within this process: the store that they work on is here.
            .AddJob(Job.ShortRun.WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(100)).WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddColumn(StatisticColumn.Median)
            .HideColumns(Column.Error, Column.Job, Column.Toolchain, Column.IterationCount, Column.LaunchCount, Column.WarmupCount, Column.Gen0, Column.Gen1, Column.Gen2)
            .AddExporter(MarkdownExporter.GitHub)
            .AddLogger(ConsoleLogger.Default)
            .WithCultureInfo(CultureInfo.InvariantCulture)
            .WithArtifactsPath(Path.Combine(Machine.Reports, "micro"));
        BenchmarkRunner.Run<RequestPath>(filter is null ? config : config.AddFilter(new BenchmarkDotNet.Filters.SimpleFilter(benchmark =>
            benchmark.Descriptor.WorkloadMethodDisplayInfo.Contains(filter, StringComparison.OrdinalIgnoreCase))));
    }
}
