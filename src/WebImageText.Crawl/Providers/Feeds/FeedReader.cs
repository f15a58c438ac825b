using System.Buffers;
using System.Text.Unicode;
using System.Xml;
using WebImageText.Crawl.Extract.Charsets;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Crawl.Providers.Feeds;

/// <summary>What a feed holds.</summary>
/// <param name="Items">In its order.</param>
/// <param name="Skipped">What could not be used, by reason.</param>
/// <param name="Fault">Why it could not be read to its end, or is no feed; what came before is used.</param>
internal sealed record Feed(IReadOnlyList<FeedItem> Items, IReadOnlyDictionary<string, int> Skipped, string? Fault = null)
{
    public static Feed Empty { get; } = new([], new Dictionary<string, int>());
}

/// <summary>Reads RSS 0.9 to 2.0, RSS 1.0 in RDF, and Atom, with Media RSS in any of them. Pure.</summary>
/// <remarks>
/// At most 5,000,000 bytes, 10,000 items, 200 images an item and 50,000 of all. No DTD is read and nothing is resolved. An
/// encoding that is stated wrongly costs the characters that it does not have, and not the feed.
/// </remarks>
internal static class FeedReader
{
    /// <summary>Largest feed, bytes.</summary>
    public const int MostBytes = 5_000_000;

    private const int MostItems = 10_000;
    private const int MostImages = 50_000;
    private const int MostOfHead = 100;

    // What XML cannot hold, and feeds hold all the same.
    private static readonly SearchValues<char> NoXml = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (char)value).Where(value => value is not ('\t' or '\n' or '\r')), '\uFFFE', '\uFFFF']);

    /// <summary>Reads a feed.</summary>
    /// <param name="body">As served.</param>
    /// <param name="contentType">The Content-Type header, or null.</param>
    /// <param name="address">Of the feed; null for a file.</param>
    /// <param name="provider">See <see cref="Candidate.Provider"/>.</param>
    /// <param name="stop">Ends the reading at once.</param>
    public static Feed Read(ReadOnlyMemory<byte> body, string? contentType, WebAddress? address, string provider, CancellationToken stop)
    {
        if (body.Length > MostBytes)
            return Feed.Empty with { Fault = $"it is larger than {MostBytes} bytes" };
        var (charset, markLength) = CharsetSniffer.DetectXml(body.Span, contentType);
        if (charset is null)
            (charset, markLength) = (Utf8.IsValid(body.Span) ? Charset.Utf8 : Charset.Windows1252, 0);
        if (charset.Decoder is not { } decoder)
            return Feed.Empty with { Fault = $"text in its encoding is not read ({charset})" };
        var text = new char[body.Length + 1];
        var chars = text.AsSpan(0, decoder.Decode(body.Span[markLength..], text));
        chars.ReplaceAny(NoXml, ' ');
        var reading = new Reading(address, provider);
        try
        {
            reading.Xml(new StringReader(chars.TrimStart().ToString()), stop);
            return reading.Result(null);
        }
        catch (Exception broken) when (broken is XmlException or InvalidDataException)
        {
            return reading.Result(reading.IsFeed ? broken.Message : $"it is no feed: {(IsPage(chars) ? "it is a page" : HasDtd(broken) ? "it has a DTD, which is not read" : broken.Message)}");
        }
    }

    private static bool IsPage(ReadOnlySpan<char> text) => text.TrimStart().StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase);

    private static bool HasDtd(Exception broken) => broken is XmlException && broken.Message.Contains("DTD", StringComparison.Ordinal);

    private sealed class Reading(WebAddress? address, string provider)
    {
        private readonly List<FeedItem> _items = [];
        private readonly List<FeedElement> _head = [];
        private readonly Dictionary<string, int> _skipped = [];
        private FeedHead? _known;
        private int _images;

        public bool IsFeed { get; private set; }

        public Feed Result(string? fault) => new(_items, _skipped, fault);

        public void Xml(TextReader text, CancellationToken stop)
        {
            using var xml = XmlReader.Create(text, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                CheckCharacters = false,
                MaxCharactersInDocument = MostBytes,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
            });
            var at = new FeedBase(address, false);
            while (xml.Read())
            {
                stop.ThrowIfCancellationRequested();
                if (xml.NodeType != XmlNodeType.Element)
                    continue;
                if (!IsFeed)
                {
                    IsFeed = IsRoot(xml) ? true : throw new InvalidDataException($"its root element is '{xml.LocalName}'");
                    at = at.In(xml);
                }
                else if (xml.LocalName == "channel" && FeedVocabularies.Of(xml.NamespaceURI) == FeedVocabulary.Rss && !xml.IsEmptyElement)
                {
                    at = at.In(xml);
                }
                else if (_items.Count == MostItems)
                {
                    xml.Skip();
                    Skip($"item after the {MostItems}th of a feed");
                }
                else
                {
                    Take(FeedElement.Read(xml, at), stop);
                }
            }
        }

        private static bool IsRoot(XmlReader xml) => (xml.LocalName, FeedVocabularies.Of(xml.NamespaceURI)) is ("rss", FeedVocabulary.Rss) or ("feed", FeedVocabulary.Atom)
            || (xml.LocalName == "RDF" && xml.NamespaceURI == "http://www.w3.org/1999/02/22-rdf-syntax-ns#");

        private void Take(FeedElement element, CancellationToken stop)
        {
            if (!element.Is(FeedVocabulary.Rss, "item") && !element.Is(FeedVocabulary.Atom, "entry"))
            {
                if (element.Vocabulary != FeedVocabulary.Other && _head.Count < MostOfHead)
                {
                    _head.Add(element);
                    _known = null;
                }
                return;
            }
            var item = FeedItem.Of(element, _known ??= FeedHeads.Of(_head, address), provider, stop);
            if (_images + item.Images.Count > MostImages)
            {
                Skip($"image after the {MostImages}th of a feed", item.Images.Count);
                item = item with { Images = [] };
            }
            _images += item.Images.Count;
            if (item.Page is null && item.Images.Count == 0)
                Skip("item without a page and an image");
            else
                _items.Add(item);
        }

        private void Skip(string reason, int count = 1) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + count;
    }
}

/// <summary>Reads what stands in a feed beside its items.</summary>
internal static class FeedHeads
{
    private const int MostLicenses = 4;
    private const int LongestLicense = 20_000;

    public static FeedHead Of(IReadOnlyList<FeedElement> head, WebAddress? address) => new(
        address,
        head.Select(element => LinkOf(element, address)).FirstOrDefault(link => link is not null),
        FeedRights.Of(head, FeedRights.None),
        LicensesOf(head));

    /// <summary>RSL licences among elements.</summary>
    public static IReadOnlyList<RslLicense> LicensesOf(IEnumerable<FeedElement> elements) =>
    [
        .. elements.Where(element => element.Vocabulary == FeedVocabulary.Rsl).Take(MostLicenses).Select(element => element.OuterMarkup)
            .Where(markup => markup.Length <= LongestLicense).Select(RslLicense.Parse).OfType<RslLicense>(),
    ];

    private static WebAddress? LinkOf(FeedElement element, WebAddress? address)
    {
        var text = element.Is(FeedVocabulary.Rss, "link") ? element.Text
            : element.Is(FeedVocabulary.Atom, "link") && element["rel"] is "" or "alternate" ? element["href"] : "";
        return text.Trim() is { Length: > 0 } link && WebAddress.TryParse(link, element.Base.Address ?? address, out var site) && site.IsWeb && !site.HasCredentials ? site : null;
    }
}
