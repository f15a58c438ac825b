using System.Text;
using WebImageText.Crawl.Queries;

namespace WebImageText.Cli.Bench.Match;

/// <summary>A list of queries and texts to find them in; the same inputs give the same ones.</summary>
internal static class MatchInput
{
    // A query with one of these may span what ends a phrase, which the peer's normal form cannot say.
    private static readonly System.Buffers.SearchValues<char> Hard = System.Buffers.SearchValues.Create(",;:!?()[]{}|\u2014\u2015");

    /// <summary>
    /// WordNet's lemmas, then all words and pairs of neighbours of the dump by count and mutual information, then pairs of
    /// lemmas by chance, to the number.
    /// </summary>
    /// <param name="wordNet">Folder of WordNet's files.</param>
    /// <param name="wikipedia">A dump, or null.</param>
    /// <param name="count">How many.</param>
    /// <param name="work">A folder for counts.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<QueryList> QueriesAsync(string wordNet, string? wikipedia, int count, string work, CancellationToken stop)
    {
        var built = await QueryListBuilder.BuildAsync(new()
        {
            Wikipedia = wikipedia is null ? [] : [wikipedia],
            WordNet = wordNet,
            MinCount = 1,
            MinPmi = double.MinValue,
            Limit = int.MaxValue,
            WorkFolder = work,
        }, _ => { }, stop);
        var queries = built.Rows.Select(row => row.Query).Where(query => query.AsSpan().IndexOfAny(Hard) < 0).Take(count).ToList();
        var lemmas = queries.Where(query => !query.Contains(' ', StringComparison.Ordinal) && query.Length > 2).ToArray();
        var known = queries.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var random = new Random(1);
        while (queries.Count < count)
        {
            var pair = $"{lemmas[random.Next(lemmas.Length)]} {lemmas[random.Next(lemmas.Length)]}";
            if (known.Add(pair))
                queries.Add(pair);
        }
        return QueryList.Of(queries);
    }

    /// <summary>WordNet's glosses in an order by chance, again and again to the number of bytes.</summary>
    /// <param name="wordNet">Folder of WordNet's files.</param>
    /// <param name="bytes">UTF-8 bytes, a line feed after each text included.</param>
    public static List<string> Texts(string wordNet, long bytes)
    {
        string[] glosses = [.. ((string[])["noun", "verb", "adj", "adv"]).SelectMany(part => File.ReadLines(Path.Combine(wordNet, $"data.{part}"), Encoding.Latin1))
            .Where(line => line[0] != ' ' && line.Contains('|', StringComparison.Ordinal)).Select(line => line[(line.IndexOf('|', StringComparison.Ordinal) + 1)..].Trim())];
        var random = new Random(2);
        List<string> texts = [];
        for (var left = bytes; left > 0;)
        {
            random.Shuffle(glosses);
            foreach (var gloss in glosses)
            {
                texts.Add(gloss);
                left -= Encoding.UTF8.GetByteCount(gloss) + 1;
                if (left <= 0)
                    break;
            }
        }
        return texts;
    }
}
