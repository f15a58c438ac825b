using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Dedup;
using WebImageText.Cli.Shards;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Index;

namespace WebImageText.Cli.Audit;

/// <summary><c>wit audit leaks</c>: is an evaluation image in a finished data set? Read from its stored descriptors.</summary>
internal static class LeaksVerb
{
    private const int Listed = 20;

    public static Command Create()
    {
        var dataSet = ShardsVerb.DataSet();
        var sets = DedupVerb.EvaluationSets("An evaluation set that must not be in the data");
        var index = new Option<FileInfo?>("--index") { Description = "Or an evaluation index that stands already", HelpName = "F" };
        var (model, fromImages, device, thresholds) = (DescriberOption.Create(), DedupVerb.FromImages(), SearchOn.Create(), ScanVerb.Thresholds());
        var output = new Option<FileInfo?>("--out") { Description = "The leaks as CSV, for 'wit dedup review'", HelpName = "F.csv" };
        var verb = new Command("leaks", "Check a finished data set for evaluation images, from its stored descriptors; exit code 3 if there are any")
        {
            dataSet, sets, index, model, fromImages, device, thresholds, output,
        };
        verb.SetGuardedAction(async (parsed, stop) =>
        {
            var (given, named) = (parsed.GetValue(index), (parsed.GetValue(sets) ?? []).Select(DedupVerb.Named).ToArray());
            if ((given is null) == (named.Length == 0))
                throw UserErrorException.Usage("Give either --eval-set NAME=DIR, once for each set, or --index F.");
            using var temporary = given is null ? new TemporaryFile() : null;
            var path = given?.FullName ?? temporary!.Path;
            if (given is null)
                await BuildAsync(path, named, parsed.GetValue(model), stop);
            using var opened = DescriptorIndex.Open(path);
            var location = parsed.GetRequiredValue(dataSet);
            using var source = await DedupVerb.OpenCrawlAsync(location, opened, null, parsed.GetValue(fromImages), parsed.GetValue(model), stop);
            var limits = ScanVerb.ThresholdsOf(opened, parsed.GetValue(thresholds) ?? []);
            var leaks = (await ScanVerb.PairsAsync(opened, source, limits, null, parsed.GetValue(device)!, stop)).Where(pair => pair.IsOver).ToArray();
            if (parsed.GetValue(output) is { } file)
                AlikePair.Write(file.FullName, leaks);
            Print(leaks, opened, source, limits, parsed.GetValue(CommonOptions.Json));
            return leaks.Length == 0 ? ExitCode.Done : ExitCode.BadData;
        });
        return verb;
    }

    private static async Task BuildAsync(string path, (string Name, string Source)[] sets, string? model, CancellationToken stop)
    {
        using var describer = DescriberOption.Open(model);
        await WorkProgress.RunAsync("Describing evaluation images", report => Task.Run(
            () => DescriptorIndexBuilder.Build(path, [.. sets.Select(set => (set.Name, EvaluationSource.Read(set.Source)))], describer,
                progress: done => report(new(done, 0, $"{done:N0} images")), stop: stop),
            stop));
    }

    private static void Print(AlikePair[] leaks, DescriptorIndex index, CrawlSource source, float[] limits, bool json)
    {
        var featureless = index.Head.Sets.Sum(set => set.Images.Count(image => image.IsFeatureless));
        if (json)
        {
            Screen.Result(new
            {
                Leaks = leaks.Length,
                Pictures = source.Rows.Count,
                WithoutDescriptor = source.Without,
                EvaluationImages = index.Images,
                EvaluationFeatureless = featureless,
                index.Head.Describer,
                Sets = index.Head.Sets.Select((set, at) => new { set.Name, Threshold = limits[at], Leaks = leaks.Count(leak => leak.Set == set.Name) }),
                Pairs = leaks.Take(1000),
            });
            return;
        }
        foreach (var leak in leaks.Take(Listed))
            Screen.Out.WriteLine(Screen.Printable($"{leak.Score:0.0000}  {leak.Set}/{leak.File} = {leak.Crawl} in shard {leak.Shard}"));
        if (leaks.Length > Listed)
            Screen.Out.WriteLine($"... and {leaks.Length - Listed:N0} more");
        Screen.Out.WriteLine($"{leaks.Length:N0} evaluation images among {source.Rows.Count:N0} pictures, by {index.Head.Describer}"
            + (source.Without > 0 ? $"; {source.Without:N0} pictures without a descriptor were not compared" : ""));
    }

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
