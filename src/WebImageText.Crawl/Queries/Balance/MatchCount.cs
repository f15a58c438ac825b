namespace WebImageText.Crawl.Queries.Balance;

/// <summary>How many texts each query occurs in.</summary>
public sealed class MatchCount
{
    private const int BatchSize = 2048;

    private readonly long[] _counts;

    private MatchCount(int queries) => _counts = new long[queries];

    /// <summary>Texts that were read.</summary>
    public long Texts { get; private set; }

    /// <summary>Texts in which at least one query occurs.</summary>
    public long Matched { get; private set; }

    /// <summary>Of each query the texts in which it occurs, by row.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>Matches all texts on all cores; the order of the texts is kept in the lists.</summary>
    /// <param name="matcher">Of the list.</param>
    /// <param name="texts">One a pair.</param>
    /// <param name="lists">Receives the matches of each text, or null.</param>
    /// <param name="progress">Receives the number of texts so far.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<MatchCount> RunAsync(QueryMatcher matcher, IAsyncEnumerable<string> texts, MatchLists.Writer? lists,
        Action<long> progress, CancellationToken stop)
    {
        var result = new MatchCount(matcher.QueryCount);
        var running = new Queue<Task<List<QueryId[]>>>();
        var batch = new List<string>(BatchSize);
        await foreach (var text in texts.WithCancellation(stop).ConfigureAwait(false))
        {
            result.Texts++;
            batch.Add(text);
            if (batch.Count < BatchSize)
                continue;
            Start();
            if (running.Count > Environment.ProcessorCount)
                result.Add(await running.Dequeue().ConfigureAwait(false), lists);
            progress(result.Texts);
        }
        Start();
        while (running.TryDequeue(out var left))
            result.Add(await left.ConfigureAwait(false), lists);
        return result;

        void Start()
        {
            var work = batch;
            batch = new(BatchSize);
            running.Enqueue(Task.Run(() => work.ConvertAll(text => (QueryId[])[.. matcher.Match(text)]), stop));
        }
    }

    private void Add(List<QueryId[]> matches, MatchLists.Writer? lists)
    {
        foreach (var match in matches.Where(match => match.Length > 0))
        {
            Matched++;
            foreach (var query in match)
                _counts[query.Row]++;
            lists?.Add(match);
        }
    }
}
