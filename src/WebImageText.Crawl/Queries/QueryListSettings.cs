namespace WebImageText.Crawl.Queries;

/// <summary>Where a query list comes from and what gets into it.</summary>
public sealed record QueryListSettings
{
    /// <summary>Dumps of a Wikipedia (pages-articles XML; plain, .bz2, .gz or .zst), read in this order.</summary>
    public IReadOnlyList<string> Wikipedia { get; init; } = [];

    /// <summary>Files of page views, hourly or daily; of several days the mean is taken.</summary>
    public IReadOnlyList<string> PageViews { get; init; } = [];

    /// <summary>Folder of WordNet's database files, or null.</summary>
    public string? WordNet { get; init; }

    /// <summary>Queries, one a line, that never get in; or null.</summary>
    public string? BlockList { get; init; }

    /// <summary>Language of the wiki, as page views name it. Default "en".</summary>
    public string Language { get; init; } = "en";

    /// <summary>Queries, at most. Default 500,000 (Radford et al. 2021, section 2.2).</summary>
    public int Limit { get; init; } = 500_000;

    /// <summary>Least occurrences of a word, and of a pair of words. Default 100 (Radford et al. 2021, section 2.2).</summary>
    public int MinCount { get; init; } = 100;

    /// <summary>Least pointwise mutual information of a pair, in bits. Default 10.</summary>
    /// <remarks>log2 of how much more often the two stand together than by chance. The 30 that others use cannot be reached so: a
    /// pair that occurs 100 times in 4.5 billion words has 25.4 bits at most.</remarks>
    public double MinPmi { get; init; } = 10;

    /// <summary>Least views of an article a day. Default 70.</summary>
    public double MinViews { get; init; } = 70;

    /// <summary>Memory for counting, in bytes. Default 4 GiB.</summary>
    public long Memory { get; init; } = 4L << 30;

    /// <summary>Queries whose fate is explained.</summary>
    public IReadOnlyList<string> Explain { get; init; } = [];

    /// <summary>Folder for the counts, several GB for a whole Wikipedia; a later run with the same inputs goes on from what it finds.</summary>
    public required string WorkFolder { get; init; }
}

/// <summary>How far a build is.</summary>
/// <param name="Done">Bytes of the input files read.</param>
/// <param name="Total">Bytes of all input files.</param>
/// <param name="Text">What is being done.</param>
public readonly record struct QueryListProgress(long Done, long Total, string Text);

/// <summary>A query and what speaks for it.</summary>
/// <param name="Query">As it is written most often, Unicode NFC.</param>
/// <param name="Sources">Of <c>wiki_word wiki_pair wiki_title wordnet</c>, comma-separated.</param>
/// <param name="Count">Occurrences in the dump, of a word or pair; 0 otherwise.</param>
/// <param name="Pmi">Of a pair, in bits; otherwise null.</param>
/// <param name="Views">Of an article, a day; otherwise null.</param>
public sealed record QueryRow(string Query, string Sources, long Count, double? Pmi, double? Views);

/// <summary>A list, and how it came about.</summary>
/// <param name="Rows">By rank.</param>
/// <param name="Articles">Articles read.</param>
/// <param name="Words">Words counted.</param>
/// <param name="UnreadablePages">Pages of the dumps that are not well-formed, passed over.</param>
/// <param name="UnreadableViews">Lines of page views that could not be read, passed over.</param>
/// <param name="OverLimit">Queries that would have been in, but for the limit.</param>
/// <param name="Blocked">Queries that the block list kept out.</param>
/// <param name="Explanations">One for each query of <see cref="QueryListSettings.Explain"/>.</param>
public sealed record QueryListResult(IReadOnlyList<QueryRow> Rows, long Articles, long Words, long UnreadablePages, long UnreadableViews,
    int OverLimit, int Blocked, IReadOnlyList<string> Explanations);
