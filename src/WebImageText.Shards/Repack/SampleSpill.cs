using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Tar;

namespace WebImageText.Shards.Repack;

/// <summary>
/// Samples on their way to shards of another order, in files of a scratch folder: one a shard, written in any order and read in that
/// of the places. Memory holds the places of one shard.
/// </summary>
internal sealed class SampleSpill : IDisposable
{
    private const int MostOpen = 500;
    private const int HeadBytes = 16;

    private readonly string _folder;
    private readonly Dictionary<int, FileStream> _open = [];

    /// <param name="scratch">Where a folder of its own is made; it goes with this.</param>
    public SampleSpill(string scratch)
    {
        _folder = Path.Combine(scratch, $"wit-repack-{Guid.NewGuid():n}");
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Keeps a sample for a shard.</summary>
    /// <param name="shard">The shard's number.</param>
    /// <param name="place">Its row there.</param>
    /// <param name="row">Its fields.</param>
    /// <param name="sample">Image and JSON.</param>
    /// <param name="stop">Gives up.</param>
    public async Task AddAsync(int shard, int place, PairRow row, Sample sample, CancellationToken stop)
    {
        var (fields, json, image) = (JsonSerializer.SerializeToUtf8Bytes(row), sample.Json ?? default, sample.Image ?? default);
        var head = new byte[HeadBytes];
        foreach (var (at, number) in new[] { place, fields.Length, json.Length, image.Length }.Index())
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(at * 4), number);
        var file = Open(shard);
        await file.WriteAsync(head, stop);
        await file.WriteAsync(fields, stop);
        await file.WriteAsync(json, stop);
        await file.WriteAsync(image, stop);
    }

    /// <summary>The samples of a shard in the order of their places; its file is gone after that.</summary>
    public async IAsyncEnumerable<(PairRow Row, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Image)> ReadAsync(
        int shard, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        if (_open.Remove(shard, out var written))
            await written.DisposeAsync();
        await using (var file = new FileStream(PathOf(shard), FileMode.Open, FileAccess.Read))
        {
            foreach (var (_, at) in (await IndexAsync(file, stop)).OrderBy(entry => entry.Place))
            {
                file.Position = at;
                var (_, row, json, image) = await HeadAsync(file, stop) ?? throw new EndOfStreamException(PathOf(shard));
                var bytes = new byte[row + json + image];
                await file.ReadExactlyAsync(bytes, stop);
                yield return (JsonSerializer.Deserialize<PairRow>(bytes.AsSpan(0, row))!, bytes.AsMemory(row, json), bytes.AsMemory(row + json));
            }
        }
        File.Delete(PathOf(shard));
    }

    public void Dispose()
    {
        foreach (var file in _open.Values)
            file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<List<(int Place, long At)>> IndexAsync(FileStream file, CancellationToken stop)
    {
        var index = new List<(int, long)>();
        for (var at = 0L; await HeadAsync(file, stop) is { } head; file.Position = at)
        {
            index.Add((head.Place, at));
            at += HeadBytes + (long)head.Row + head.Json + head.Image;
        }
        return index;
    }

    private static async Task<(int Place, int Row, int Json, int Image)?> HeadAsync(FileStream file, CancellationToken stop)
    {
        var head = new byte[HeadBytes];
        return await file.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, stop) == HeadBytes ? (Number(0), Number(1), Number(2), Number(3)) : null;

        int Number(int at) => BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(at * 4));
    }

    // A process may hold about a thousand files open: of more shards, the first ones wait closed.
    private FileStream Open(int shard)
    {
        if (_open.TryGetValue(shard, out var open))
            return open;
        if (_open.Count >= MostOpen)
        {
            foreach (var file in _open.Values)
                file.Dispose();
            _open.Clear();
        }
        return _open[shard] = new(PathOf(shard), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
    }

    private string PathOf(int shard) => Path.Combine(_folder, shard.ToString(CultureInfo.InvariantCulture));
}
