using System.Globalization;
using WebImageText.Crawl.Archives;

namespace WebImageText.Crawl.Providers;

/// <summary>Pages that others have crawled: WARC files with the pages themselves, WAT files with what was found on them.</summary>
/// <remarks>The images are fetched from where they stand today, under what their hosts say today.</remarks>
public sealed class ArchiveProvider : IProvider
{
    /// <summary>Where Common Crawl's data is.</summary>
    public const string CommonCrawlData = "https://data.commoncrawl.org/";

    private readonly IReadOnlyList<IArchiveSource> _sources;

    private ArchiveProvider(ProviderTraits traits, IReadOnlyList<IArchiveSource> sources) => (Traits, _sources) = (traits, sources);

    /// <inheritdoc/>
    public ProviderTraits Traits { get; }

    /// <summary>WARC files on this machine.</summary>
    /// <param name="places">Files and folders.</param>
    /// <exception cref="IOException">A place does not exist, or holds no archive.</exception>
    public static ArchiveProvider Warc(IReadOnlyList<string> places)
    {
        List<string> files = [.. places.SelectMany(place => Directory.Exists(place) ? ArchiveNames.InFolder(place) : File.Exists(place) ? [place] : [])];
        if (files.Count == 0)
            throw new IOException($"'{string.Join("', '", places)}': no .warc or .warc.gz file is there.");
        return new(new("warc") { PageSize = RecordPage.Enough, Places = places }, [new ArchiveFiles((_, _) => Task.FromResult<IReadOnlyList<string>>(files), "warc")]);
    }

    /// <summary>Common Crawl, or an archive in its form.</summary>
    /// <param name="places">
    /// Each a folder of WARC and WAT files; such a file; a list of paths (local or https, gzip or not); an address of a CDX index
    /// with its <c>url=</c>; a parquet file of the columnar index, or a folder of them.
    /// </param>
    /// <param name="data">Where relative paths lead; <see cref="CommonCrawlData"/>.</param>
    /// <exception cref="IOException">A place does not exist, or holds nothing of the kind.</exception>
    public static ArchiveProvider CommonCrawl(IReadOnlyList<string> places, WebAddress data) => new(
        new("commoncrawl")
        {
            PageSize = RecordPage.Enough,
            Places = places,
            Limits = [new(1, TimeSpan.FromSeconds(1))],
            Terms = "https://commoncrawl.org/terms-of-use",
        },
        [.. places.Select(place => SourceOf(place, data))]);

    private static IArchiveSource SourceOf(string place, WebAddress data)
    {
        const string name = "commoncrawl";
        if (WebAddress.TryParse(place, null, out var address) && address.IsWeb)
        {
            return address.Query?.Contains("url=", StringComparison.Ordinal) == true ? new CdxIndex(address, data, name)
                : ArchiveNames.IsArchive(address.Path) ? Files(address.Href)
                : new ArchiveFiles((fetch, stop) => ArchiveNames.OfListAsync(place, data, fetch, stop), name);
        }
        if (Directory.Exists(place))
        {
            var archives = ArchiveNames.InFolder(place);
            string[] tables = [.. Directory.EnumerateFiles(place, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            return archives.Count > 0 ? Files([.. archives])
                : tables.Length > 0 ? new ColumnarIndex(tables, data, name)
                : throw new IOException($"The folder '{place}' holds no .warc, .warc.gz, .wat.gz or .parquet file.");
        }
        if (!File.Exists(place))
            throw new IOException($"'{place}' does not exist.");
        return place.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? new ColumnarIndex([place], data, name)
            : ArchiveNames.IsArchive(place) ? Files(place)
            : new ArchiveFiles((fetch, stop) => ArchiveNames.OfListAsync(place, data, fetch, stop), name);

        static ArchiveFiles Files(params IReadOnlyList<string> files) => new((_, _) => Task.FromResult(files), name);
    }

    /// <inheritdoc/>
    public async Task<ProviderPage> FindAsync(Query? query, string? cursor, ProviderFetch fetch, CancellationToken stop)
    {
        var (number, position) = cursor?.Split(' ', 2) is [var first, var rest]
            ? (int.Parse(first, CultureInfo.InvariantCulture), rest.Length > 0 ? rest : null)
            : (0, null);
        if (number >= _sources.Count)
            return new([], null);
        try
        {
            var page = await _sources[number].FindAsync(position, fetch, stop).ConfigureAwait(false);
            var (source, next) = page.Next is { } more ? (number, more) : (number + 1, "");
            return page with { Next = source < _sources.Count ? string.Create(CultureInfo.InvariantCulture, $"{source} {next}") : null };
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return ProviderPage.Failed(broken.Message);
        }
    }
}
