using System.Diagnostics.CodeAnalysis;

namespace WebImageText.Crawl.Extract;

/// <summary>The images of a page, each once, with every text found for it.</summary>
internal sealed class CandidateList(PageFinds finds, WebAddress page, WebAddress baseAddress, PageLimits limits)
{
    private const int MostTexts = 16;

    private readonly Dictionary<string, Entry> _byAddress = [];
    private readonly List<Entry> _entries = [];
    private readonly string?[] _captions = new string?[finds.Figures.Count];
    private readonly string _page = page.Canonical;

    private sealed class Entry(WebAddress image)
    {
        public WebAddress Image { get; } = image;

        public List<ImageText> Texts { get; } = [];

        public string? License { get; set; }

        // null: no img shows it
        public bool? Decoration { get; set; }
    }

    /// <summary>An <c>img</c>. With <c>alt=""</c> it is decoration: only a caption of its figure says what it shows.</summary>
    public void Add(ImageFind find)
    {
        if (!TryResolveBest(find, out var address) || EntryOf(address) is not { } entry)
            return;
        var decoration = find.Alt is { Length: 0 };
        entry.Decoration = decoration && (entry.Decoration ?? true);
        if (find.Figure >= 0)
        {
            entry.License ??= LicenseOf(finds.Figures[find.Figure].License);
            AddText(entry, TextSource.Figcaption, CaptionOf(find.Figure));
        }
        if (decoration)
            return;
        AddText(entry, TextSource.Alt, find.Alt.GetValueOrDefault().Span);
        AddText(entry, TextSource.AriaLabel, find.AriaLabel.Span);
        AddText(entry, TextSource.Title, find.Title.Span);
    }

    /// <summary>An image object: its texts go to the image of one of its addresses, or it is an image by itself.</summary>
    public void Add(JsonLdImage image)
    {
        Entry? found = null;
        WebAddress? first = null;
        foreach (var text in image.Addresses)
        {
            if (!TryResolve(text, out var address))
                continue;
            first ??= address;
            found ??= _byAddress.GetValueOrDefault(address.Key);
        }
        found ??= first is null ? null : EntryOf(first);
        if (found is null)
            return;
        foreach (var text in image.Texts)
            AddText(found, TextSource.JsonLd, text);
        found.License ??= LicenseOf(image.License.AsMemory());
    }

    /// <summary>An <c>og:image</c>.</summary>
    public void Add(OpenGraphImage image)
    {
        if (TryResolve(image.Address.Span, out var address) && EntryOf(address) is { } entry)
            AddText(entry, TextSource.OgImageAlt, image.Alt.Span);
    }

    /// <summary>The candidates, in the order in which they were added first.</summary>
    /// <param name="provider">See <see cref="Candidate.Provider"/>.</param>
    /// <param name="license">Of the page, for images without one of their own.</param>
    public List<Candidate> ToCandidates(string provider, string? license) => [.. _entries.Select(entry => new Candidate
    {
        Image = entry.Image,
        Page = page,
        Provider = provider,
        License = entry.License ?? license,
        // the sources are numbered in the order in which they make a caption
        Texts = [.. entry.Texts
            .Where(text => entry.Decoration != true || text.Source == TextSource.Figcaption)
            .OrderBy(text => text.Source).DistinctBy(text => text.Text).Take(MostTexts)],
    })];

    /// <summary>Address or name of a licence as it is stored, or null.</summary>
    public string? LicenseOf(ReadOnlyMemory<char> text) => text.Span.IsWhiteSpace() ? null
        : TryResolve(text.Span, out var address) && (text.Span.Contains('/') || text.Span.Contains('.')) ? address.Href
        : CleanText.Of(text.Span, limits.TextLength);

    /// <summary>An address of the page, when it is one that can be fetched and is not the page itself.</summary>
    public bool TryResolve(ReadOnlySpan<char> text, [NotNullWhen(true)] out WebAddress? address)
    {
        address = null;
        text = text.Trim();
        return !text.IsEmpty && text.Length <= limits.AddressLength
            && !text.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            && WebAddress.TryParse(text.ToString(), baseAddress, out address)
            && address.Scheme is "http" or "https" && address.Host.Length > 0
            && address.Canonical != _page;
    }

    // The largest of srcset and picture; then what scripts load late, then src.
    private bool TryResolveBest(ImageFind find, [NotNullWhen(true)] out WebAddress? address)
    {
        var plain = find.Plain.Where(LooksLikeAddress).Select(text => text.ToString()).ToList();
        var images = new List<SrcSetImage>();
        foreach (var set in find.SrcSets)
        {
            images.AddRange(SrcSet.Parse(set.Span, limits.SrcSetImages - images.Count));
            if (images.Count == limits.SrcSetImages)
            {
                finds.LimitsHit |= PageLimit.SrcSet;
                break;
            }
        }
        foreach (var text in images.Count == 0 ? plain : SrcSet.LargestFirst(images, plain.FirstOrDefault()).Concat(plain))
        {
            if (TryResolve(text, out address))
                return true;
        }
        address = null;
        return false;
    }

    // data: placeholders, "true", and the holes of templates that no script filled are none.
    private bool LooksLikeAddress(ReadOnlyMemory<char> text) => text.Length <= limits.AddressLength
        && text.Span.IndexOfAny('/', '.') >= 0 && text.Span.IndexOfAny('{', '}', '<') < 0
        && !text.Span.TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    private Entry? EntryOf(WebAddress address)
    {
        if (_byAddress.TryGetValue(address.Key, out var entry))
            return entry;
        if (_entries.Count == limits.Images)
        {
            finds.LimitsHit |= PageLimit.Images;
            return null;
        }
        entry = new(address);
        _byAddress.Add(address.Key, entry);
        _entries.Add(entry);
        return entry;
    }

    private string CaptionOf(int figure) =>
        _captions[figure] ??= CleanText.Of(finds.Figures[figure].Caption.ToString(), limits.TextLength);

    private void AddText(Entry entry, TextSource source, ReadOnlySpan<char> raw)
    {
        var text = CleanText.Of(raw, limits.TextLength);
        if (text.Length > 0)
            entry.Texts.Add(new(source, text));
    }
}
