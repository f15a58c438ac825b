using System.Globalization;
using WebImageText.Crawl.Fetch;
using WebImageText.Pipeline.Runs;

namespace WebImageText.Cli.Run;

/// <summary>What a run says of itself while it goes: rates of the last seconds, attempts and successes apart, what is dropped and why.</summary>
internal sealed class RunProgress
{
    private const int Shown = 3;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(TimeSpan At, long Requests, long Bytes, long Kept)> _seen = [];
    private string? _trouble;

    /// <summary>One line.</summary>
    /// <param name="now">Verdicts so far.</param>
    /// <param name="fetches">Requests so far.</param>
    /// <param name="fetcher">How downloads get on; null before there are any.</param>
    /// <param name="elapsed">Since the run began.</param>
    public string Line(RunCounts now, FetchCounts fetches, FetcherState? fetcher, TimeSpan elapsed)
    {
        var requests = fetches.Answered + fetches.Failed;
        _seen.Enqueue((elapsed, requests, now.Bytes, now.Kept));
        while (_seen.Count > 2 && elapsed - _seen.Peek().At > Window)
            _seen.Dequeue();
        var since = _seen.Peek();
        var seconds = Math.Max(0.5, (elapsed - since.At).TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"""
            {now.Kept:N0} kept of {now.Judged:N0}{Most(now.Dropped.Select(drop => (drop.Key.Word(), drop.Value)))}, {(now.Kept - since.Kept) / seconds:F1}/s; {requests:N0} requests to {fetches.Hosts:N0} hosts, {(requests - since.Requests) / seconds:F0}/s, {(now.Bytes - since.Bytes) / seconds / 1e6:F1} MB/s, {fetches.Answered:N0} answered, {fetches.Failed:N0} failed{Most(fetches.Faults.Select(fault => (fault.Key, fault.Value)))}{Under(fetcher)}{Worst(fetches)}
            """);
    }

    /// <summary>What is to be said once: this machine is in trouble, or no longer. Null when nothing is new.</summary>
    public string? News(FetcherState? fetcher)
    {
        var before = _trouble;
        _trouble = fetcher?.Trouble;
        return (before, _trouble) switch
        {
            (null, { } trouble) => $"slowed down to {fetcher!.Limit} downloads at once, because this machine or its network fails: {trouble}",
            ({ }, null) => "back to full speed",
            _ => null,
        };
    }

    private static string Under(FetcherState? fetcher) => fetcher is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; {fetcher.Inside} of {fetcher.Limit} under way{(fetcher.Trouble is { } trouble ? $", slowed down: {trouble}" : "")}");

    private static string Worst(FetchCounts fetches) => fetches.Worst is [{ Failed: > 2 } worst, ..]
        ? string.Create(CultureInfo.InvariantCulture, $"; worst host {worst.Host}: {worst.Failed:N0} of {worst.Answered + worst.Failed:N0} failed")
        : "";

    private static string Most(IEnumerable<(string Word, long Count)> counts)
    {
        var most = counts.Where(count => count.Count > 0).OrderByDescending(count => count.Count).Take(Shown).ToList();
        return most.Count == 0 ? "" : $" ({string.Join(", ", most.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Word} {count.Count:N0}")))})";
    }
}
