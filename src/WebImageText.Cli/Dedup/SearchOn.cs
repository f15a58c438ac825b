using System.CommandLine;
using TorchSharp;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Learn;
using WebImageText.Learn.Search;

namespace WebImageText.Cli.Dedup;

/// <summary><c>--device</c>: where descriptors are compared.</summary>
internal static class SearchOn
{
    public static Option<string> Create()
    {
        var device = new Option<string>("--device") { Description = "Where descriptors are compared: cpu or cuda", HelpName = "NAME", DefaultValueFactory = _ => "cpu" };
        device.AcceptOnlyFromAmong("cpu", "cuda");
        return device;
    }

    /// <summary>For every query the nearest reference of each range.</summary>
    public static Task<Neighbour[]> NearestAsync(
        string device, string title, DescriptorRows queries, DescriptorRows references, IReadOnlyList<RowRange>? ranges, CancellationToken stop) =>
        WorkProgress.RunAsync(title, report => Task.Run(
            () =>
            {
                Action<long> progress = done => report(new(done, queries.Count, $"{done:N0} of {queries.Count:N0} against {references.Count:N0}"));
                if (device != "cuda")
                    return ExactSearch.Nearest(queries, references, ranges, progress, stop);
                if (!TorchProbe.Run().Devices.Any(name => name.StartsWith("cuda", StringComparison.Ordinal)))
                    throw UserErrorException.Usage("There is no CUDA device here: leave --device out to compare on the processor.");
                queries.RequireComparable(references);
                using var search = new TorchSearch(references, ranges ?? [new(0, references.Count)], torch.CUDA);
                return search.Nearest(queries, progress, stop);
            },
            stop));

    /// <summary>For every picture of the crawl the nearest image of each evaluation set: entry picture x sets + set.</summary>
    public static Task<Neighbour[]> CrawlAgainstIndexAsync(string device, CrawlSource crawl, DescriptorIndex index, CancellationToken stop) =>
        NearestAsync(device, "Comparing the crawl with the evaluation sets", crawl.Rows, index.Rows, index.Ranges, stop);

    /// <summary>For every evaluation image the nearest picture of the crawl, over all of the image's views.</summary>
    public static async Task<Neighbour[]> IndexAgainstCrawlAsync(string device, DescriptorIndex index, CrawlSource crawl, CancellationToken stop)
    {
        var rows = await NearestAsync(device, "Looking for the evaluation images in the crawl", index.Rows, crawl.Rows, null, stop);
        var images = new Neighbour[index.Images];
        Array.Fill(images, Neighbour.None);
        for (var row = 0L; row < rows.Length; row++)
        {
            ref var best = ref images[index.ImageOf(row)];
            if (rows[row].Score > best.Score)
                best = rows[row];
        }
        return images;
    }
}
