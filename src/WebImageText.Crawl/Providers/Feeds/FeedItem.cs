using System.Globalization;
using System.Text;
using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Crawl.Providers.Feeds;

/// <summary>What stands in a feed for all its items.</summary>
/// <param name="Address">Of the feed; null for a file.</param>
/// <param name="Link">The site that it is of, if it says so.</param>
/// <param name="Rights">Of items that say nothing else.</param>
/// <param name="Licenses">RSL licences.</param>
internal sealed record FeedHead(WebAddress? Address, WebAddress? Link, FeedRights Rights, IReadOnlyList<RslLicense> Licenses);

/// <summary>An item of a feed: its page, and the images that it names or shows.</summary>
/// <param name="Page">Null when the item has none.</param>
/// <param name="Images">With the item's page, or the feed where it has none.</param>
/// <param name="Licenses">RSL licences of the item and of its feed.</param>
internal sealed record FeedItem(WebAddress? Page, IReadOnlyList<Candidate> Images, IReadOnlyList<RslLicense> Licenses)
{
    private const int LongestAddress = 8_192;

    // Addresses that are relative to nobody knows what.
    private static readonly WebAddress Nowhere = WebAddress.Parse("http://nowhere.invalid/");

    private static readonly PageLimits Limits = new();

    /// <summary>Reads an <c>item</c> or an <c>entry</c>.</summary>
    public static FeedItem Of(FeedElement item, FeedHead head, string provider, CancellationToken stop)
    {
        var reading = new Reading(item, head, provider);
        reading.Media();
        reading.Enclosures();
        reading.Shown(stop);
        return new(reading.Page, reading.Images, [.. head.Licenses, .. FeedHeads.LicensesOf(item.Children)]);
    }

    private sealed class Reading
    {
        private readonly FeedElement _item;
        private readonly FeedHead _head;
        private readonly string _provider;
        private readonly bool _isAtom;
        private readonly FeedRights _rights;
        private readonly FeedImages _images;
        private readonly (TextSource, string) _title, _description;

        public Reading(FeedElement item, FeedHead head, string provider)
        {
            (_item, _head, _provider) = (item, head, provider);
            _isAtom = item.Vocabulary == FeedVocabulary.Atom;
            _rights = FeedRights.Of(item, head.Rights);
            Page = PageOf();
            _images = new(provider, Page ?? head.Address);
            _title = (TextSource.FeedTitle, First(Own("title")));
            _description = (TextSource.FeedDescription, First(_isAtom ? Own("summary") : Own("description")));
        }

        public WebAddress? Page { get; }

        public IReadOnlyList<Candidate> Images => _images.Found;

        /// <summary>Media RSS. Of a group, which is one picture in several sizes, the largest; a thumbnail only where there is nothing larger.</summary>
        public void Media()
        {
            var hasAny = false;
            foreach (var group in _item.All(FeedVocabulary.Media, "group"))
                hasAny |= AddLargest(group.All(FeedVocabulary.Media, "content").Where(IsImage), group) || AddLargest(Thumbnails(group), group);
            foreach (var content in _item.All(FeedVocabulary.Media, "content"))
                hasAny |= IsImage(content) ? AddLargest([content], null) : AddLargest(Thumbnails(content), content);
            if (!hasAny)
                AddLargest(_item.All(FeedVocabulary.Media, "thumbnail"), null);
        }

        /// <summary>Enclosures of RSS and Atom, and content of Atom that is an image elsewhere.</summary>
        public void Enclosures()
        {
            foreach (var child in _item.Children)
            {
                var (address, type) = child switch
                {
                    { Vocabulary: FeedVocabulary.Rss, Name: "enclosure" } => (child["url"], child["type"]),
                    { Vocabulary: FeedVocabulary.Enclosure, Name: "enclosure" } => (child["resource"], child["type"]),
                    { Vocabulary: FeedVocabulary.Atom, Name: "link" } when child["rel"] == "enclosure" => (child["href"], child["type"]),
                    { Vocabulary: FeedVocabulary.Atom, Name: "content" } when child["type"].StartsWith("image/", StringComparison.OrdinalIgnoreCase) => (child["src"], child["type"]),
                    _ => ("", ""),
                };
                if (IsImage(type, "", address) && Resolve(address, child) is { } image)
                    _images.Add(image, JsonAnswer.Texts((TextSource.MediaTitle, child.Name == "link" ? child["title"] : ""), _title, _description), _rights);
            }
        }

        /// <summary>Images in the markup that the item carries, with their own texts.</summary>
        public void Shown(CancellationToken stop)
        {
            foreach (var child in _item.Children)
            {
                if (MarkupOf(child) is not { } html || html.IndexOf('<', StringComparison.Ordinal) < 0)
                    continue;
                var page = PageReader.Read(Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8", BaseOf(child) ?? Nowhere, _provider, Limits, stop);
                foreach (var shown in page.Images.Where(image => image.Image.Host != Nowhere.Host))
                    _images.Add(shown.Image, shown.Texts, new(shown.License ?? _rights.License, _rights.Credit));
            }
        }

        private bool AddLargest(IEnumerable<FeedElement> sizes, FeedElement? around)
        {
            foreach (var one in sizes.OrderByDescending(Area).ThenByDescending(size => size["isDefault"] == "true"))
            {
                if (Resolve(one["url"], one) is not { } image)
                    continue;
                FeedElement[] scopes = around is null ? [one, _item] : [one, around, _item];
                _images.Add(
                    image,
                    JsonAnswer.Texts((TextSource.MediaDescription, Said(scopes, "description")), (TextSource.MediaTitle, Said(scopes, "title")), _title, _description),
                    FeedRights.Of(one, around is null ? _rights : FeedRights.Of(around, _rights)),
                    DigestOf(one));
                return true;
            }
            return false;
        }

        private static IEnumerable<FeedElement> Thumbnails(FeedElement around) => around.All(FeedVocabulary.Media, "thumbnail")
            .Concat(around.All(FeedVocabulary.Media, "content").SelectMany(content => content.All(FeedVocabulary.Media, "thumbnail")));

        private static string Said(IEnumerable<FeedElement> scopes, string name) => First(scopes.SelectMany(scope => scope.All(FeedVocabulary.Media, name)));

        private static string First(IEnumerable<FeedElement> elements) => elements.Select(TextOf).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";

        private IEnumerable<FeedElement> Own(string name) => _item.All(_item.Vocabulary, name);

        private static ImageDigest? DigestOf(FeedElement media) => media.All(FeedVocabulary.Media, "hash")
            .Select(hash => ImageDigest.TryParse(hash["algo"] is "sha-1" ? "sha1" : "md5", hash.Text.Trim(), out var digest) ? digest : null).FirstOrDefault();

        private static long Area(FeedElement size) =>
            int.TryParse(size["width"], CultureInfo.InvariantCulture, out var width) && int.TryParse(size["height"], CultureInfo.InvariantCulture, out var height)
                ? Math.Max(0, (long)width * height) : 0;

        private static bool IsImage(FeedElement content) => IsImage(content["type"], content["medium"], content["url"]);

        private static bool IsImage(string type, string medium, string address) =>
            type.Length > 0 ? MediaFormats.IsDecodedType(type) || (type is "image" or "image/*" && !HasOtherMedium(medium))
            : medium == "image" || (medium.Length == 0 && IsImageName(address));

        private static bool HasOtherMedium(string medium) => medium is not ("" or "image");

        private static bool IsImageName(string address)
        {
            var path = address.AsSpan();
            path = path.IndexOfAny('?', '#') is >= 0 and var end ? path[..end] : path;
            return path.LastIndexOf('.') is >= 0 and var dot && path[dot..].Length <= 5
                && path[dot..].ToString().ToLowerInvariant() is ".jpg" or ".jpeg" or ".jpe" or ".png" or ".gif" or ".webp" or ".avif" or ".tif" or ".tiff";
        }

        // RSS carries markup as text, or as text of its own; Atom says which it is.
        private static string? MarkupOf(FeedElement child) => child switch
        {
            { Vocabulary: FeedVocabulary.Content, Name: "encoded" } or { Vocabulary: FeedVocabulary.Rss, Name: "description" } => child.Text,
            { Vocabulary: FeedVocabulary.Xhtml, Name: "body" or "div" } => child.Markup,
            { Vocabulary: FeedVocabulary.Atom, Name: "content" or "summary" } => child["type"] switch
            {
                "html" or "text/html" => child.Text,
                "xhtml" or "application/xhtml+xml" => child.Markup,
                _ => null,
            },
            _ => null,
        };

        private static string TextOf(FeedElement element) => element["type"] switch
        {
            "plain" or "text" => element.Text,
            "xhtml" or "application/xhtml+xml" => HtmlText.Of(element.Markup),
            "" when element.Vocabulary == FeedVocabulary.Atom => element.Text,
            _ => HtmlText.Of(element.Text),
        };

        private WebAddress? PageOf()
        {
            var links = _item.All(FeedVocabulary.Atom, "link").Where(link => link["rel"] is "" or "alternate").OrderBy(link => link["type"] is "" or "text/html" or "application/xhtml+xml" ? 0 : 1);
            IEnumerable<(string Text, FeedElement At)> named = _isAtom
                ? links.Select(link => (link["href"], link))
                : _item.All(FeedVocabulary.Rss, "link").Select(link => (link.Text, link))
                    .Concat(links.Select(link => (link["href"], link)))
                    .Concat(_item.All(FeedVocabulary.Rss, "guid").Where(guid => guid["isPermaLink"] is "" or "true").Select(guid => (guid.Text, guid)))
                    .Append((_item["about"], _item));
            foreach (var (text, at) in named)
            {
                if (Parse(text, at.Base.IsStated ? at.Base.Address : _isAtom ? _head.Address : _head.Link ?? _head.Address) is { HasCredentials: false } page)
                    return page;
            }
            return null;
        }

        // RFC 4287 and 3986: without xml:base the address of the document. RSS says nothing, and means the page.
        private WebAddress? BaseOf(FeedElement element) => element.Base.IsStated ? element.Base.Address
            : _isAtom ? _head.Address ?? Page ?? _head.Link
            : Page ?? _head.Link ?? _head.Address;

        private WebAddress? Resolve(string text, FeedElement element) => Parse(text, BaseOf(element));

        private static WebAddress? Parse(string text, WebAddress? at) =>
            text.Trim() is { Length: > 0 and <= LongestAddress } trimmed && WebAddress.TryParse(trimmed, at, out var address) && address.IsWeb ? address : null;
    }
}
