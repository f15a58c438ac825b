using System.Globalization;
using System.Text;
using WebImageText.Crawl.Queries.Counting;
using WebImageText.Crawl.Queries.Wikipedia;

namespace WebImageText.Crawl.Queries;

/// <summary>Makes the query list of the CLIP paper: frequent words, pairs that belong together, read articles, WordNet.</summary>
/// <remarks>
/// Radford et al. 2021, section 2.2 (arXiv:2103.00020). Where a limit cuts, words come first (by count), then what only
/// WordNet has (by letter), then pairs (by mutual information) and titles (by views) in turn. The same inputs give the same
/// list, byte for byte.
/// </remarks>
public sealed class QueryListBuilder
{
    private readonly QueryListSettings _settings;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Facts> _explained;
    private readonly HashSet<string> _blocked;

    private QueryListBuilder(QueryListSettings settings)
    {
        _settings = settings;
        _explained = settings.Explain.Select(QueryFold.Of).Distinct().ToDictionary(folded => folded, _ => new Facts(), StringComparer.Ordinal);
        _blocked = settings.BlockList is { } path ? ReadBlocked(path) : [];
    }

    /// <summary>Counts, and makes the list.</summary>
    /// <exception cref="InvalidDataException">An input is not what it should be, or is cut.</exception>
    public static async Task<QueryListResult> BuildAsync(QueryListSettings settings, Action<QueryListProgress> progress, CancellationToken stop)
    {
        var builder = new QueryListBuilder(settings);
        if (settings.Wikipedia.Count == 0)
            return builder.Finish(default, 0);
        var counts = new QueryCounts(settings, progress);
        await counts.CountAsync(stop).ConfigureAwait(false);
        progress(new(0, 0, "adding up"));
        await Task.Run(() => builder.AddCounts(counts, stop), stop).ConfigureAwait(false);
        return builder.Finish(counts.Totals, counts.UnreadableViews);
    }

    // Comments and empty lines are no harm here: they block nothing.
    private static HashSet<string> ReadBlocked(string path)
    {
        using var file = File.OpenRead(path);
        var lines = new LineReader(file, QueryList.MaxLength * 8);
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 1; lines.TryRead(out var line, out var whole); number++)
        {
            if (!whole || !System.Text.Unicode.Utf8.IsValid(line))
                throw new InvalidDataException($"Block list '{path}', line {number}: {(whole ? "this is not valid UTF-8" : "this is too long for a query")}. Write one query a line.");
            blocked.Add(QueryFold.Of(Encoding.UTF8.GetString(line)));
        }
        return blocked;
    }

    /// <summary>All that is known of a query.</summary>
    private sealed class Entry
    {
        public string? Word, Pair, Lemma, Title; // as written
        public ulong Count;
        public double? Pmi;
        public double? Views;

        public string Written => Word ?? Pair ?? Lemma ?? Title!;

        public string Sources => string.Join(',', Named().Where(source => source.Written is not null).Select(source => source.Name));

        private (string? Written, string Name)[] Named() =>
            [(Word, "wiki_word"), (Pair, "wiki_pair"), (Title, "wiki_title"), (Lemma, "wordnet")];
    }

    /// <summary>What is said of a query that <see cref="QueryListSettings.Explain"/> names.</summary>
    private sealed class Facts
    {
        public ulong WordCount, PairCount;
        public double? Pmi;
        public double? Views;
        public bool IsTitle, IsLemma;
    }

    private void AddCounts(QueryCounts counts, CancellationToken stop)
    {
        var parts = _explained.Keys.Concat(_explained.Keys.SelectMany(folded => folded.Split(' '))).ToHashSet(StringComparer.Ordinal);
        var least = (ulong)_settings.MinCount;
        var words = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var word in TermMerge.Merge(counts.Runs("words"), QueryFold.Of, least, parts))
        {
            words[word.Folded] = word.Count;
            if (_explained.TryGetValue(word.Folded, out var facts))
                facts.WordCount = word.Count;
            if (word.Count >= least)
                (EntryOf(word.Folded).Word, EntryOf(word.Folded).Count) = (word.Written, word.Count);
        }
        stop.ThrowIfCancellationRequested();
        foreach (var pair in TermMerge.Merge(counts.Runs("pairs"), QueryFold.Of, least, parts))
        {
            var pmi = PmiOf(pair, words, counts.Totals);
            if (_explained.TryGetValue(pair.Folded, out var facts))
                (facts.PairCount, facts.Pmi) = (pair.Count, pmi);
            if (pair.Count >= least && pmi >= _settings.MinPmi)
                (EntryOf(pair.Folded).Pair, EntryOf(pair.Folded).Count, EntryOf(pair.Folded).Pmi) = (pair.Written, pair.Count, pmi);
        }
        stop.ThrowIfCancellationRequested();
        AddTitles(counts);
    }

    /// <summary>How much more often two words stand together than they would by chance: log2 p(xy) / p(x) p(y).</summary>
    private static double PmiOf(Term pair, Dictionary<string, ulong> words, PageTotals totals)
    {
        var space = pair.Folded.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !words.TryGetValue(pair.Folded[..space], out var first) || !words.TryGetValue(pair.Folded[(space + 1)..], out var second))
            return double.NegativeInfinity;
        var together = (double)pair.Count / totals.Pairs;
        return Math.Log2(together / ((double)first / totals.Words) / ((double)second / totals.Words));
    }

    /// <summary>Titles of articles with their views: both come in the order of their hashes.</summary>
    private void AddTitles(QueryCounts counts)
    {
        if (_settings.PageViews.Count == 0)
            return;
        var days = _settings.PageViews.Select(PageViews.DayOf).Distinct().Count();
        var none = new HashSet<string>();
        using var views = TermMerge.Merge(counts.Runs("views"), title => title, 1, none).GetEnumerator();
        var more = views.MoveNext();
        foreach (var title in TermMerge.Merge(counts.Runs("titles"), title => title, 1, none))
        {
            while (more && Before(views.Current, title))
                more = views.MoveNext();
            var mean = more && views.Current.Folded == title.Folded ? (double)views.Current.Count / days : 0;
            var written = WithoutQualifier(title.Written);
            var folded = QueryFold.Of(written);
            if (_explained.TryGetValue(folded, out var facts))
                (facts.IsTitle, facts.Views) = (true, (facts.Views ?? 0) + mean);
            if (mean < _settings.MinViews)
                continue;
            var entry = EntryOf(folded);
            entry.Title = entry.Title is { } other && string.CompareOrdinal(other, written) < 0 ? other : written;
            entry.Views = (entry.Views ?? 0) + mean;
        }
    }

    private static bool Before(Term a, Term b) => a.Hash != b.Hash ? a.Hash < b.Hash : string.CompareOrdinal(a.Folded, b.Folded) < 0;

    // "Mercury (planet)" is how an encyclopedia tells its articles apart, not how anyone writes.
    private static string WithoutQualifier(string title) =>
        title.EndsWith(')') && title.LastIndexOf(" (", StringComparison.Ordinal) is > 0 and var at ? title[..at] : title;

    private Entry EntryOf(string folded)
    {
        if (!_entries.TryGetValue(folded, out var entry))
            _entries[folded] = entry = new();
        return entry;
    }

    private QueryListResult Finish(PageTotals totals, long unreadableViews)
    {
        if (_settings.WordNet is { } folder)
        {
            foreach (var lemma in WordNetFiles.Lemmas(folder))
            {
                var folded = QueryFold.Of(lemma);
                EntryOf(folded).Lemma ??= lemma;
                if (_explained.TryGetValue(folded, out var facts))
                    facts.IsLemma = true;
            }
        }
        var ranked = Rank();
        var kept = ranked.Where(item => !_blocked.Contains(item.Folded)).ToList();
        var rows = kept.Take(_settings.Limit).Select(item => new QueryRow(item.Entry.Written.Normalize(), item.Entry.Sources, (long)item.Entry.Count,
            item.Entry.Pmi, item.Entry.Views)).ToList();
        if (rows.Count == 0)
            throw new InvalidDataException("Nothing is left to put into the list: lower the thresholds, or give more inputs.");
        var rank = kept.Select((item, at) => (item.Folded, Rank: at + 1)).Where(item => _explained.ContainsKey(item.Folded))
            .ToDictionary(item => item.Folded, item => item.Rank);
        return new(rows, totals.Articles, totals.Words, totals.Unreadable, unreadableViews, Math.Max(0, kept.Count - rows.Count), ranked.Count - kept.Count,
            [.. _settings.Explain.Select(query => Explain(query, rank.TryGetValue(QueryFold.Of(query), out var at) ? at : null))]);
    }

    private List<(string Folded, Entry Entry)> Rank()
    {
        var all = _entries.Where(entry => IsUsable(entry.Key, entry.Value)).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (Folded: entry.Key, Entry: entry.Value)).ToList();
        var rest = all.Where(item => item.Entry is { Word: null, Lemma: null }).ToList();
        var pairs = rest.Where(item => item.Entry.Pair is not null).OrderByDescending(item => item.Entry.Pmi).Select((item, at) => (item, at, 0));
        var titles = rest.Where(item => item.Entry.Pair is null).OrderByDescending(item => item.Entry.Views).Select((item, at) => (item, at, 1));
        return [
            .. all.Where(item => item.Entry.Word is not null).OrderByDescending(item => item.Entry.Count),
            .. all.Where(item => item.Entry is { Word: null, Lemma: not null }),
            .. pairs.Concat(titles).OrderBy(turn => turn.at).ThenBy(turn => turn.Item3).Select(turn => turn.item),
        ];
    }

    private static bool IsUsable(string folded, Entry entry) => entry.Written.Length <= QueryList.MaxLength && entry.Written.IndexOfAny(['\t', '\n', '\r']) < 0
        && folded.EnumerateRunes().Any(rune => Folding.KindOf(rune) is CharKind.Word or CharKind.Unspaced);

    private string Explain(string query, int? rank)
    {
        var folded = QueryFold.Of(query);
        var facts = _explained[folded];
        var text = new StringBuilder($"'{query}': ");
        text.Append(
            _blocked.Contains(folded) ? "out, it is on the block list." :
            rank > _settings.Limit ? $"out, it has rank {rank} and the limit is {_settings.Limit}." :
            rank is not null ? $"in, at rank {rank}, as {_entries[folded].Sources.Replace(",", ", ", StringComparison.Ordinal)}." :
            facts is { WordCount: 0, PairCount: 0, IsTitle: false } ? "out, no source has it." : "out, it is below every threshold.");
        text.Append(CultureInfo.InvariantCulture, $" Word: {facts.WordCount} times (least {_settings.MinCount}).");
        if (folded.Contains(' ', StringComparison.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $" Pair: {facts.PairCount} times (least {_settings.MinCount})");
            text.Append(facts.PairCount > 0 ? string.Create(CultureInfo.InvariantCulture, $", mutual information {facts.Pmi:F2} bits (least {_settings.MinPmi}).") : ".");
        }
        text.Append(facts.IsTitle ? string.Create(CultureInfo.InvariantCulture, $" Article: {facts.Views:F1} views a day (least {_settings.MinViews}).") : " Article: none, or no page views given.");
        text.Append(_settings.WordNet is null ? " WordNet: not given." : facts.IsLemma ? " WordNet: a lemma." : " WordNet: no lemma.");
        return text.ToString();
    }
}
