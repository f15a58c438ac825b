using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Pipeline.Runs;

/// <summary>How the requests of this node have gone: attempts and successes apart, by what went wrong and by host. Thread-safe.</summary>
internal sealed class FetchTally
{
    private const int MostHosts = 100_000;

    private readonly ConcurrentDictionary<string, OneHost> _hosts = [];
    private readonly ConcurrentDictionary<string, long> _faults = [];
    private long _answered, _failed;

    private sealed class OneHost
    {
        public long Answered, Failed;
    }

    public void Count(string host, FetchResult result)
    {
        var fault = result switch
        {
            FetchResult.Failed { IsLocal: true } => "this_machine",
            FetchResult.Failed failed => failed.Drop.Reason.Word(),
            FetchResult.Answer { Status: >= 400 } answer => string.Create(CultureInfo.InvariantCulture, $"http_{answer.Status}"),
            _ => null,
        };
        Interlocked.Increment(ref fault is null ? ref _answered : ref _failed);
        if (fault is not null)
            _faults.AddOrUpdate(fault, 1, (_, count) => count + 1);
        if (_hosts.Count >= MostHosts && !_hosts.ContainsKey(host))
            return;
        var one = _hosts.GetOrAdd(host, static _ => new());
        Interlocked.Increment(ref fault is null ? ref one.Answered : ref one.Failed);
    }

    public FetchCounts Now() => new(
        Interlocked.Read(ref _answered), Interlocked.Read(ref _failed), _faults.ToImmutableSortedDictionary(StringComparer.Ordinal), _hosts.Count,
        Most(one => one.Answered + one.Failed), Most(one => one.Failed));

    private ImmutableArray<HostCount> Most(Func<OneHost, long> count) =>
    [
        .. _hosts.Where(host => count(host.Value) > 0).OrderByDescending(host => count(host.Value)).ThenBy(host => host.Key, StringComparer.Ordinal).Take(FetchCounts.Shown)
            .Select(host => new HostCount(host.Key, host.Value.Answered, host.Value.Failed)),
    ];
}

/// <summary>How requests have gone so far, those for robots.txt included.</summary>
/// <param name="Answered">Requests that were answered as hoped, redirects included.</param>
/// <param name="Failed">Requests that were not.</param>
/// <param name="Faults">Of those, by what went wrong: a drop reason, <c>http_404</c>, or <c>this_machine</c>.</param>
/// <param name="Hosts">Hosts that were asked.</param>
/// <param name="Busiest">Hosts with the most requests.</param>
/// <param name="Worst">Hosts with the most failures.</param>
public sealed record FetchCounts(
    long Answered, long Failed, ImmutableSortedDictionary<string, long> Faults, int Hosts, ImmutableArray<HostCount> Busiest, ImmutableArray<HostCount> Worst)
{
    /// <summary>Hosts in a list of them.</summary>
    public const int Shown = 10;
}

/// <summary>Requests to one host.</summary>
public sealed record HostCount(string Host, long Answered, long Failed);
