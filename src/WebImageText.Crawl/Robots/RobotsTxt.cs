using System.Text;

namespace WebImageText.Crawl.Robots;

/// <summary>A robots.txt, as far as it concerns us: RFC 9309, and the fields that sites write besides.</summary>
/// <remarks>Damaged files are read restrictively: what can only be meant as a refusal is one.</remarks>
public sealed class RobotsTxt
{
    private readonly RobotsRules[] _rules;
    private readonly UsageScopes[] _signals, _usages;

    private RobotsTxt(RobotsGroups file, RobotsOptions options)
    {
        var sets = ForUs(file.Groups, options.InheritedAgents.Count);
        _rules = [.. sets.Select(groups => new RobotsRules(groups.SelectMany(group => group.Rules)))];
        _signals = Scopes(RobotsField.ContentSignal);
        _usages = Scopes(RobotsField.ContentUsage);
        var lines = sets.SelectMany(groups => groups).SelectMany(group => group.Others).Concat(file.ForAll).Distinct().ToArray();
        Delay = Values(RobotsField.CrawlDelay).Select(CrawlRate.ReadDelay)
            .Concat(Values(RobotsField.RequestRate).Select(CrawlRate.ReadRate)).Max() ?? TimeSpan.Zero;
        VisitTimes = [.. Values(RobotsField.VisitTime).Select(VisitTime.Read).OfType<VisitTime>()];
        Sitemaps = [.. Values(RobotsField.Sitemap)];
        Licenses = [.. Values(RobotsField.License)];
        Record = [.. lines.Where(line => line.Field != RobotsField.Sitemap).Select(line => line.Line)];

        IEnumerable<string> Values(RobotsField field) => lines.Where(line => line.Field == field).Select(line => line.Value);

        // One for each agent that counts, and one for what stands before all groups.
        UsageScopes[] Scopes(RobotsField field) => [.. sets
            .Select(groups => groups.SelectMany(group => group.Others)).Append(file.ForAll)
            .Select(lines => new UsageScopes(lines.Where(line => line.Field == field).Select(line => line.Value)))];
    }

    /// <summary>Reads a robots.txt. Any bytes are one; of more than 500 KiB the rest is not read.</summary>
    /// <param name="body">As served.</param>
    /// <param name="options">Whose rules are ours; the defaults when null.</param>
    /// <exception cref="ArgumentException">More than 60 agents to inherit from.</exception>
    public static RobotsTxt Parse(ReadOnlySpan<byte> body, RobotsOptions? options = null)
    {
        options ??= new();
        if (options.InheritedAgents.Count > RobotsOptions.MostAgents)
            throw new ArgumentException(
                $"InheritedAgents has {options.InheritedAgents.Count} names: give {RobotsOptions.MostAgents} at most.", nameof(options));
        return new(RobotsGroups.Read(body, [options.Token, "*", .. options.InheritedAgents]), options);
    }

    /// <summary>The least time between two requests, by Crawl-delay and Request-rate; zero when they ask for none.</summary>
    public TimeSpan Delay { get; }

    /// <summary>Times of day at which the site wants to be visited; empty when it is all the same.</summary>
    public IReadOnlyList<VisitTime> VisitTimes { get; }

    /// <summary>Addresses of sitemaps, as they stood.</summary>
    public IReadOnlyList<string> Sitemaps { get; }

    /// <summary>Addresses of RSL licences, as they stood.</summary>
    public IReadOnlyList<string> Licenses { get; }

    /// <summary>Every line that concerns us and is neither rule nor sitemap, as it stood, for the record.</summary>
    public IReadOnlyList<string> Record { get; }

    /// <summary>The path may be fetched.</summary>
    /// <param name="pathAndQuery">As <see cref="WebAddress.PathAndQuery"/> has it.</param>
    public bool Allows(string pathAndQuery) => Judge(pathAndQuery) is null;

    /// <summary>Why a path may not be fetched, with the rule that says so; null when it may.</summary>
    /// <param name="pathAndQuery">As <see cref="WebAddress.PathAndQuery"/> has it.</param>
    public Drop? Judge(string pathAndQuery)
    {
        var path = NormalPath.Of(pathAndQuery);
        if (path == "/robots.txt")
            return null;
        foreach (var rules in _rules)
            if (rules.Deciding(path) is { Allows: false } rule)
                return new(DropReason.RobotsDisallowed, rule.ToString());
        return null;
    }

    /// <summary>What is said about the use of a path. About one that may not be fetched, nothing is.</summary>
    /// <param name="pathAndQuery">As <see cref="WebAddress.PathAndQuery"/> has it.</param>
    public RobotsSignals SignalsFor(string pathAndQuery)
    {
        if (!Allows(pathAndQuery))
            return RobotsSignals.None;
        var path = NormalPath.Of(pathAndQuery);
        return new(
            [.. _signals.SelectMany(scopes => scopes.For(path))], [.. _usages.SelectMany(scopes => scopes.For(path))], Licenses);
    }

    /// <summary>The first instant, from <paramref name="now"/> on, at which the site wants to be visited.</summary>
    public DateTimeOffset NextVisit(DateTimeOffset now) =>
        VisitTimes.Count == 0 ? now : VisitTimes.Min(time => time.NextVisit(now));

    /// <summary>Our groups, or those of everybody when we are not named; then those of each agent that we inherit from.</summary>
    private static List<List<RobotsGroup>> ForUs(List<RobotsGroup> groups, int inherited)
    {
        var sets = Enumerable.Range(0, inherited + 2)
            .Select(agent => groups.FindAll(group => (group.Agents & 1UL << agent) != 0)).ToList();
        sets.RemoveAt(sets[0].Count > 0 ? 1 : 0);
        return sets.FindAll(set => set.Count > 0);
    }
}
