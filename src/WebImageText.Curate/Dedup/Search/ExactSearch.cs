using System.Numerics;
using System.Runtime.InteropServices;

namespace WebImageText.Curate.Dedup.Search;

/// <summary>
/// Every query row against every reference row on the processor, in tiles: only the best of each range is kept, and no matrix of
/// scores is ever made. 32-bit floats: a score is off by less than 2^-20.
/// </summary>
/// <remarks>
/// A tile of queries meets a block of references that fits a core's second cache; packing the block costs half a thousandth of
/// what it is then used for. Queries are spread over the cores, so nothing is shared but what is read.
/// </remarks>
public static unsafe class ExactSearch
{
    // 6 x 340 rows; 8 panels of 32 rows: at 512 numbers a row 4 MB and 512 KB.
    private const int TileRows = DotTile.Rows * 340;
    private const int BlockRows = DotTile.Columns * 8;

    /// <summary>The nearest reference row of each range, for every query.</summary>
    /// <param name="queries">Rows to look up.</param>
    /// <param name="references">Rows to look among.</param>
    /// <param name="ranges">Parts of the references that each have a winner of their own; null for all of them as one.</param>
    /// <param name="progress">Told how many queries are done.</param>
    /// <param name="stop">Stops within a tile.</param>
    /// <returns>For query q and range r the entry q x ranges + r. Of equals the lowest row wins.</returns>
    /// <exception cref="InvalidDataException">The two cannot be compared, or a row is no descriptor.</exception>
    public static Neighbour[] Nearest(
        DescriptorRows queries, DescriptorRows references, IReadOnlyList<RowRange>? ranges = null, Action<long>? progress = null, CancellationToken stop = default)
    {
        queries.RequireComparable(references);
        ranges ??= [new(0, references.Count)];
        var found = new Neighbour[checked(queries.Count * ranges.Count)];
        Array.Fill(found, Neighbour.None);
        var done = 0L;
        ForTiles(queries.Count, (first, count) =>
        {
            using var tile = new Tile(queries, first, count);
            for (var range = 0; range < ranges.Count; range++)
                tile.Best(references, ranges[range], found.AsSpan(), (int)(first * ranges.Count) + range, ranges.Count, stop);
            progress?.Invoke(Interlocked.Add(ref done, count));
        }, stop);
        return found;
    }

    /// <summary>Every two rows of one matrix that are alike, each pair once, by the lower row and then the higher.</summary>
    /// <param name="rows">Rows to compare with one another.</param>
    /// <param name="threshold">Least score.</param>
    /// <param name="most">Pairs after which it gives up: so many mean that the threshold is wrong.</param>
    /// <param name="stop">Stops within a tile.</param>
    /// <exception cref="InvalidDataException">There are more than <paramref name="most"/> pairs, or a row is no descriptor.</exception>
    public static List<AlikeRows> Alike(DescriptorRows rows, float threshold, int most = 50_000_000, CancellationToken stop = default)
    {
        var found = new List<AlikeRows>();
        ForTiles(rows.Count, (first, count) =>
        {
            using var tile = new Tile(rows, first, count);
            var pairs = tile.Over(rows, threshold, most, stop);
            lock (found)
                found.AddRange(pairs);
            if (found.Count > most)
                throw new InvalidDataException($"'{rows.Name}': over {most:N0} pairs score {threshold} or more. Raise the threshold.");
        }, stop);
        found.Sort((a, b) => a.Left != b.Left ? a.Left.CompareTo(b.Left) : a.Right.CompareTo(b.Right));
        return found;
    }

    private static void ForTiles(long rows, Action<long, int> work, CancellationToken stop)
    {
        // Tiles small enough that every core has one.
        var cores = Environment.ProcessorCount;
        var size = (int)Math.Clamp((rows + cores - 1) / cores, DotTile.Rows, TileRows);
        Parallel.For(0, (rows + size - 1) / size, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = cores },
            at => work(at * size, (int)Math.Min(size, rows - at * size)));
    }

    /// <summary>Some query rows, and room for a block of references beside them.</summary>
    private sealed class Tile : IDisposable
    {
        private readonly int _dimension, _count;
        private readonly long _first;
        private readonly float* _rows;
        private readonly float* _panels;
        private readonly float[] _block;

        public Tile(DescriptorRows queries, long first, int count)
        {
            (_dimension, _count, _first) = (queries.Dimension, count, first);
            _rows = Take((nuint)((count + DotTile.Rows - 1) / DotTile.Rows * DotTile.Rows * _dimension));
            _panels = Take((nuint)(BlockRows * _dimension));
            _block = new float[BlockRows * _dimension];
            queries.Read(first, new Span<float>(_rows, count * _dimension));
        }

        public void Dispose()
        {
            NativeMemory.AlignedFree(_rows);
            NativeMemory.AlignedFree(_panels);
        }

        public void Best(DescriptorRows references, RowRange range, Span<Neighbour> found, int at, int step, CancellationToken stop)
        {
            // One running best a lane; lanes meet only at the end.
            var best = new float[_count * DotTile.Columns];
            var where = new int[_count * DotTile.Columns];
            Array.Fill(best, float.NegativeInfinity);
            Array.Fill(where, -1);
            var scores = stackalloc float[DotTile.Rows * DotTile.Columns];
            for (var block = 0L; block < range.Count; block += BlockRows)
            {
                stop.ThrowIfCancellationRequested();
                var panels = Load(references, range.First + block, (int)Math.Min(BlockRows, range.Count - block));
                for (var row = 0; row < _count; row += DotTile.Rows)
                    for (var panel = 0; panel < panels; panel++)
                    {
                        DotTile.Multiply(_rows + row * _dimension, _panels + panel * DotTile.Columns * _dimension, _dimension, scores);
                        var number = new Vector<int>((int)(block / DotTile.Columns) + panel);
                        var lanes = Math.Min(DotTile.Rows, _count - row) * DotTile.Columns;
                        for (var lane = 0; lane < lanes; lane += Vector<float>.Count)
                        {
                            var (score, to) = (*(Vector<float>*)(scores + lane), row * DotTile.Columns + lane);
                            var old = new Vector<float>(best, to);
                            var isBetter = Vector.GreaterThan(score, old);
                            Vector.ConditionalSelect(isBetter, score, old).CopyTo(best, to);
                            Vector.ConditionalSelect(isBetter, number, new Vector<int>(where, to)).CopyTo(where, to);
                        }
                    }
            }
            for (var row = 0; row < _count; row++)
            {
                var winner = Neighbour.None;
                for (var lane = 0; lane < DotTile.Columns; lane++)
                {
                    var (score, panel) = (best[row * DotTile.Columns + lane], where[row * DotTile.Columns + lane]);
                    var candidate = range.First + (long)panel * DotTile.Columns + lane;
                    if (panel >= 0 && (score > winner.Score || score == winner.Score && candidate < winner.Row))
                        winner = new(candidate, score);
                }
                found[at + row * step] = winner;
            }
        }

        public List<AlikeRows> Over(DescriptorRows references, float threshold, int most, CancellationToken stop)
        {
            var found = new List<AlikeRows>();
            var scores = stackalloc float[DotTile.Rows * DotTile.Columns];
            var limit = new Vector<float>(threshold);
            for (var block = _first / BlockRows * BlockRows; block < references.Count && found.Count <= most; block += BlockRows)
            {
                stop.ThrowIfCancellationRequested();
                var panels = Load(references, block, (int)Math.Min(BlockRows, references.Count - block));
                for (var row = 0; row < _count; row += DotTile.Rows)
                    for (var panel = 0; panel < panels; panel++)
                    {
                        DotTile.Multiply(_rows + row * _dimension, _panels + panel * DotTile.Columns * _dimension, _dimension, scores);
                        var lanes = Math.Min(DotTile.Rows, _count - row) * DotTile.Columns;
                        for (var lane = 0; lane < lanes; lane += Vector<float>.Count)
                            if (Vector.GreaterThanOrEqualAny(*(Vector<float>*)(scores + lane), limit))
                                for (var one = lane; one < lane + Vector<float>.Count; one++)
                                {
                                    var (left, right) = (_first + row + one / DotTile.Columns, block + panel * DotTile.Columns + one % DotTile.Columns);
                                    if (scores[one] >= threshold && left < right && right < references.Count)
                                        found.Add(new(left, right, scores[one]));
                                }
                    }
            }
            return found;
        }

        private int Load(DescriptorRows references, long first, int count)
        {
            var rows = _block.AsSpan(0, count * _dimension);
            references.Read(first, rows);
            var panels = (count + DotTile.Columns - 1) / DotTile.Columns;
            for (var panel = 0; panel < panels; panel++)
            {
                var from = panel * DotTile.Columns * _dimension;
                DotTile.Pack(rows[from..Math.Min(rows.Length, from + DotTile.Columns * _dimension)], _dimension, new Span<float>(_panels + from, DotTile.Columns * _dimension));
            }
            return panels;
        }

        private static float* Take(nuint count)
        {
            var bytes = count * sizeof(float);
            var memory = (float*)NativeMemory.AlignedAlloc(bytes, 64);
            NativeMemory.Clear(memory, bytes);
            return memory;
        }
    }
}
