namespace WebImageText.Crawl.Providers.Feeds;

/// <summary>The images of one item, each once, with every text found for it.</summary>
/// <param name="provider">See <see cref="Candidate.Provider"/>.</param>
/// <param name="page">The page that shows them.</param>
internal sealed class FeedImages(string provider, WebAddress? page)
{
    private const int Most = 200;
    private const int MostTexts = 16;

    private readonly Dictionary<string, int> _places = [];

    public List<Candidate> Found { get; } = [];

    /// <summary>An image, or more texts for one that is there already.</summary>
    public void Add(WebAddress image, IReadOnlyList<ImageText> texts, FeedRights rights, ImageDigest? digest = null)
    {
        if (_places.TryGetValue(image.Key, out var place))
        {
            var known = Found[place];
            Found[place] = known with
            {
                Texts = [.. known.Texts.Concat(texts).DistinctBy(text => text.Text).Take(MostTexts)],
                License = known.License ?? rights.License,
                Attribution = known.Attribution ?? rights.Credit,
            };
        }
        else if (Found.Count < Most)
        {
            _places.Add(image.Key, Found.Count);
            Found.Add(new() { Image = image, Page = page, Texts = texts, Provider = provider, License = rights.License, Attribution = rights.Credit, Digest = digest });
        }
    }
}
