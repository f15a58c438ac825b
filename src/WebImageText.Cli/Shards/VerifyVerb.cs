using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Run;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Pixels;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Verify;

namespace WebImageText.Cli.Shards;

/// <summary><c>wit shards verify</c>: reads a data set whole and lists what is wrong with it.</summary>
internal static class VerifyVerb
{
    public static Command Create()
    {
        var dataSet = ShardsVerb.DataSet();
        var cap = new Option<int?>("--cap")
        {
            Description = "Most pairs that one query may own; by default what the manifest says",
            HelpName = "N",
        };
        var evaluation = EvaluationOption.Create("Compare every image with these evaluation sets too (repeatable)");
        var (index, detector) = (EvaluationOption.CreateIndex(), DetectorOption.Create());
        var verb = new Command("verify", "Read every shard and list what is broken, over a cap, or an evaluation image") { dataSet, cap, evaluation, index, detector };
        verb.SetAction(async (parsed, stop) =>
        {
            var path = DetectorOption.PathOf(parsed.GetValue(detector), isNeeded: parsed.GetValue(evaluation) is { Length: > 0 });
            var report = await RunAsync(
                parsed.GetRequiredValue(dataSet), parsed.GetValue(cap),
                EvaluationOption.Calibrated(parsed.GetValue(evaluation) ?? [], parsed.GetValue(index), path), path, stop);
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(report);
            else
                Print(report);
            return report.IsClean ? ExitCode.Done : ExitCode.BadData;
        });
        return verb;
    }

    /// <summary>Verifies under a progress display.</summary>
    /// <param name="dataSet">Where it is.</param>
    /// <param name="cap">Most pairs of a query; null for what the manifest says.</param>
    /// <param name="sets">Evaluation sets to compare with.</param>
    /// <param name="detectorPath">ONNX file of the detector; null for perceptual hashes alone.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<VerifyReport> RunAsync(
        string dataSet, int? cap, IReadOnlyList<EvaluationSet> sets, string? detectorPath, CancellationToken stop)
    {
        var store = DataSetPlace.Open(dataSet);
        // Stored images passed the limits once; here they need only decode.
        var images = new ImageJudge(new ImageOptions { MinShorterSide = 1, MaxAspectRatio = 65_500 });
        using var detector = detectorPath is { } path ? new DetectorDescriber(DetectorModel.Open(path, threads: 1)) : null;
        var evaluation = sets.Count > 0 ? await EvaluationIndex.LoadAsync(sets, new(), describer: detector, stop: stop) : null;
        return await WorkProgress.RunAsync("Verifying shards", report => new ShardVerifier(store, new()
        {
            Cap = cap,
            Decode = image => images.Judge(image) is ImageVerdict.Dropped dropped ? dropped.Drop.ToString() : null,
            EvaluationImage = evaluation is null ? null : (_, image) =>
                images.Judge(image) is ImageVerdict.Kept kept ? evaluation.Compare(kept.Facts, kept.Stored).Drop?.ToString() : null,
        }).RunAsync(new Listener(state => report(new(state.Shards, state.Of, $"{state.Samples:N0} samples, {state.Bytes / 1e6:N0} MB"))), stop));
    }

    public static void Print(VerifyReport report)
    {
        foreach (var finding in report.Findings)
            Screen.Note(finding.IsNote ? $"note: {finding}" : finding.ToString());
        Screen.Out.WriteLine(
            $"{report.Samples:N0} samples in {report.Shards:N0} shards, {report.Bytes / 1e6:N1} MB, {report.Rejected:N0} rejections: " +
            (report.IsClean ? "clean" : $"{report.Errors:N0} errors"));
    }

    // Progress<T> would hand the calls to the thread pool, in any order.
    private sealed class Listener(Action<VerifyProgress> tell) : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value) => tell(value);
    }
}
