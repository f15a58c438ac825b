using System.Runtime.InteropServices;

namespace WebImageText.Shards.Verify;

/// <summary>Finds what stands twice among more uids than fit into memory: partitions them by their first byte, on disk past a limit.</summary>
/// <param name="inMemory">Uids kept in memory.</param>
/// <param name="scratchFolder">Where a folder for the rest is made, and removed again.</param>
internal sealed class UidIndex(int inMemory, string scratchFolder) : IDisposable
{
    private const int Partitions = 256;

    private readonly List<Entry>[] _partitions = [.. Enumerable.Range(0, Partitions).Select(_ => new List<Entry>())];
    private readonly Lock _lock = new();
    private string? _folder;
    private int _held;

    /// <summary>Where a uid stands.</summary>
    /// <param name="Uid">The uid.</param>
    /// <param name="File">Number of the file.</param>
    /// <param name="Row">Row in that file.</param>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public readonly record struct Entry(PairUid Uid, int File, int Row) : IComparable<Entry>
    {
        public int CompareTo(Entry other) =>
            Uid.CompareTo(other.Uid) is not 0 and var byUid ? byUid
            : File.CompareTo(other.File) is not 0 and var byFile ? byFile
            : Row.CompareTo(other.Row);
    }

    /// <summary>Takes in entries; thread-safe.</summary>
    public void Add(IReadOnlyCollection<Entry> entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
                _partitions[(int)(entry.Uid.Value >> 120)].Add(entry);
            _held += entries.Count;
            if (_held > inMemory)
                Spill();
        }
    }

    /// <summary>Every entry after the first of its uid, with that first one.</summary>
    public IEnumerable<(Entry First, Entry Again)> Repeated()
    {
        for (var at = 0; at < Partitions; at++)
        {
            var entries = Partition(at);
            entries.Sort();
            for (var (first, next) = (0, 1); next < entries.Count; next++)
                if (entries[next].Uid == entries[first].Uid)
                    yield return (entries[first], entries[next]);
                else
                    first = next;
        }
    }

    public void Dispose()
    {
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
        _folder = null;
    }

    private void Spill()
    {
        _folder ??= Directory.CreateDirectory(Path.Combine(scratchFolder, $"wit-uids-{Guid.NewGuid():n}")).FullName;
        for (var at = 0; at < Partitions; at++)
        {
            using var file = new FileStream(PathOf(at), FileMode.Append);
            file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_partitions[at])));
            _partitions[at] = [];
        }
        _held = 0;
    }

    private List<Entry> Partition(int at)
    {
        var entries = _partitions[at];
        if (_folder is null || !File.Exists(PathOf(at)))
            return entries;
        entries.AddRange(MemoryMarshal.Cast<byte, Entry>(File.ReadAllBytes(PathOf(at))));
        return entries;
    }

    private string PathOf(int at) => Path.Combine(_folder!, $"{at:x2}");
}
