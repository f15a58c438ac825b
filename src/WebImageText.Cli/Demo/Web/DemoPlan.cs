using System.Globalization;
using WebImageText.Cli.Demo.Scenes;

namespace WebImageText.Cli.Demo.Web;

/// <summary>A result of the demo's search engine, as SearXNG gives it.</summary>
internal sealed record SearchHit(string Title, string Content, string Page, string Image);

/// <summary>
/// The whole web on paper: what every address answers, and what must become of every picture. The same for the same seed.
/// </summary>
internal sealed class DemoPlan
{
    public const string Domain = "demo.test";

    /// <summary>Pairs a query may have for the expectations to hold.</summary>
    public const int Cap = 60;

    /// <summary>The name of the group that competes for one query's pairs.</summary>
    public const string FullQuery = "full-query";

    private const int Scenes = 2_000;
    private const int EvaluationScenesPerKind = 4;
    private const double SearchShare = 0.14;

    public static readonly Scene Icon = new SceneGenerator(7).One(SceneKind.Listed[0]);

    private static readonly DropReason?[] BeforeFetch =
        [DropReason.NoText, DropReason.TextTooShort, DropReason.Language, DropReason.NoQuery, DropReason.RobotsDisallowed];

    private readonly Dictionary<string, DemoExpectation> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _groups = new(StringComparer.Ordinal);
    private readonly List<SearchHit> _hits = [];
    private readonly List<string> _refusedByPage = [];
    private int _shown;

    private DemoPlan(int seed)
    {
        var scenes = new SceneGenerator(seed);
        Evaluation =
        [
            .. SceneKind.Listed.SelectMany(kind => Enumerable.Range(0, EvaluationScenesPerKind)
                .Select(n => n < EvaluationScenesPerKind - 1 ? scenes.One(kind) : scenes.Several(kind))),
        ];
        var random = new Random(seed);
        var special = BadCases.All(scenes, Evaluation).ToArray();
        var ordinary = Enumerable.Range(0, Scenes - special.Length).Select(_ => Ordinary(scenes.Any(), random)).ToArray();
        var searched = (int)(ordinary.Length * SearchShare);
        Build(special, ordinary.AsSpan(searched), random);
        BuildSearch(ordinary.AsSpan(0, searched), random);
        Groups = _groups.ToDictionary(
            group => group.Key, group => new DemoGroup(group.Value, group.Key == FullQuery ? Cap : 1), StringComparer.Ordinal);
        Hosts =
        [
            .. Answers.Keys.Select(address => new Uri(address).Host).Where(host => host.EndsWith(Domain, StringComparison.Ordinal))
                .Append($"search.{Domain}").Distinct().Order(StringComparer.Ordinal),
        ];
        Untouchable = _expected.Where(expected => BeforeFetch.Contains(expected.Value.Drop)).Select(expected => expected.Key)
            .Concat(_refusedByPage)
            .Concat(Hosts.Select(host => $"http://{host}/never/commented.jpg"))
            .Append($"http://fence.{Domain}/private/index.html")
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What each absolute address answers; all others answer 404.</summary>
    public Dictionary<string, DemoAnswer> Answers { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Scene> Evaluation { get; }

    public IReadOnlyDictionary<string, DemoExpectation> Expected => _expected;

    public IReadOnlyDictionary<string, DemoGroup> Groups { get; }

    /// <summary>Addresses that nobody may ask for: refused, or already dropped for their text.</summary>
    public IReadOnlySet<string> Untouchable { get; }

    public IReadOnlyList<SearchHit> Hits => _hits;

    public IReadOnlyList<string> Seeds { get; private set; } = [];

    public IReadOnlyList<string> Hosts { get; }

    public static DemoPlan Create(int seed) => new(seed);

    private static DemoItem Ordinary(Scene scene, Random random)
    {
        var format = random.NextDouble() switch
        {
            < 0.84 => Curate.Pixels.DrawnFormat.Jpeg,
            < 0.92 => Curate.Pixels.DrawnFormat.Png,
            _ => Curate.Pixels.DrawnFormat.WebP,
        };
        return new(new DemoAnswer.Picture(new(scene, format)), scene.Caption);
    }

    private void Build(IReadOnlyList<DemoItem> special, ReadOnlySpan<DemoItem> ordinary, Random random)
    {
        var sites = DemoSites.Crawled();
        var byName = sites.ToDictionary(site => site.Name, StringComparer.Ordinal);
        var deal = new Deck<DemoSite>([.. sites.SelectMany(site => Enumerable.Repeat(site, (int)(site.Share * 10)))], random);
        DemoItem[] items = [.. special, .. ordinary];
        random.Shuffle(items);
        foreach (var item in items)
        {
            var site = item.Site is { } named ? byName[named] : deal.Next();
            while (!site.Suits(item))
                site = deal.Next();
            var dressed = Accented(item, site);
            var address = site.Show(dressed, ++_shown, Answers);
            Expect(address, dressed, DemoExpectation.ByPages);
            if (item.Page is not null)
                _refusedByPage.Add(address);
        }
        foreach (var (at, site) in sites.Index())
        {
            site.Publish(Answers, [sites[(at + 1) % sites.Length], sites[(at + 5) % sites.Length]]);
            var icon = $"http://{site.Host}/icon.png";
            Expect(icon, new(Answers[icon], PageMarkup.IconText, DropReason.NoQuery), DemoExpectation.ByPages);
        }
        Answers[$"http://closed.{Domain}/robots.txt"] = new DemoAnswer.Status(503);
        Answers[$"http://fence.{Domain}/private/index.html"] = new DemoAnswer.Text("<!doctype html><title>Private</title>", "text/html");
        Seeds = [.. sites.Where((_, at) => at % 2 == 0).Select(site => $"http://{site.Host}/")];
    }

    /// <summary>Pictures that only the search engine knows: their pages are linked from nowhere.</summary>
    private void BuildSearch(ReadOnlySpan<DemoItem> items, Random random)
    {
        var sites = DemoSites.Searched();
        foreach (var item in items)
        {
            var site = random.Pick(sites);
            var address = site.Show(item, ++_shown, Answers);
            var page = $"http://{site.Host}/gallery/{(site.Count - 1) / DemoSite.PerPage + 1}.html";
            var thing = ((DemoAnswer.Picture)item.Answer).File.Scene.Groups[0].Kind;
            _hits.Add(random.Chance(0.8)
                ? new(string.Create(CultureInfo.InvariantCulture, $"{thing}, {site.Name} {site.Count}"), item.Text, page, address)
                : new(item.Text, "", page, address));
            Expect(address, item, DemoExpectation.BySearch);
        }
        foreach (var site in sites)
            site.Publish(Answers, []);
    }

    private void Expect(string address, DemoItem item, string provider)
    {
        _expected.Add(address, new(item.Drop, item.Text, provider, item.Group));
        if (item.Group is { } group)
        {
            if (!_groups.TryGetValue(group, out var addresses))
                _groups[group] = addresses = [];
            addresses.Add(address);
        }
    }

    // Letters beyond ASCII where the charset matters.
    private static DemoItem Accented(DemoItem item, DemoSite site) =>
        site.Charset.IsUsual || item.Drop is not null || item.Written is not null
            ? item
            : item with { Text = item.Text.TrimEnd('.') + ", from Zoë’s café" };
}
