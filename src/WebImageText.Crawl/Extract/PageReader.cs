using System.Buffers;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Text;
using WebImageText.Crawl.Extract.Charsets;
using WebImageText.Crawl.OptOut;
using HtmlSource = AngleSharp.Text.TextSource;

namespace WebImageText.Crawl.Extract;

/// <summary>Finds in a page its images, their texts, its links and what it says about their use.</summary>
/// <remarks>
/// Time and memory grow with the length of the page and nothing else: tokens of the HTML Standard (AngleSharp's tokenizer), no
/// tree. The rules are those of the design: a caption is the first of alt, figcaption, aria-label, title, JSON-LD and
/// og:image:alt that is not empty.
/// </remarks>
public static class PageReader
{
    /// <summary>Bytes of a page from which on its text is not pooled.</summary>
    private const int LongPage = 1 << 20;

    /// <summary>Reads a page.</summary>
    /// <param name="body">After decompression, as served.</param>
    /// <param name="contentType">The Content-Type header, or null.</param>
    /// <param name="page">Address of the page after redirects.</param>
    /// <param name="provider">What led to the page: see <see cref="Candidate.Provider"/>.</param>
    /// <param name="limits">How much of it is read.</param>
    /// <param name="stop">Ends the reading at once.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static PageContent Read(
        ReadOnlyMemory<byte> body, string? contentType, WebAddress page, string provider, PageLimits limits, CancellationToken stop)
    {
        var bytes = body.Span[..Math.Min(body.Length, limits.Bytes)];
        var (charset, markLength) = CharsetSniffer.Detect(bytes, contentType);
        if (charset.Decoder is not { } decoder)
            return new() { Base = page, Charset = charset.Name, LimitsHit = PageLimit.Encoding };

        // The pool keeps what it gets back, for every thread; the few long pages are not worth that.
        var isLong = bytes.Length >= LongPage;
        var text = isLong ? GC.AllocateUninitializedArray<char>(bytes.Length + 1) : ArrayPool<char>.Shared.Rent(bytes.Length + 1);
        try
        {
            var length = decoder.Decode(bytes[markLength..], text);
            // the tokenizer takes this noncharacter for the end of the page
            text.AsSpan(0, length).Replace('\uFFFF', '\uFFFD');
            using var tokenizer = new HtmlTokenizer(
                new HtmlSource(new CharArrayTextSource(text, length)), HtmlEntityProvider.ResolverExtended);
            var finds = new PageScan(tokenizer, limits).Run(stop);
            if (body.Length > limits.Bytes)
                finds.LimitsHit |= PageLimit.Bytes;
            return Assemble(finds, page, provider, charset, limits);
        }
        finally
        {
            if (!isLong)
                ArrayPool<char>.Shared.Return(text);
        }
    }

    internal static PageContent Assemble(PageFinds finds, WebAddress page, string provider, Charset charset, PageLimits limits)
    {
        // only an address of the web changes what the others mean
        var baseAddress = finds.Base is { } stated && WebAddress.TryParse(stated.ToString(), page, out var parsed)
            && parsed.Scheme is "http" or "https" ? parsed : page;
        var images = new CandidateList(finds, page, baseAddress, limits);
        foreach (var find in finds.Images)
            images.Add(find);
        foreach (var block in finds.JsonLd)
        {
            if (JsonLdImage.Read(block, limits.JsonDepth, limits.Images) is not { } found)
                finds.LimitsHit |= PageLimit.JsonLd;
            else
                found.ForEach(images.Add);
        }
        finds.OpenGraph.ForEach(images.Add);
        var license = images.LicenseOf(finds.License);
        return new()
        {
            Images = images.ToCandidates(provider, license),
            Links = Links(finds, images),
            Signals = [.. finds.Signals.Select(signal => Read(signal, page)).OfType<OptOutSignal>()],
            Base = baseAddress,
            Language = TextOrNull(finds.Language.Span, limits),
            Title = TextOrNull(finds.Title?.ToString(), limits),
            Canonical = WebAddress.TryParse(finds.Canonical.ToString(), baseAddress, out var canonical)
                && canonical.Scheme is "http" or "https" && !finds.Canonical.IsEmpty ? canonical : null,
            License = license,
            Charset = charset.Name,
            LimitsHit = finds.LimitsHit,
        };
    }

    // A licence that stands in the page itself is read for the page; the others are addresses and values.
    private static OptOutSignal? Read(OptOutSignal signal, WebAddress page) =>
        signal.Source == OptOutSource.Rsl ? RslLicense.Parse(signal.Value)?.For(page) : signal;

    private static List<PageLink> Links(PageFinds finds, CandidateList addresses)
    {
        var links = new List<PageLink>();
        var places = new Dictionary<string, int>();
        foreach (var (text, noFollow) in finds.Links)
        {
            if (!addresses.TryResolve(text.Span, out var address))
                continue;
            if (places.TryAdd(address.Key, links.Count))
                links.Add(new(address, noFollow));
            else if (!noFollow)
                links[places[address.Key]] = links[places[address.Key]] with { NoFollow = false };
        }
        return links;
    }

    private static string? TextOrNull(ReadOnlySpan<char> raw, PageLimits limits) =>
        CleanText.Of(raw, limits.TextLength) is { Length: > 0 } text ? text : null;
}
