using System.IO.Compression;
using System.Text;
using System.Xml;
using WebImageText.Crawl.Extract;

namespace WebImageText.Crawl.Providers.Sitemaps;

/// <summary>What a sitemap lists. Pure.</summary>
/// <param name="Maps">Sitemaps that an index names.</param>
/// <param name="Pages">Pages, with the images that the image extension gives them.</param>
/// <param name="Skipped">Entries that could not be used, by reason.</param>
/// <param name="Fault">Why it could not be read to its end; what came before is used.</param>
internal sealed record Sitemap(
    IReadOnlyList<WebAddress> Maps, IReadOnlyList<SitemapPage> Pages, IReadOnlyDictionary<string, int> Skipped, string? Fault = null)
{
    public static Sitemap Empty { get; } = new([], [], new Dictionary<string, int>());
}

/// <summary>A page of a sitemap.</summary>
internal sealed record SitemapPage(WebAddress Address, IReadOnlyList<Candidate> Images);

/// <summary>Reads sitemaps (sitemaps.org) and sitemap indexes in XML, and lists of addresses in plain text, gzip or not.</summary>
/// <remarks>
/// At most 50,000 addresses and 50 MiB decoded, as the protocol has it, and 1,000 images a page. An address counts only on the
/// sitemap's own site (its registrable domain). No DTD is read and nothing is resolved.
/// </remarks>
internal static class SitemapReader
{
    private const int MostBytes = 52_428_800;
    private const int MostAddresses = 50_000;
    private const int MostImages = 1_000;
    private const int MostImagesOfAll = 200_000;
    private const int LongestText = 8_192;
    private const int Deepest = 16;
    private const int GreatestRatio = 200;
    private const string Site = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private const string Images = "http://www.google.com/schemas/sitemap-image/1.1";

    public static Sitemap Read(ReadOnlyMemory<byte> body, WebAddress map, string provider)
    {
        var reading = new Reading(map, provider);
        try
        {
            var text = Inflate(body);
            if (text.AsSpan().TrimStart("\u00EF\u00BB\u00BF \t\r\n"u8).StartsWith("<"u8))
                reading.Xml(new MemoryStream(text, writable: false));
            else
                reading.Lines(Encoding.UTF8.GetString(text));
            return reading.Result(null);
        }
        catch (Exception broken) when (broken is XmlException or InvalidDataException)
        {
            return reading.Result(broken.Message);
        }
    }

    // Servers send .gz files with and without a Content-Encoding.
    private static byte[] Inflate(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.StartsWith([(byte)0x1f, (byte)0x8b]))
            return body.ToArray();
        var most = Math.Min(MostBytes, Math.Max(1 << 20, (long)body.Length * GreatestRatio));
        using var gzip = new GZipStream(new MemoryStream(body.ToArray(), writable: false), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = gzip.Read(buffer)) > 0;)
        {
            plain.Write(buffer, 0, read);
            if (plain.Length > most)
                throw new InvalidDataException($"it expands to more than {most} bytes");
        }
        return plain.ToArray();
    }

    private sealed class Reading(WebAddress map, string provider)
    {
        private readonly List<WebAddress> _maps = [];
        private readonly List<SitemapPage> _pages = [];
        private readonly Dictionary<string, int> _skipped = [];
        private int _images;

        public Sitemap Result(string? fault) => new(_maps, _pages, _skipped, fault);

        public void Lines(string text)
        {
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                if (_pages.Count == MostAddresses)
                    break;
                if (!line.IsWhiteSpace() && Own(line.Trim().ToString()) is { } page)
                    _pages.Add(new(page, []));
            }
        }

        public void Xml(Stream text)
        {
            using var xml = XmlReader.Create(text, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MostBytes,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
            });
            while (xml.Read() && _maps.Count + _pages.Count < MostAddresses)
            {
                if (xml.Depth > Deepest)
                    throw new InvalidDataException($"line {((IXmlLineInfo)xml).LineNumber}: elements are nested deeper than {Deepest}");
                if (xml.NodeType != XmlNodeType.Element || !IsSite(xml))
                    continue;
                if (xml.LocalName == "sitemap" && Own(Fields(xml).Address) is { } other)
                    _maps.Add(other);
                else if (xml.LocalName == "url")
                    Page(Fields(xml));
            }
        }

        private void Page(Entry entry)
        {
            if (Own(entry.Address) is not { } page)
                return;
            List<Candidate> images = [];
            foreach (var image in entry.Images)
            {
                // an image may stand on another host than its page
                if (_images == MostImagesOfAll)
                    Skip($"image after the {MostImagesOfAll}th of a sitemap");
                else if (image.Address.Length is > 0 and <= LongestText && WebAddress.TryParse(image.Address, map, out var address) && address.IsWeb)
                {
                    _images++;
                    images.Add(new()
                    {
                        Image = address,
                        Page = page,
                        Texts = JsonAnswer.Texts((TextSource.SitemapCaption, image.Caption), (TextSource.SitemapCaption, image.Title)),
                        Provider = provider,
                        License = JsonAnswer.Line(image.License),
                    });
                }
                else
                    Skip("image without an address");
            }
            _pages.Add(new(page, images));
        }

        private WebAddress? Own(string text)
        {
            if (text.Length is 0 or > LongestText || !WebAddress.TryParse(text, map, out var address) || !address.IsWeb)
                Skip("entry without an address");
            else if (address.Host != map.Host && (Addresses.PublicSuffixes.Embedded.RegistrableDomain(address.Host) is not { } domain || domain != Addresses.PublicSuffixes.Embedded.RegistrableDomain(map.Host)))
                Skip("entry of another site");
            else
                return address;
            return null;
        }

        private void Skip(string reason) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;

        private sealed record Entry(string Address, List<(string Address, string Caption, string Title, string License)> Images);

        private static Entry Fields(XmlReader xml)
        {
            var entry = new Entry("", []);
            if (xml.IsEmptyElement)
                return entry;
            (string Address, string Caption, string Title, string License)? image = null;
            for (var depth = xml.Depth; xml.Read() && xml.Depth > depth;)
            {
                if (xml.Depth > Deepest)
                    throw new InvalidDataException($"line {((IXmlLineInfo)xml).LineNumber}: elements are nested deeper than {Deepest}");
                var ends = xml.NodeType == XmlNodeType.EndElement;
                if ((xml.NodeType != XmlNodeType.Element && !ends) || (ends && xml.LocalName != "image"))
                    continue;
                var isImage = IsImage(xml);
                if (isImage && xml.LocalName == "image")
                {
                    if (image is { } done && entry.Images.Count < MostImages)
                        entry.Images.Add(done);
                    image = ends ? null : ("", "", "", "");
                }
                else if (isImage && image is { } open)
                {
                    var name = xml.LocalName;
                    var text = Text(xml);
                    image = name switch
                    {
                        "loc" => open with { Address = text.Trim() },
                        "caption" => open with { Caption = HtmlText.Of(text) },
                        "title" => open with { Title = HtmlText.Of(text) },
                        "license" => open with { License = text.Trim() },
                        _ => open,
                    };
                }
                else if (IsSite(xml) && xml.LocalName == "loc")
                {
                    entry = entry with { Address = Text(xml).Trim() };
                }
            }
            if (image is { } last && entry.Images.Count < MostImages)
                entry.Images.Add(last);
            return entry;
        }

        // Stays on the element's end, so that the loop around it sees what follows.
        private static string Text(XmlReader xml)
        {
            var text = new StringBuilder();
            if (!xml.IsEmptyElement)
            {
                for (var depth = xml.Depth; xml.Read() && xml.Depth > depth;)
                {
                    if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace && text.Length <= LongestText)
                        text.Append(xml.Value);
                }
            }
            return text.ToString();
        }

        // Many sites leave the namespace out, or write https.
        private static bool IsSite(XmlReader xml) => xml.NamespaceURI is "" or Site || xml.NamespaceURI.EndsWith("sitemaps.org/schemas/sitemap/0.9", StringComparison.Ordinal)
            || xml.NamespaceURI.StartsWith("http://www.google.com/schemas/sitemap/0", StringComparison.Ordinal);

        private static bool IsImage(XmlReader xml) => xml.NamespaceURI == Images || xml.NamespaceURI.EndsWith("google.com/schemas/sitemap-image/1.1", StringComparison.Ordinal);
    }
}
