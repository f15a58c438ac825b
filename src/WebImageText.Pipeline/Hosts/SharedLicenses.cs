using System.Collections.Concurrent;

namespace WebImageText.Pipeline.Hosts;

/// <summary>
/// RSL licences that stand on hosts of their own. Many sites name the same one: a node asks for it once, and believes the answer
/// as long as each of them would. Thread-safe.
/// </summary>
/// <param name="tries">Requests for one file before a passing fault of its host counts.</param>
/// <param name="clock">For how long an answer is believed.</param>
internal sealed class SharedLicenses(int tries, TimeProvider clock)
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, Entry> _entries = [];

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public KnownFile? Known { get; set; }
    }

    /// <summary>What is known of a licence; whoever asks while another one does waits for the same answer.</summary>
    /// <param name="file">The licence.</param>
    /// <param name="fetch">Asks for it, told what was known before.</param>
    /// <param name="stop">The run stops.</param>
    public async Task<KnownFile> GetAsync(SiteFile file, Func<KnownFile?, Task<KnownFile>> fetch, CancellationToken stop)
    {
        if (!_entries.TryGetValue(file.Key, out var entry))
        {
            if (_entries.Count >= Most)
                return await fetch(null).ConfigureAwait(false);
            entry = _entries.GetOrAdd(file.Key, _ => new());
        }
        await entry.Turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return entry.Known is { } known && known.IsFresh(clock.GetUtcNow(), tries) ? known
                : entry.Known = await fetch(entry.Known).ConfigureAwait(false);
        }
        finally
        {
            entry.Turn.Release();
        }
    }
}
