using System.CommandLine;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Shards;

namespace WebImageText.Cli.Dedup;

/// <summary><c>wit dedup</c>: near-duplicates of evaluation images, and within a data set.</summary>
internal static class DedupVerb
{
    public static Command Create() => new("dedup", "Keep evaluation images out, and find copies within a data set")
    {
        IndexVerb.Create(),
        CalibrateVerb.Create(),
        ScanVerb.Create(),
        ReviewVerb.Create(),
        DedupShardsVerb.Create(),
    };

    /// <summary>Files of strangers that are not what they should be end a verb with exit code 3 and one line.</summary>
    public static void SetGuardedAction(this Command verb, Func<ParseResult, CancellationToken, Task<int>> work) => verb.SetAction(async (parsed, stop) =>
    {
        try
        {
            return await work(parsed, stop);
        }
        catch (AggregateException several) when (several.InnerExceptions[0] is InvalidDataException or ShardFormatException)
        {
            throw UserErrorException.BadData(several.InnerExceptions[0].Message);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or ShardFormatException)
        {
            throw UserErrorException.BadData(wrong.Message);
        }
    });

    /// <summary><c>--index F</c>, needed.</summary>
    public static Option<FileInfo> Index() => new Option<FileInfo>("--index")
    {
        Description = "Evaluation index, as 'wit dedup index' writes it",
        HelpName = "F",
        Required = true,
    }.AcceptExistingOnly();

    /// <summary><c>--eval-set NAME=SOURCE</c>: where the images of a set lie.</summary>
    public static Option<string[]> EvaluationSets(string description) => new("--eval-set")
    {
        Description = $"{description}: a folder of images, a .tar or a .parquet (repeatable)",
        HelpName = "NAME=DIR|TAR|PARQUET",
    };

    /// <summary>Splits <c>NAME=SOURCE</c>.</summary>
    public static (string Name, string Source) Named(string text) => text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } source]
        ? (name, source)
        : throw UserErrorException.Usage($"'{text}' is not NAME=SOURCE (option --eval-set).");

    /// <summary><c>--names F</c>: names of the rows of a descriptor file.</summary>
    public static Option<string?> Names() => new("--names") { Description = "Names of the rows of a descriptor file, one a line", HelpName = "F" };

    /// <summary><c>--from-images</c>.</summary>
    public static Option<bool> FromImages() => new("--from-images") { Description = "Make the descriptors of a data set's images anew, instead of reading stored ones" };

    /// <summary>Opens the crawl that is compared with an index.</summary>
    public static async Task<CrawlSource> OpenCrawlAsync(
        string source, DescriptorIndex index, string? names, bool fromImages, string? model, CancellationToken stop)
    {
        using var describer = fromImages ? DescriberOption.Open(model, index) : null;
        return await CrawlSource.OpenAsync(source, index.Rows.Model, index.Rows.Dimension, names, describer, stop);
    }
}
