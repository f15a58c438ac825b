namespace WebImageText.Crawl.Providers;

/// <summary>Keeps a provider's limits: when may it be asked next? Not thread-safe.</summary>
/// <remarks>A start of the program knows nothing of earlier ones: what the service then refuses, it refuses with 429.</remarks>
public sealed class RequestBudget(IReadOnlyList<RequestLimit> limits)
{
    private readonly Queue<DateTimeOffset> _asked = [];

    /// <summary>Takes the next request.</summary>
    /// <returns>When it may be sent: <paramref name="now"/>, or later.</returns>
    public DateTimeOffset Take(DateTimeOffset now)
    {
        var at = Earliest(now);
        _asked.Enqueue(at);
        while (_asked.Count > limits.Max(limit => (int?)limit.Requests).GetValueOrDefault())
            _asked.Dequeue();
        return at;
    }

    /// <summary>When the next request may be sent.</summary>
    public DateTimeOffset Earliest(DateTimeOffset now)
    {
        var at = now;
        foreach (var (requests, time) in limits)
        {
            if (_asked.Count >= requests && _asked.ElementAt(_asked.Count - requests) + time is var free && free > at)
                at = free;
        }
        return _asked.Count > 0 && _asked.Last() > at ? _asked.Last() : at;
    }
}
