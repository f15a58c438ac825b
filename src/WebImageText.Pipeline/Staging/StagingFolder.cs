using System.Globalization;

namespace WebImageText.Pipeline.Staging;

/// <summary>
/// The node's verdicts that are in no shard yet, durable on its own disk: a crash costs what came after the last flush, not
/// the whole open shard. One segment is open for writing; closed ones wait for their commit.
/// </summary>
/// <remarks>Not thread-safe: one actor owns it.</remarks>
internal sealed class StagingFolder : IDisposable
{
    private readonly string _folder;
    private readonly SortedDictionary<int, IReadOnlyList<StagedVerdict>> _closed = [];
    private readonly MemoryStream _record = new();
    private List<StagedVerdict> _open = [];
    private FileStream _file;
    private int _number;
    private int _staged;

    /// <summary>Opens the folder, cuts off what a crash left half-written, and says what stands in it.</summary>
    public StagingFolder(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        Node = NodeName(_folder);
        var segments = Segments();
        _number = segments.Count > 0 ? segments[^1] : 0;
        foreach (var closed in segments.Where(number => number != _number))
            _closed[closed] = [.. Read(closed).Select(Summary)];
        _file = Reopen(_number);
        CountStaged();
    }

    /// <summary>This node's lasting name: the first half of the names of its commits.</summary>
    public string Node { get; }

    /// <summary>What the open segment holds.</summary>
    public IReadOnlyList<StagedVerdict> Open => _open;

    /// <summary>Kept pairs among them.</summary>
    public int OpenPairs { get; private set; }

    /// <summary>Bytes of the open segment.</summary>
    public long OpenBytes => _file.Position;

    /// <summary>Numbers of the closed segments, oldest first.</summary>
    public IReadOnlyList<int> Closed => [.. _closed.Keys];

    /// <summary>Verdicts in all segments. The one thing here that other threads may ask for.</summary>
    public int Staged => Volatile.Read(ref _staged);

    /// <summary>What all segments hold, but for one.</summary>
    public IEnumerable<StagedVerdict> SummariesWithout(int? segment) =>
        _closed.Where(closed => closed.Key != segment).SelectMany(closed => closed.Value).Concat(_open);

    /// <summary>The name under which the ledger knows the commit of a segment.</summary>
    public string CommitOf(int segment) => string.Create(CultureInfo.InvariantCulture, $"{Node}-{segment:d8}");

    /// <summary>Appends a verdict, whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full, or gone; what stood there before still does.</exception>
    public void Append(Verdict verdict)
    {
        _record.SetLength(0);
        Segment.Append(_record, verdict);
        var end = _file.Position;
        try
        {
            _file.Write(_record.GetBuffer().AsSpan(0, (int)_record.Length));
        }
        catch (IOException)
        {
            _file.SetLength(end);
            _file.Position = end;
            throw;
        }
        Note(verdict);
        CountStaged();
    }

    /// <summary>Makes what was appended durable.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    /// <summary>Closes the open segment for its commit and begins the next one.</summary>
    /// <returns>The number of the closed segment.</returns>
    public int Close()
    {
        Flush();
        _file.Dispose();
        _closed[_number] = _open;
        _open = [];
        OpenPairs = 0;
        _file = Reopen(++_number);
        return _number - 1;
    }

    /// <summary>Every verdict that is flushed, oldest first, the open segment's included.</summary>
    public IEnumerable<Verdict> ReadAll() => Segments().SelectMany(Read);

    /// <summary>The verdicts of a segment, images included, read from disk one by one.</summary>
    public IEnumerable<Verdict> Read(int segment)
    {
        using var file = new FileStream(PathOf(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 20);
        foreach (var verdict in Segment.Read(file))
            yield return verdict;
    }

    /// <summary>Forgets a segment whose commit is decided and visible.</summary>
    public void Delete(int segment)
    {
        File.Delete(PathOf(segment));
        _closed.Remove(segment);
        CountStaged();
    }

    public static StagedVerdict Summary(Verdict verdict) => verdict switch
    {
        Verdict.Kept { Pair: var pair } => new(pair.Uid, pair.Match?.Owner.Id.Row ?? -1, null),
        Verdict.Dropped { Rejection: var no } => new(no.Uid, -1, no.Drop.Reason),
        _ => throw new InvalidOperationException($"A verdict is kept or dropped, not {verdict.GetType().Name}."),
    };

    private FileStream Reopen(int number)
    {
        var file = new FileStream(PathOf(number), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var whole = 0L;
        foreach (var verdict in Segment.Read(new BufferedStream(file, 1 << 20), end => whole = end))
            Note(verdict);
        file.SetLength(whole);
        file.Position = whole;
        if (whole == 0)
            Segment.Begin(file);
        return file;
    }

    private void CountStaged() => Volatile.Write(ref _staged, _open.Count + _closed.Values.Sum(segment => segment.Count));

    private void Note(Verdict verdict)
    {
        _open.Add(Summary(verdict));
        OpenPairs += verdict is Verdict.Kept ? 1 : 0;
    }

    private List<int> Segments() =>
    [
        .. Directory.EnumerateFiles(_folder, "*.seg")
            .Select(path => int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture))
            .Order(),
    ];

    private string PathOf(int segment) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{segment:d8}.seg"));

    private static string NodeName(string folder)
    {
        var path = Path.Combine(folder, "node");
        if (!File.Exists(path))
            File.WriteAllText(path, Guid.NewGuid().ToString("n")[..12]);
        return File.ReadAllText(path).Trim();
    }

    public void Dispose()
    {
        _file.Dispose();
        _record.Dispose();
    }
}
