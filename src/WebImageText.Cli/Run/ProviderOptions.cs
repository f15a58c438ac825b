using System.CommandLine;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Archives;
using WebImageText.Crawl.Providers;
using WebImageText.Crawl.Providers.Lists;
using WebImageText.Pipeline.Runs;

namespace WebImageText.Cli.Run;

/// <summary>The options that say where images are found: the names of providers, and what each of them needs.</summary>
internal sealed class ProviderOptions
{
    private const string Pages = "pages";

    private readonly Option<string[]> _names = new Option<string[]>("--provider")
    {
        Description = "Where images are found (repeatable): searxng, openverse, commons, flickr are searched for each query; pages, sitemap, feed, urls, warc, commoncrawl are read once",
        HelpName = "NAME",
        Required = true,
    }.AcceptOnlyFromAmong("searxng", "openverse", "commons", "flickr", Pages, "sitemap", "feed", "urls", "warc", "commoncrawl");

    private readonly Option<WebAddress?> _searxng = Address("--searxng-url", "For searxng: address of the instance's search, e.g. http://127.0.0.1:8888/search", null);

    private readonly Option<int> _searxngPages = Number("--searxng-pages", "For searxng: most result pages of one query", SearxngProvider.DefaultPages);

    private readonly Option<WebAddress?> _openverse = Address("--openverse-url", $"For openverse: its image search; a token of yours goes in {OpenverseProvider.KeyVariable}", OpenverseProvider.Public);

    private readonly Option<WebAddress?> _commons = Address("--commons-url", "For commons: its API; --contact is needed", CommonsProvider.Public);

    private readonly Option<int> _commonsPages = Number("--commons-pages", "For commons: most result pages of one query", CommonsProvider.DefaultPages);

    private readonly Option<WebAddress?> _flickr = Address("--flickr-url", $"For flickr: its API, or that of another server of its kind; a key of yours goes in {FlickrProvider.KeyVariable}", FlickrProvider.Public);

    private readonly Option<FileInfo?> _pages = new("--pages")
    {
        Description = "For pages: file of addresses to crawl from, one a line",
        HelpName = "F",
    };

    private readonly Option<int> _depth = Number("--depth", "For pages: links followed away from a given page", new RunOptions().Depth);

    private readonly Option<WebAddress[]> _sitemaps = new("--sitemap")
    {
        Description = "For sitemap (repeatable): address of a sitemap or of an index, or of a site whose robots.txt names them; the pages listed are visited, their links not followed",
        HelpName = "U",
        CustomParser = result => CommonOptions.Each<WebAddress>(result, TryWeb, "an http or https address"),
    };

    private readonly Option<string[]> _feeds = Places("--feed", "For feed (repeatable): address or file of a feed in RSS or Atom, with Media RSS or without; the pages of its items are visited, their links not followed");

    private readonly Option<string[]> _urls = Places("--urls", "For urls (repeatable): list of image addresses with captions, or a folder of lists: parquet, csv, tsv, jsonl, txt, and .gz or .zst of all but the first; a sha256, sha1 or md5 column is held to");

    private readonly Option<string?> _urlColumn = new("--url-column") { Description = "For urls: column of addresses, if it is not named as img2dataset, LAION, DataComp or COYO name it", HelpName = "NAME" };

    private readonly Option<string?> _captionColumn = new("--caption-column") { Description = "For urls: column of captions, likewise", HelpName = "NAME" };

    private readonly Option<string[]> _warc = Places("--warc", "For warc (repeatable): WARC file, gzip or not, or a folder of them");

    private readonly Option<string[]> _commonCrawl = Places("--commoncrawl", "For commoncrawl (repeatable): WAT or WARC file or a folder of them, list of paths (file or https, .gz or not), index address with its url=, or parquet of the columnar index");

    private readonly Option<WebAddress?> _data = Address("--commoncrawl-data", "For commoncrawl: what paths in lists and indexes are relative to", ArchiveProvider.CommonCrawlData);

    /// <summary>In the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        _names, _searxng, _searxngPages, _openverse, _commons, _commonsPages, _flickr, _pages, _depth, _sitemaps, _feeds, _urls, _urlColumn, _captionColumn, _warc,
        _commonCrawl, _data,
    ];

    /// <summary>One of these providers is named.</summary>
    public bool AreOf(ParseResult parsed, params ReadOnlySpan<string> names) => parsed.GetRequiredValue(_names).AsSpan().ContainsAny(names);

    /// <summary>Links followed away from a given page.</summary>
    public int Depth(ParseResult parsed) => parsed.GetValue(_depth);

    /// <summary>The providers that are named, each once.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="clock">For waits that services ask for.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="UserErrorException">One lacks what it needs, or that cannot be read.</exception>
    public async Task<IReadOnlyList<IProvider>> ProvidersAsync(ParseResult parsed, TimeProvider clock, CancellationToken stop)
    {
        List<IProvider> providers = [];
        foreach (var name in parsed.GetRequiredValue(_names).Distinct().Where(name => name != Pages))
        {
            try
            {
                providers.Add(await ProviderAsync(name, parsed, clock, stop));
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw broken is InvalidDataException ? UserErrorException.BadData(broken.Message) : UserErrorException.Usage(broken.Message);
            }
        }
        return providers;
    }

    private async Task<IProvider> ProviderAsync(string name, ParseResult parsed, TimeProvider clock, CancellationToken stop)
    {
        switch (name)
        {
            case "searxng":
                return new SearxngProvider(parsed.GetValue(_searxng) ?? throw Missing(name, _searxng), parsed.GetValue(_searxngPages));
            case "openverse":
                return new OpenverseProvider(parsed.GetValue(_openverse)!, Environment.GetEnvironmentVariable(OpenverseProvider.KeyVariable) is { Length: > 0 } token ? token : null);
            case "commons":
                return new CommonsProvider(parsed.GetValue(_commons)!, clock, parsed.GetValue(_commonsPages));
            case "flickr":
                return new FlickrProvider(parsed.GetValue(_flickr)!, Environment.GetEnvironmentVariable(FlickrProvider.KeyVariable) is { Length: > 0 } key
                    ? key : throw UserErrorException.Usage($"The provider 'flickr' takes a key: set {FlickrProvider.KeyVariable}."), clock);
            case "sitemap":
                return new SitemapProvider(Given(name, _sitemaps, parsed));
            case "feed":
                return new FeedProvider(Given(name, _feeds, parsed));
            case "warc":
                return ArchiveProvider.Warc(Given(name, _warc, parsed));
            case "commoncrawl":
                return ArchiveProvider.CommonCrawl(Given(name, _commonCrawl, parsed), parsed.GetValue(_data)!);
            default:
                var list = new UrlListProvider(Given(name, _urls, parsed), new ListColumns(parsed.GetValue(_urlColumn), parsed.GetValue(_captionColumn)));
                await list.CheckAsync(stop);
                return list;
        }
    }

    /// <summary>Pages to crawl from; none without the provider <c>pages</c>.</summary>
    /// <exception cref="UserErrorException">Their file is not there, or holds something else.</exception>
    public async Task<IReadOnlyList<WebAddress>> SeedsAsync(ParseResult parsed, CancellationToken stop)
    {
        if (!parsed.GetRequiredValue(_names).Contains(Pages))
            return [];
        var file = parsed.GetValue(_pages) ?? throw Missing(Pages, _pages);
        if (!file.Exists)
            throw UserErrorException.Usage($"The file of pages '{file}' does not exist.");
        List<WebAddress> seeds = [];
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(file.FullName, stop))
        {
            number++;
            if (line.Trim() is not { Length: > 0 } text || text.StartsWith('#'))
                continue;
            seeds.Add(TryWeb(text, out var seed) ? seed : throw UserErrorException.BadData($"'{file}' line {number}: '{text}' is no http or https address."));
        }
        return seeds;
    }

    private static T[] Given<T>(string provider, Option<T[]> option, ParseResult parsed) =>
        parsed.GetValue(option) is { Length: > 0 } given ? given : throw Missing(provider, option);

    private static UserErrorException Missing(string provider, Option option) =>
        UserErrorException.Usage($"The provider '{provider}' needs {option.Name}.");

    private static Option<WebAddress?> Address(string name, string description, string? standard)
    {
        var option = new Option<WebAddress?>(name)
        {
            Description = description,
            HelpName = "U",
            CustomParser = result => CommonOptions.Parsed<WebAddress>(result, TryWeb, "an http or https address"),
        };
        if (standard is not null)
            option.DefaultValueFactory = _ => WebAddress.Parse(standard);
        return option;
    }

    private static Option<int> Number(string name, string description, int standard) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };

    private static Option<string[]> Places(string name, string description) => new(name) { Description = description, HelpName = "PLACE" };

    private static bool TryWeb(string text, out WebAddress address) => WebAddress.TryParse(text, null, out address!) && address.IsWeb;
}
