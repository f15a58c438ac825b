using WebImageText.Crawl.Providers;

namespace WebImageText.Crawl.Archives;

/// <summary>A part of what an archive provider reads; each has its own kind of position.</summary>
internal interface IArchiveSource
{
    /// <summary>The next candidates.</summary>
    /// <param name="position">From the page before; null for the start.</param>
    /// <param name="fetch">The way to the web.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">A file or a server does not answer as it should.</exception>
    /// <exception cref="InvalidDataException">What is read is damaged.</exception>
    Task<ProviderPage> FindAsync(string? position, ProviderFetch fetch, CancellationToken stop);
}

/// <summary>Gathers the candidates of records until there are enough for a page. Not thread-safe.</summary>
internal sealed class RecordPage(string provider)
{
    /// <summary>Candidates after which a page ends; the last record may bring more.</summary>
    public const int Enough = 1_000;

    private const int MostRecords = 2_000;

    private readonly List<Candidate> _candidates = [];
    private readonly Dictionary<string, int> _skipped = [];
    private readonly List<string> _notes = [];
    private int _records;

    public bool IsFull => _candidates.Count >= Enough || _records >= MostRecords;

    public void Skip(string reason) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;

    /// <summary>Counts what is lost, and says in the log where.</summary>
    public void Skip(string reason, string note)
    {
        Skip(reason);
        _notes.Add(note);
    }

    /// <summary>Takes the images of a record, of a WARC or a WAT file; one that cannot be read is counted.</summary>
    public void Add(WarcRecord record, CancellationToken stop)
    {
        _records++;
        if (!record.IsWhole && record.Type is ("response" or "resource" or "metadata"))
        {
            Skip("record too large");
            return;
        }
        try
        {
            var images = ArchivedPage.Read(record, provider, stop) ?? WatPage.Read(record, provider);
            if (images is not null)
                _candidates.AddRange(images);
        }
        catch (System.Text.Json.JsonException)
        {
            Skip("record unreadable");
        }
    }

    public ProviderPage ToPage(string? next, string? fault = null) => new(_candidates, next, fault) { Skipped = _skipped, Notes = _notes };
}
