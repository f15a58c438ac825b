using System.CommandLine;
using WebImageText.Cli.Bench.Build;
using WebImageText.Cli.Bench.Chaos;
using WebImageText.Cli.Bench.Crawl;
using WebImageText.Cli.Bench.Detector;
using WebImageText.Cli.Bench.Match;
using WebImageText.Cli.Bench.Scale;
using WebImageText.Cli.Bench.Wiki;

namespace WebImageText.Cli.Bench;

/// <summary><c>wit bench</c>: reruns the figures of <c>benchmarks/</c> on this machine. One file a benchmark.</summary>
internal static class BenchVerb
{
    public static Command Create() => new("bench", "Measure this program here, beside its peer where that is installed")
    {
        ChaosBench.Create(),
        ScaleBench.Create(),
        SearchBench.Create(),
        MatchBench.Create(),
        TermsBench.Create(),
        WikiBench.Create(),
        BuildBench.Create(),
        TakedownBench.Create(),
        CrawlBench.Create(),
        TrainBench.Create(),
        KernelBench.Create(),
        LoaderBench.Create(),
        DetectorBench.Create(),
        LikenessBench.Create(),
    };
}
