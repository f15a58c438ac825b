using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Crawl.Archives;

/// <summary>What the records of an archive say about images. Pure.</summary>
internal static class ArchivedPage
{
    private const int LargestPage = 5_000_000;

    private static readonly PageLimits Limits = new();

    /// <summary>The images of a page that was fetched when the archive was made; null when the record holds no page.</summary>
    public static IReadOnlyList<Candidate>? Read(WarcRecord record, string provider, CancellationToken stop)
    {
        if (record.Target is not { } target || Answer(record) is not { Status: 200 } answer || !IsHtml(answer))
            return null;
        var page = PageReader.Read(answer.Body, answer.Headers["Content-Type"], target, provider, Limits, stop);
        return PageOptOut.Judge(page, answer.Headers, answer.At).Images;
    }

    private static FetchResult.Answer? Answer(WarcRecord record)
    {
        var at = record.Date ?? DateTimeOffset.UnixEpoch;
        return record.Type switch
        {
            "response" when record.HasContentType("application/http") => ArchivedAnswer.Read(record.Block, at, LargestPage),
            // without HTTP: the block is the page
            "resource" => new(200, new([new("Content-Type", record["Content-Type"] ?? "")]), record.Block, at),
            _ => null,
        };
    }

    private static bool IsHtml(FetchResult.Answer answer)
    {
        var type = answer.Headers["Content-Type"] ?? "";
        return type.Contains("html", StringComparison.OrdinalIgnoreCase)
            || (type.Length == 0 && MediaSniffer.Sniff(answer.Body.Span).Format == MediaFormat.Html);
    }
}
