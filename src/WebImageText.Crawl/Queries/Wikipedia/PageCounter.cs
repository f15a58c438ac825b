using System.Text;
using WebImageText.Crawl.Queries.Counting;

namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>How much was counted.</summary>
internal readonly record struct PageTotals(long Articles, long Words, long Pairs, long Unreadable)
{
    public static PageTotals operator +(PageTotals a, PageTotals b) =>
        new(a.Articles + b.Articles, a.Words + b.Words, a.Pairs + b.Pairs, a.Unreadable + b.Unreadable);
}

/// <summary>Counts words, pairs of neighbours and titles of articles. Not for several threads: each has its own.</summary>
internal sealed class PageCounter
{
    private readonly TermCounter _words;
    private readonly TermCounter _pairs;
    private readonly TermCounter _titles;
    private WikiText _wiki;
    private DumpSite? _site;

    // The word before and this one, as written and folded, in UTF-8: "before this".
    private readonly byte[] _written = new byte[512];
    private readonly byte[] _folded = new byte[8192]; // one character can fold to 33 bytes

    /// <param name="memory">Bytes for all tables.</param>
    /// <param name="nextRun">Names a new file for a run of "words", "pairs" or "titles".</param>
    public PageCounter(long memory, Func<string, string> nextRun)
    {
        _words = new(memory / 8 * 2, () => nextRun("words"));
        _pairs = new(memory / 8 * 5, () => nextRun("pairs"));
        _titles = new(memory / 8, () => nextRun("titles"));
        _wiki = new(new HashSet<string>());
    }

    public PageTotals Totals { get; private set; }

    public void Add(PageBatch batch, DumpSite site)
    {
        if (_site != site)
            _wiki = new((_site = site).HiddenPrefixes);
        foreach (var (from, length) in batch.Pages)
        {
            try
            {
                var page = DumpPage.Read(batch.Bytes, from, length);
                if (page.IsArticle)
                    Add(page);
            }
            catch (System.Xml.XmlException)
            {
                Totals += new PageTotals(0, 0, 0, Unreadable: 1); // a dump's own dirt, counted
            }
        }
    }

    public void Spill()
    {
        _words.Spill();
        _pairs.Spill();
        _titles.Spill();
        Totals = default;
    }

    private void Add(DumpPage page)
    {
        AddTitle(page.Title);
        var markup = page.Markup.IsNormalized() ? page.Markup : page.Markup.Normalize();
        var words = 0L;
        var pairs = 0L;
        var scanner = new WordScanner(_wiki.ToPlain(markup));
        var (written, folded) = (0, 0); // lengths of the word before
        while (scanner.Next())
        {
            words++;
            // "before " is there already; this word goes behind it
            var (start, foldedStart) = (written + 1, folded + 1);
            _written[written] = _folded[folded] = (byte)' ';
            var (end, foldedEnd) = Append(scanner.Word, scanner.IsAscii, start, foldedStart);
            _words.Add(TermCounter.HashOf(_folded.AsSpan(foldedStart..foldedEnd)), _written.AsSpan(start..end));
            if (scanner.FollowsWord && written > 0)
            {
                pairs++;
                _pairs.Add(TermCounter.HashOf(_folded.AsSpan(..foldedEnd)), _written.AsSpan(..end));
            }
            _written.AsSpan(start..end).CopyTo(_written);
            _folded.AsSpan(foldedStart..foldedEnd).CopyTo(_folded);
            (written, folded) = (end - start, foldedEnd - foldedStart);
        }
        Totals += new PageTotals(1, words, pairs, 0);
    }

    private (int Written, int Folded) Append(ReadOnlySpan<char> word, bool isAscii, int at, int foldedAt)
    {
        if (isAscii)
        {
            foreach (var c in word)
            {
                _written[at++] = (byte)c;
                _folded[foldedAt++] = (byte)char.ToLowerInvariant(c);
            }
            return (at, foldedAt);
        }
        at += Encoding.UTF8.GetBytes(word, _written.AsSpan(at));
        foldedAt += Encoding.UTF8.GetBytes(QueryFold.Of(word.ToString()), _folded.AsSpan(foldedAt));
        return (at, foldedAt);
    }

    private void AddTitle(string title)
    {
        Span<byte> bytes = stackalloc byte[TermCounter.MaxTermBytes];
        if (title.Length > 0 && Encoding.UTF8.TryGetBytes(title, bytes, out var length))
            _titles.Add(TermCounter.HashOf(bytes[..length]), bytes[..length]);
    }
}
