using System.Text;
using WebImageText.Crawl.Queries;

namespace WebImageText.Tests.Queries;

public class QueryListStatsTests
{
    [Fact]
    public void It_measures_lengths_words_sources_and_what_is_ambiguous()
    {
        var list = QueryList.Read(new MemoryStream(Encoding.UTF8.GetBytes(
            "the\twiki_word\ndog\twiki_word,wordnet\nDog\twordnet\n1984\nx\t\n...\nhot dog stand\twordnet\n東京\n")), "q.tsv");

        var stats = QueryListStats.Of(list);

        Assert.Equal(8, stats.Queries);
        Assert.Equal((1, 3, 13), stats.Lengths);
        Assert.Equal([(0, 1), (1, 5), (2, 1), (3, 1)], stats.ByWords.Select(row => (row.Key, row.Value)));
        Assert.Equal([("wiki_word", 2), ("wordnet", 3)], stats.BySource.Select(row => (row.Key, row.Value)));
        Assert.Equal([("(none)", 4), ("wiki_word", 1), ("wiki_word,wordnet", 1), ("wordnet", 2)], stats.BySources.Select(row => (row.Key, row.Value)));
        Assert.Equal(["stop_word: the", "numeral: 1984", "one_letter: x", "never_matches: ...", "same_when_folded: Dog"],
            stats.Ambiguity.Select(row => $"{row.Key}: {string.Join(' ', row.Value.Examples)}"));
    }
}
