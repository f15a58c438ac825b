using System.Collections.Concurrent;

namespace WebImageText.Crawl.Fetch.Names;

/// <summary>
/// Answers about names, good and bad, kept for as long as they hold. A name is asked for once however many want it, and the
/// number of questions at once is bounded. Thread-safe.
/// </summary>
internal sealed class NameCache(INameSource source, TimeProvider clock, int most = 200_000) : IDisposable
{
    private const int QuestionsAtOnce = 256;

    // An answer of a second would have every request ask anew; one of a month outlives the machine that it names.
    private static readonly TimeSpan LeastGood = TimeSpan.FromMinutes(1), MostGood = TimeSpan.FromHours(6);
    private static readonly TimeSpan LeastBad = TimeSpan.FromMinutes(1), MostBad = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LocalBad = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Entry> _entries = [];
    private readonly SemaphoreSlim _questions = new(QuestionsAtOnce);
    private long _asked;

    /// <summary>Questions that went to the source.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>What is known of a name, asked for if need be.</summary>
    /// <exception cref="OperationCanceledException">The caller stops waiting; the answer is kept when it comes.</exception>
    public Task<NameAnswer> ResolveAsync(string host, CancellationToken stop)
    {
        while (true)
        {
            var entry = _entries.GetOrAdd(host, static (name, cache) => new(new(() => cache.AskAsync(name))), this);
            if (clock.GetUtcNow() < entry.Until)
                return entry.Answer.Value.WaitAsync(stop);
            _entries.TryRemove(KeyValuePair.Create(host, entry));
        }
    }

    /// <summary>A name will be wanted soon: the question goes out now.</summary>
    public void Expect(string host) => _ = ResolveAsync(host, CancellationToken.None);

    public void Dispose() => _questions.Dispose();

    private async Task<NameAnswer> AskAsync(string host)
    {
        await _questions.WaitAsync().ConfigureAwait(false);
        NameAnswer answer;
        using (var late = new CancellationTokenSource(AnswerTime, clock))
        {
            try
            {
                Interlocked.Increment(ref _asked);
                answer = await source.AskAsync(host, late.Token).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // Whatever a resolver's answer did to the code that reads it: there is no address.
                answer = new([], default, new($"{host}: {(late.IsCancellationRequested ? "no answer" : fault.Message)}", IsLocal: late.IsCancellationRequested));
            }
            finally
            {
                _questions.Release();
            }
        }
        if (_entries.TryGetValue(host, out var entry))
            entry.Until = clock.GetUtcNow() + Lifetime(answer);
        if (_entries.Count > most)
            Forget();
        return answer;
    }

    private static TimeSpan Lifetime(NameAnswer answer) => answer.Fault switch
    {
        null => Between(LeastGood, answer.ValidFor, MostGood),
        { IsLocal: true } => LocalBad,
        _ => Between(LeastBad, answer.ValidFor, MostBad),
    };

    private static TimeSpan Between(TimeSpan least, TimeSpan value, TimeSpan most) => value < least ? least : value > most ? most : value;

    // What has run out goes first; if that is too little, whatever comes first: a name that is wanted is asked for again.
    private void Forget()
    {
        var now = clock.GetUtcNow();
        foreach (var entry in _entries.Where(entry => entry.Value.Until < now))
            _entries.TryRemove(entry);
        foreach (var entry in _entries.Where(entry => entry.Value.Until < DateTimeOffset.MaxValue).Take(_entries.Count - most * 9 / 10))
            _entries.TryRemove(entry);
    }

    private sealed class Entry(Lazy<Task<NameAnswer>> answer)
    {
        private long _until = DateTimeOffset.MaxValue.UtcTicks;

        public Lazy<Task<NameAnswer>> Answer => answer;

        /// <summary>Of no end while the question is open.</summary>
        public DateTimeOffset Until
        {
            get => new(Interlocked.Read(ref _until), TimeSpan.Zero);
            set => Interlocked.Exchange(ref _until, value.UtcTicks);
        }
    }
}
