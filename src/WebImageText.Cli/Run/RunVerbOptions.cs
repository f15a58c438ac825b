using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using WebImageText.Cli.Shards;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Queries;
using WebImageText.Crawl.Robots;
using WebImageText.Crawl.Trace;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Curate.Filter;
using WebImageText.Curate.Pixels;
using WebImageText.Pipeline;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Staging;

namespace WebImageText.Cli.Run;

/// <summary>The options of <c>wit run</c>, and what they mean to the pipeline.</summary>
internal sealed class RunVerbOptions
{
    private readonly Option<FileInfo> _queries = new Option<FileInfo>("--queries")
    {
        Description = "List of queries: a TSV whose first column is the query, or a text file with one a line",
        HelpName = "F",
        Required = true,
    }.AcceptExistingOnly();

    private readonly ProviderOptions _providers = new();

    private readonly Option<bool> _anyText = new("--any-text")
    {
        Description = "Keep pairs in which no query occurs",
    };

    private readonly Option<string?> _detector = DetectorOption.Create();
    private readonly Option<EvaluationSet[]> _evaluation = EvaluationOption.Create("Keep near-duplicates of these images out (repeatable)");
    private readonly Option<FileInfo> _evaluationIndex = EvaluationOption.CreateIndex();

    private readonly Option<float?> _copyScore = new("--copy-score")
    {
        Description = "Likeness of the detector's descriptors from which on two pictures are copies, 0.75-1; without it, bytes, pixels and PDQ decide",
        HelpName = "S",
    };

    private readonly Option<int> _cap = new("--cap")
    {
        Description = "Most pairs that one query may own",
        HelpName = "N",
        DefaultValueFactory = _ => new RunOptions().Cap,
    };

    private readonly Option<TimeSpan> _hostDelay = CommonOptions.Duration(
        "--host-delay", "Least time between two requests to one host; robots.txt can only lengthen it", TimeSpan.FromSeconds(1));

    private readonly Option<TimeSpan?> _addressDelay = new("--address-delay")
    {
        Description = "Least time between two requests to one IP address, whatever their hosts; default 100ms at public addresses, none at those that an option opens",
        HelpName = "TIME",
        CustomParser = result => CommonOptions.Parsed<TimeSpan>(result, CommonOptions.TryDuration, "a time with its unit, for example 100ms"),
    };

    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "Most downloads at once over all hosts; fewer while names, routes or file handles of this machine fail",
        HelpName = "N",
        DefaultValueFactory = _ => new FetchOptions().Parallel,
    };

    private readonly Option<double> _siteShare = new("--site-share")
    {
        Description = "Part of the fetches, of pages and images alike, that one registrable domain may have, 0-1: of those at once, and of all while others are asked that have had less; its first 10,000 are free",
        HelpName = "X",
        DefaultValueFactory = _ => new FetchOptions().SiteShare,
    };

    private readonly Option<TimeSpan> _maxCrawlDelay = CommonOptions.Duration(
        "--max-crawl-delay", "Longest Crawl-delay of a robots.txt that is kept; a site that asks for more is left alone", new PaceOptions().LongestSiteDelay);

    private readonly Option<TimeSpan> _hostQueue = CommonOptions.Duration(
        "--host-queue", "Longest queue at one host, as time until its end; what comes later is dropped as timeout", new FetchOptions().LongestQueue);

    private readonly Option<TimeSpan> _patience = CommonOptions.Duration(
        "--patience", "Longest wait for a host that asks for time or keeps failing; what it was to give is dropped when it wants more", new FetchOptions().Patience);

    private readonly Option<long> _maxImageBytes = new("--max-image-bytes")
    {
        Description = "Largest image as served; what is larger is dropped as too_large without reading on",
        HelpName = "SIZE",
        CustomParser = result => CommonOptions.Parsed<long>(result, CommonOptions.TryBytes, "a number of bytes, such as 500KB or 32MB"),
        DefaultValueFactory = _ => new FetchOptions().LargestImage,
    };

    private readonly Option<int> _hostPages = new("--host-pages")
    {
        Description = "Most pages of one host that are visited, whoever names them",
        HelpName = "N",
        DefaultValueFactory = _ => new RunOptions().HostPages,
    };

    private readonly Option<int> _jobs = new("--jobs")
    {
        Description = "Result pages and web pages under way at once on a node; it bounds the candidates in memory",
        HelpName = "N",
        DefaultValueFactory = _ => new RunOptions().Jobs,
    };

    private readonly Option<string[]> _inherit = new("--inherit-robots")
    {
        Description = "Crawler whose rules in robots.txt count for us too (repeatable); 'training' for all who collect for training, 'none'. Default: CCBot with commoncrawl and urls, whose lists it made",
        HelpName = "AGENT",
    };

    private readonly Option<WebAddress?> _spawning = new("--spawning-url")
    {
        Description = $"Ask this list of opt-outs before an image is fetched, in the form of Spawning's API; its key in {SpawningList.KeyVariable}",
        HelpName = "U",
        CustomParser = result => CommonOptions.Parsed<WebAddress>(result, TryWeb, "an http or https address"),
    };

    private readonly Option<IPEndPoint[]> _dns = new("--dns")
    {
        Description = "Resolver to ask for names in place of the system's (repeatable): IP or IP:PORT",
        HelpName = "IP:PORT",
        CustomParser = result => CommonOptions.Each<IPEndPoint>(result, TryServer, "IP or IP:PORT, for example 9.9.9.9 or [::1]:5353"),
    };

    private readonly Option<TimeSpan> _timeout = CommonOptions.Duration(
        "--timeout", "Longest time for one answer, from the connection to the last byte", new FetchOptions().TotalTime);

    private readonly Option<int> _tries = new("--tries")
    {
        Description = "Requests for one image or page before a passing fault counts",
        HelpName = "N",
        DefaultValueFactory = _ => new RunOptions().Tries,
    };

    private readonly Option<double> _backoff = new("--backoff")
    {
        Description = "Multiplies the waits after failures; less than 1 only for servers of your own",
        HelpName = "FACTOR",
        DefaultValueFactory = _ => new PaceOptions().BackoffScale,
    };

    private readonly Option<string?> _contact = new("--contact")
    {
        Description = "Where a site owner reaches you, e-mail or page; sent in every User-Agent, needed before the first outside request",
        HelpName = "ADDRESS",
    };

    private readonly Option<int> _shardSize = new("--shard-size")
    {
        Description = "Pairs in a shard",
        HelpName = "N",
        DefaultValueFactory = _ => new StagingOptions().ShardSize,
    };

    private readonly Option<int> _hotTexts = new("--hot-texts")
    {
        Description = "Different captions that one picture may be found with before it is a placeholder, and is taken out at the end; 0 keeps placeholders",
        HelpName = "N",
        DefaultValueFactory = _ => new RunOptions().HotTexts,
    };

    private readonly Option<RunBudget[]> _until = new("--until")
    {
        Description = "Stop early and commit what there is (repeatable): pairs=N, time=T or bytes=B; exit code 4, and the same command goes on",
        HelpName = "BUDGET",
        CustomParser = result => CommonOptions.Each<RunBudget>(result, TryBudget, "pairs=N, time=T or bytes=B, for example pairs=1000, time=2h, bytes=50GB"),
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "Folder of the data set, or az://container/prefix; a second run with the same place goes on where the first one ended",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> _state = new("--state")
    {
        Description = "Folder on this machine for what a run that goes on needs: journal and staged pairs. "
            + "Default: 'state' in the data set's folder; for az:// a folder of its own in your folder for data of programs",
        HelpName = "DIR",
    };

    private readonly Option<ResolveRule[]> _resolve = new("--resolve")
    {
        Description = "Send host names that match to an address (repeatable), for tests and mirrors: 'GLOB=IP:PORT'",
        HelpName = "GLOB=IP:PORT",
        CustomParser = result => CommonOptions.Each<ResolveRule>(result, ResolveRule.TryParse, "GLOB=IP:PORT, for example '*.example.test=127.0.0.1:8080'"),
    };

    private readonly Option<string[]> _networks = new("--allow-network")
    {
        Description = "Open a private range of addresses (repeatable)",
        HelpName = "CIDR",
    };

    private readonly Option<string[]> _authorities = new("--allow-authority")
    {
        Description = "Open one host and port, whatever it is (repeatable)",
        HelpName = "HOST:PORT",
    };

    private readonly Option<FileInfo?> _record = new("--record")
    {
        Description = "Keep every exchange with the web in this WARC 1.1 file (.gz: compressed); one that is there is gone on with",
        HelpName = "F",
    };

    private readonly Option<FileInfo?> _replay = new("--replay")
    {
        Description = "Ask this trace instead of the web, with the options of the run that recorded it: no network, no waits, the same shards byte for byte",
        HelpName = "F",
    };

    private readonly FilterOptions _filters = new();

    private readonly StoreOptions _store = new();

    public IEnumerable<Option> All =>
    [
        _queries, .. _providers.All, _anyText, _evaluation, _evaluationIndex, _detector, _copyScore, _cap, _hostDelay, _addressDelay,
        _parallel, _siteShare, _maxCrawlDelay, _hostQueue, _patience, _maxImageBytes, _hostPages, _jobs, _inherit, _spawning, _dns, _timeout, _tries,
        _backoff, _contact, _shardSize, _hotTexts, _until, _out, _state, _resolve, _networks, _authorities, _record, _replay, .. _filters.All, .. _store.All,
    ];

    /// <summary>The options that were given, as words of a command line that mean the same on every node.</summary>
    public IReadOnlyList<string> Words(ParseResult parsed) =>
    [
        .. All.Select(parsed.GetResult).OfType<OptionResult>().Where(result => !result.Implicit)
            .SelectMany(result => result.Tokens.Count == 0 ? [result.Option.Name] : result.Tokens.SelectMany(token => new[] { result.Option.Name, token.Value })),
    ];

    /// <summary>Checks what belongs together, and reads the files.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="state">Folder of this node's own state; null for the one in the data set.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="UserErrorException">Something does not fit.</exception>
    public async Task<PipelineSettings> ReadAsync(ParseResult parsed, string? state, CancellationToken stop)
    {
        var output = parsed.GetRequiredValue(_out);
        var (record, replay) = (parsed.GetValue(_record)?.FullName, parsed.GetValue(_replay)?.FullName);
        if (record is not null && replay is not null)
            throw UserErrorException.Usage("--record keeps what the web answers, --replay asks no web: give one of them.");
        if (state is not null && (record ?? replay) is not null)
            throw UserErrorException.Usage("--record and --replay are for 'wit run': nodes of a cluster would write one file, and have no order among them.");
        if (replay is not null && !File.Exists(replay))
            throw UserErrorException.Usage($"The trace '{replay}' does not exist.");
        if (record is not null && !Directory.Exists(Path.GetDirectoryName(record)))
            throw UserErrorException.Usage($"The folder of --record '{record}' does not exist.");
        var detector = DetectorOption.PathOf(parsed.GetValue(_detector), isNeeded: parsed.GetValue(_evaluation) is { Length: > 0 } || parsed.GetValue(_copyScore) is not null);
        return new()
        {
            Queries = Queries(parsed.GetRequiredValue(_queries)),
            Providers = await _providers.ProvidersAsync(parsed, replay is null ? TimeProvider.System : new TraceClock(), stop),
            Out = output,
            State = state ?? parsed.GetValue(_state) ?? DataSetPlace.StateOf(output),
            Run = new()
            {
                Cap = parsed.GetValue(_cap),
                AnyText = parsed.GetValue(_anyText),
                HotTexts = parsed.GetValue(_hotTexts),
                Depth = _providers.Depth(parsed),
                Tries = parsed.GetValue(_tries),
                HostPages = Math.Max(1, parsed.GetValue(_hostPages)),
                Jobs = Math.Clamp(parsed.GetValue(_jobs), 1, 100_000),
                Until = (parsed.GetValue(_until) ?? []).Aggregate(new RunBudget(), (all, one) =>
                    new(one.Pairs ?? all.Pairs, one.Time ?? all.Time, one.Bytes ?? all.Bytes)),
                Seeds = await _providers.SeedsAsync(parsed, stop),
            },
            Fetch = new()
            {
                Contact = Contact(parsed),
                Pace = new() { HostDelay = parsed.GetValue(_hostDelay), BackoffScale = parsed.GetValue(_backoff), LongestSiteDelay = parsed.GetValue(_maxCrawlDelay) },
                Patience = parsed.GetValue(_patience),
                LongestQueue = parsed.GetValue(_hostQueue),
                SiteShare = Math.Clamp(parsed.GetValue(_siteShare), 0, 1),
                Robots = new() { InheritedAgents = Inherited(parsed) },
                Spawning = parsed.GetValue(_spawning) is { } list ? new(list, SpawningKey(list)) : null,
                TotalTime = parsed.GetValue(_timeout),
                LargestImage = (int)Math.Clamp(parsed.GetValue(_maxImageBytes), 1, new FetchOptions().BodyBytes),
                AddressDelay = parsed.GetValue(_addressDelay),
                Parallel = Math.Clamp(parsed.GetValue(_parallel), 1, 16_384),
                NameServers = parsed.GetValue(_dns) ?? [],
                Resolve = parsed.GetValue(_resolve) ?? [],
            },
            Addresses = new()
            {
                AllowedNetworks = parsed.GetValue(_networks) ?? [],
                AllowedAuthorities = parsed.GetValue(_authorities) ?? [],
                AllowedNames = [.. (parsed.GetValue(_resolve) ?? []).Select(rule => rule.Pattern)],
            },
            EvaluationSets = EvaluationOption.Calibrated(parsed.GetValue(_evaluation) ?? [], parsed.GetValue(_evaluationIndex), detector),
            Detector = detector,
            CopyScore = CopyScore(parsed, detector),
            Text = _filters.Text(parsed),
            Image = _store.Read(parsed, _filters.Limits(parsed)),
            Filters = _filters.Filters(parsed, _store.Boxes(parsed)),
            Record = record,
            Replay = replay,
            Staging = new() { ShardSize = parsed.GetValue(_shardSize) },
        };
    }

    private float? CopyScore(ParseResult parsed, string? detector) => parsed.GetValue(_copyScore) switch
    {
        null => null,
        not (>= LikenessRule.LeastLeast and <= 1) => throw UserErrorException.Usage($"--copy-score is a likeness from {LikenessRule.LeastLeast} to 1."),
        _ when detector is null => throw UserErrorException.Usage("--copy-score compares what a detector makes of pictures: it needs one (option --detector)."),
        var least => least,
    };

    private static QueryList Queries(FileInfo file)
    {
        try
        {
            return QueryList.Load(file.FullName);
        }
        catch (InvalidDataException broken)
        {
            throw UserErrorException.BadData(broken.Message);
        }
    }

    // Lists that a crawler made hold what its own rules let it see: who left them since does not want to be asked from them.
    private IList<string> Inherited(ParseResult parsed)
    {
        var names = parsed.GetValue(_inherit) ?? [];
        IList<string> agents = names switch
        {
            [] => _providers.AreOf(parsed, "commoncrawl", "urls") ? ["CCBot"] : [],
            ["none"] => [],
            _ => [.. names.SelectMany(name => name == "training" ? RobotsOptions.TrainingAgents : [name]).Distinct(StringComparer.OrdinalIgnoreCase)],
        };
        return agents.Count <= RobotsOptions.MostAgents ? agents : throw UserErrorException.Usage($"--inherit-robots names {agents.Count} crawlers: {RobotsOptions.MostAgents} is the most.");
    }

    private static string SpawningKey(WebAddress list) => Environment.GetEnvironmentVariable(SpawningList.KeyVariable) is { Length: > 0 } key
        ? key
        : throw UserErrorException.Usage($"The list at {list} takes a key: set {SpawningList.KeyVariable}.");

    private static bool TryWeb(string text, out WebAddress address) => WebAddress.TryParse(text, null, out address!) && address.IsWeb;

    private static bool TryServer(string text, out IPEndPoint? server)
    {
        server = IPEndPoint.TryParse(text, out var read) ? new(read.Address, read.Port == 0 ? 53 : read.Port) : null;
        return server is not null;
    }

    // Whoever is asked must be able to ask back. A web of one's own, which options open, has nobody else.
    private string? Contact(ParseResult parsed)
    {
        var contact = parsed.GetValue(_contact);
        var isOwn = parsed.GetValue(_resolve) is { Length: > 0 } || parsed.GetValue(_networks) is { Length: > 0 } || parsed.GetValue(_authorities) is { Length: > 0 };
        return isOwn || !string.IsNullOrWhiteSpace(contact)
            ? contact
            : throw UserErrorException.Usage("Nobody is asked for anything without an address where they reach you. Give --contact, an e-mail address or a page.");
    }

    private static bool TryBudget(string text, out RunBudget? budget)
    {
        var (name, value) = text.Split('=', 2) is [var before, var after] ? (before, after) : (text, "");
        budget = name switch
        {
            "pairs" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var pairs) && pairs > 0 => new(Pairs: pairs),
            "time" when CommonOptions.TryDuration(value, out var time) && time > TimeSpan.Zero => new(Time: time),
            "bytes" when CommonOptions.TryBytes(value, out var bytes) && bytes > 0 => new(Bytes: bytes),
            _ => null,
        };
        return budget is not null;
    }
}
