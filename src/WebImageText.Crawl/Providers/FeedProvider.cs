using System.Globalization;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Providers.Feeds;

namespace WebImageText.Crawl.Providers;

/// <summary>Feeds in RSS and Atom: the pages of their items are visited, and the images that they name or show are candidates.</summary>
/// <remarks>
/// A feed is fetched under robots.txt, and what its answer and its RSL licences say about use holds for what it brings. It is
/// read once for a data set: what a later version adds is new to a data set of its own.
/// </remarks>
public sealed class FeedProvider : IProvider
{
    private const int ItemsOfAPage = 500;
    private const int ImagesOfAPage = 1_000;

    // Without it a site that has both may send the page in place of the feed.
    private static readonly KeyValuePair<string, string> Accept = new("Accept", "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1");

    private readonly IReadOnlyList<string> _places;
    private (int Place, Held Feed)? _held;

    /// <param name="places">Addresses and files of feeds.</param>
    /// <exception cref="IOException">One is neither an address of the web nor a file.</exception>
    public FeedProvider(IReadOnlyList<string> places)
    {
        if (places.FirstOrDefault(place => Web(place) is null && !File.Exists(place)) is { } wrong)
            throw new IOException($"The feed '{wrong}' is no http or https address, and a file of that name does not exist.");
        _places = places;
        Traits = new("feed") { PageSize = 2 * ImagesOfAPage, Places = places };
    }

    private sealed record Held(Feed Feed, IReadOnlyList<OptOutSignal> Signals, DateTimeOffset At)
    {
        public static Held Broken(string fault) => new(Feed.Empty with { Fault = fault }, [], DateTimeOffset.UnixEpoch);
    }

    /// <inheritdoc/>
    public ProviderTraits Traits { get; }

    /// <inheritdoc/>
    public async Task<ProviderPage> FindAsync(Query? query, string? cursor, ProviderFetch fetch, CancellationToken stop)
    {
        // the place, the item in its feed
        var (place, entry) = cursor?.Split(' ') is [var first, var second] ? (Int(first), Int(second)) : (0, 0);
        if (place >= _places.Count)
            return new([], null);
        if (_held is not { } held || held.Place != place)
            _held = held = (place, await ReadAsync(_places[place], fetch, stop).ConfigureAwait(false));
        var feed = held.Feed.Feed;
        var found = Part(feed.Items, entry);
        var next = entry + found.Count < feed.Items.Count ? (place, entry + found.Count) : (place + 1, 0);
        return new(
            [.. found.SelectMany(item => item.Images.Select(image => Judged(image, item, held.Feed)))],
            next.Item1 < _places.Count ? string.Create(CultureInfo.InvariantCulture, $"{next.Item1} {next.Item2}") : null)
        {
            Pages = OptOutJudge.Judge(held.Feed.Signals, held.Feed.At).FollowLinks ? [.. found.Select(item => item.Page).OfType<WebAddress>().Where(page => !Extract.MediaNames.IsMedia(page.Path))] : [],
            Skipped = entry == 0 ? feed.Skipped : Feed.Empty.Skipped,
            Notes = entry == 0 && feed.Fault is { } fault ? [$"feed '{_places[place]}': {fault}"] : [],
        };
    }

    private static List<FeedItem> Part(IReadOnlyList<FeedItem> items, int from)
    {
        List<FeedItem> part = [];
        for (var images = 0; from < items.Count && part.Count < ItemsOfAPage && images < ImagesOfAPage; from++)
        {
            part.Add(items[from]);
            images += items[from].Images.Count;
        }
        return part;
    }

    // What the feed's answer says, and what its licences say of the page and of the image.
    private static Candidate Judged(Candidate image, FeedItem item, Held feed)
    {
        OptOutSignal?[] licensed = [.. item.Licenses.SelectMany(license => new[] { image.Page is { } page ? license.For(page) : null, license.For(image.Image) })];
        var verdict = OptOutJudge.Judge([.. feed.Signals, .. licensed.OfType<OptOutSignal>().Distinct()], feed.At);
        return image with { PageUse = verdict.OfPage(feed.At), OptOut = verdict.Drop is { } refused ? refused.Detail ?? "the feed opts out" : null };
    }

    private async Task<Held> ReadAsync(string place, ProviderFetch fetch, CancellationToken stop)
    {
        if (Web(place) is not { } address)
            return await ReadFileAsync(place, stop).ConfigureAwait(false);
        var result = await fetch(new(new FetchRequest(address, FetchKind.Page) { Headers = [Accept] }, IsService: false), stop).ConfigureAwait(false);
        return result is FetchResult.Answer { Status: 200 } answer
            ? new(FeedReader.Read(answer.Body, answer.Headers["Content-Type"], address, Traits.Name, stop), HeaderSignals.Of(answer.Headers.Fields), answer.At)
            : Held.Broken(Archives.Words.Of(result));
    }

    private async Task<Held> ReadFileAsync(string place, CancellationToken stop)
    {
        try
        {
            await using var file = File.OpenRead(place);
            var body = new byte[Math.Min(file.Length, FeedReader.MostBytes + 1)];
            var length = await file.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, stop).ConfigureAwait(false);
            return new(FeedReader.Read(body.AsMemory(0, length), null, null, Traits.Name, stop), [], File.GetLastWriteTimeUtc(place));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return Held.Broken(broken.Message);
        }
    }

    private static WebAddress? Web(string place) => WebAddress.TryParse(place, null, out var address) && address.IsWeb ? address : null;

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
