using TorchSharp;
using WebImageText.Curate.Dedup.Search;
using static TorchSharp.torch;

namespace WebImageText.Learn.Search;

/// <summary>
/// Every query row against every reference row: scores live only as long as it takes to find the best of each block of references,
/// in a kernel of our own or, tile by tile, with libtorch's operations; and only the winning blocks are looked at again.
/// </summary>
/// <remarks>
/// 16-bit floats on CUDA decide which block and row win, so a row may win that is up to 0.002 less alike than the best; its
/// score is then computed in 32 bits. The references stay on the device; queries pass through it.
/// </remarks>
public sealed class TorchSearch : IDisposable
{
    /// <summary>References that share one maximum: small enough to look through again, large enough to be few.</summary>
    private const int BlockRows = MaximaKernel.BlockRows;

    private readonly Tensor _references; // [blocks x BlockRows, d]; every range begins a block, its last row fills its last block
    private readonly long[] _rowOf;      // first reference row of a block, within its range's numbering of the caller
    private readonly long[] _endOf;      // the range's end, for the rows that only fill
    private readonly int[] _firstBlock;  // of each range, and one past the last
    private readonly ScalarType _type;
    private MaximaKernel? _kernel;
    private WinnerKernel? _winners;

    /// <summary>Puts references on a device.</summary>
    /// <param name="references">Rows to look among.</param>
    /// <param name="ranges">Parts that each have a winner of their own; none may be empty.</param>
    /// <param name="device"><c>cpu</c> or a CUDA device.</param>
    public TorchSearch(DescriptorRows references, IReadOnlyList<RowRange> ranges, Device device) : this(Upload(references, device), ranges) { }

    /// <summary>Takes references that are on a device already.</summary>
    /// <param name="references">float [n, d], rows of length 1; not kept.</param>
    /// <param name="ranges">Parts that each have a winner of their own; none may be empty.</param>
    internal TorchSearch(Tensor references, IReadOnlyList<RowRange> ranges)
    {
        using var scope = NewDisposeScope();
        _type = references.device_type == DeviceType.CUDA ? ScalarType.Float16 : ScalarType.Float32;
        Dimension = (int)references.shape[1];
        var (rows, ends, firsts, order) = (new List<long>(), new List<long>(), new List<int>(), new List<Tensor>());
        foreach (var range in ranges)
        {
            if (range.Count < 1)
                throw new ArgumentException("A range without rows has no nearest row: leave it out.", nameof(ranges));
            firsts.Add(rows.Count);
            var end = range.First + range.Count;
            for (var first = range.First; first < end; first += BlockRows)
            {
                rows.Add(first);
                ends.Add(end);
            }
            order.Add(arange(range.First, range.First + (rows.Count - firsts[^1]) * (long)BlockRows, ScalarType.Int64, references.device).clamp_max(end - 1));
        }
        (_rowOf, _endOf, _firstBlock) = ([.. rows], [.. ends], [.. firsts, rows.Count]);
        _references = references.to(_type).index_select(0, cat(order, 0)).DetachFromDisposeScope();
        (_kernel, SlowerBecause) = MaximaKernel.Best(_references);
        _winners = WinnerKernel.Find(_references);
    }

    /// <summary>Numbers in a row.</summary>
    public int Dimension { get; }

    /// <summary>Query rows that are taken at a time: their maxima over every block are held.</summary>
    internal int QueryRows { get; init; } = 1 << 18;

    /// <summary>How the maxima of blocks are computed: the fastest way that is possible.</summary>
    /// <exception cref="InvalidOperationException">A way is asked for that is not possible.</exception>
    internal MaximaWay Way
    {
        get => _kernel?.Way ?? MaximaWay.Libtorch;
        set
        {
            var (kernel, fault) = value == MaximaWay.Libtorch ? (null, null) : MaximaKernel.Find(value, _references);
            _kernel = fault is null ? kernel : throw new InvalidOperationException(fault);
            _winners = kernel is null ? null : WinnerKernel.Find(_references);
        }
    }

    /// <summary>A way is possible for these references.</summary>
    internal bool Takes(MaximaWay way) => way == MaximaWay.Libtorch || MaximaKernel.Find(way, _references).Kernel is not null;

    /// <summary>What is the matter with faster ways; empty if there are none.</summary>
    internal string SlowerBecause { get; }

    /// <summary>Shape of one tile of scores, where libtorch computes them.</summary>
    internal ScoreTile Tile { get; set; } = new(16_384, 16_384, false);

    /// <inheritdoc cref="ExactSearch.Nearest" path="/summary"/>
    /// <param name="queries">Rows to look up.</param>
    /// <param name="progress">Told how many queries are done.</param>
    /// <param name="stop">Stops between two parts of the queries.</param>
    /// <returns>For query q and range r the entry q x ranges + r.</returns>
    public Neighbour[] Nearest(DescriptorRows queries, Action<long>? progress = null, CancellationToken stop = default)
    {
        var ranges = _firstBlock.Length - 1;
        var found = new Neighbour[checked(queries.Count * ranges)];
        var part = QueryRows;
        var rows = new float[(int)Math.Min(part, queries.Count) * queries.Dimension];
        for (var first = 0L; first < queries.Count; first += part)
        {
            stop.ThrowIfCancellationRequested();
            var count = (int)Math.Min(part, queries.Count - first);
            queries.Read(first, rows.AsSpan(0, count * queries.Dimension));
            using var scope = NewDisposeScope();
            var (row, score) = Nearest(tensor(rows.AsSpan(0, count * queries.Dimension).ToArray(), [count, queries.Dimension]).to(_references.device));
            var (winners, scores) = (row.cpu().data<long>().ToArray(), score.cpu().data<float>().ToArray());
            for (var at = 0; at < winners.Length; at++)
                found[first * ranges + at] = new(winners[at], scores[at]);
            progress?.Invoke(first + count);
        }
        return found;
    }

    /// <summary>The nearest row of each range for queries that are on the device.</summary>
    /// <param name="queries">float32 [q, d], q at most <see cref="QueryRows"/>.</param>
    /// <returns>int64 and float32 [q, ranges]; they belong to the caller's scope.</returns>
    internal (Tensor Row, Tensor Score) Nearest(Tensor queries)
    {
        using var scope = NewDisposeScope();
        var narrow = queries.to(_type).contiguous();
        var best = BlockMaxima(narrow);
        var (rows, scores) = (new List<Tensor>(), new List<Tensor>());
        for (var range = 0; range < _firstBlock.Length - 1; range++)
        {
            var (first, count) = (_firstBlock[range], _firstBlock[range + 1] - _firstBlock[range]);
            var block = best.narrow(1, first, count).argmax(1) + first;
            var padded = RowIn(narrow, block);
            scores.Add((queries * _references.index_select(0, padded).to(ScalarType.Float32)).sum(1));
            // Row within the padded matrix -> row of the caller; what only fills a block stands for the range's last row.
            var start = tensor(_rowOf, device: _references.device).index_select(0, block);
            var end = tensor(_endOf, device: _references.device).index_select(0, block);
            rows.Add(minimum(start + padded.remainder(BlockRows), end - 1));
        }
        return (stack(rows, 1).MoveToOuterDisposeScope(), stack(scores, 1).MoveToOuterDisposeScope());
    }

    /// <summary>The greatest score in each block of references: [q, blocks].</summary>
    internal Tensor BlockMaxima(Tensor narrow)
    {
        if (_kernel is { } kernel)
        {
            var maxima = empty([narrow.shape[0], _rowOf.Length], ScalarType.Float32, narrow.device);
            kernel.Run(narrow, _references, maxima);
            return maxima;
        }
        var (queryRows, referenceRows, isTurned) = Tile;
        var (count, total) = (narrow.shape[0], _references.shape[0]);
        var best = empty([count, total / BlockRows], _type, narrow.device);
        for (var reference = 0L; reference < total; reference += referenceRows)
        {
            var width = Math.Min(referenceRows, total - reference);
            for (var query = 0L; query < count; query += queryRows)
            {
                using var scope = NewDisposeScope();
                var height = Math.Min(queryRows, count - query);
                var (asked, rows) = (narrow.narrow(0, query, height), _references.narrow(0, reference, width));
                best.narrow(0, query, height).narrow(1, reference / BlockRows, width / BlockRows).copy_(isTurned
                    ? mm(rows, asked.t()).view(width / BlockRows, BlockRows, height).amax([1]).t()
                    : mm(asked, rows.t()).view(height, width / BlockRows, BlockRows).amax([2]));
            }
        }
        return best;
    }

    /// <inheritdoc/>
    public void Dispose() => _references.Dispose();

    // For each query the best row of its block: queries of one block are multiplied together.
    private Tensor RowIn(Tensor narrow, Tensor block)
    {
        using var scope = NewDisposeScope();
        var (_, order) = block.sort();
        var counts = block.bincount(null, _rowOf.Length).cpu().data<long>().ToArray();
        if (_winners is { } winners)
            return winners.Run(narrow, _references, order, counts).MoveToOuterDisposeScope();
        var parts = new List<Tensor>();
        for (var (at, first) = (0, 0L); at < counts.Length; first += counts[at++])
        {
            if (counts[at] == 0)
                continue;
            using var inner = NewDisposeScope();
            var queries = narrow.index_select(0, order.narrow(0, first, counts[at]));
            var row = mm(queries, _references.narrow(0, at * (long)BlockRows, BlockRows).t()).argmax(1) + at * (long)BlockRows;
            parts.Add(row.MoveToOuterDisposeScope());
        }
        return zeros_like(block).scatter(0, order, cat(parts, 0)).MoveToOuterDisposeScope();
    }

    private static Tensor Upload(DescriptorRows rows, Device device)
    {
        const int Part = 1 << 16;
        var all = empty([rows.Count, rows.Dimension], ScalarType.Float32, device);
        var part = new float[(int)Math.Min(Part, rows.Count) * rows.Dimension];
        for (var first = 0L; first < rows.Count; first += Part)
        {
            using var scope = NewDisposeScope();
            var count = (int)Math.Min(Part, rows.Count - first);
            rows.Read(first, part.AsSpan(0, count * rows.Dimension));
            all.narrow(0, first, count).copy_(tensor(part.AsSpan(0, count * rows.Dimension).ToArray(), [count, rows.Dimension]));
        }
        return all;
    }
}

/// <summary>Shape of one tile of scores.</summary>
/// <param name="Queries">Query rows.</param>
/// <param name="References">Reference rows: whole blocks.</param>
/// <param name="IsTurned">Scores of one reference stand together in memory, not those of one query.</param>
public readonly record struct ScoreTile(int Queries, int References, bool IsTurned);
