using System.Numerics.Tensors;

namespace WebImageText.Curate.Dedup.Search;

/// <summary>
/// Descriptors by the centroid that they lie nearest to: alike ones share a list, so pairs are looked for list by list, each
/// compared exactly. A list needs nothing of another one: it is the unit in which the work can be spread over nodes.
/// </summary>
/// <remarks>
/// Spherical k-means on a sample. Every row stands in more than one list, since what lies on a border would else be missed. With
/// lists of equal size the work is rows x rows x replicas^2 / lists pairs instead of rows x rows / 2.
/// </remarks>
public sealed class InvertedLists
{
    private const int Groups = 16;
    private const int Rounds = 8;
    private const int SampleOfAList = 64;

    private readonly DescriptorRows _rows;
    private readonly int[][] _lists;

    private InvertedLists(DescriptorRows rows, int[][] lists) => (_rows, _lists) = (rows, lists);

    /// <summary>Lists, some of which may be empty.</summary>
    public int Count => _lists.Length;

    /// <summary>Rows of the fullest list.</summary>
    public int Longest => _lists.Max(list => list.Length);

    /// <summary>The rows of a list, ascending.</summary>
    public IReadOnlyList<int> this[int list] => _lists[list];

    /// <summary>Learns the centroids and fills the lists.</summary>
    /// <param name="rows">All descriptors.</param>
    /// <param name="lists">How many lists; at least 16.</param>
    /// <param name="replicas">Lists that a row stands in, 1-4.</param>
    /// <param name="seed">Of the sample: the same seed makes the same lists.</param>
    /// <param name="stop">Gives up.</param>
    public static InvertedLists Build(DescriptorRows rows, int lists, int replicas = 2, int seed = 1, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lists, Groups);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Count, lists);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(replicas, 4);
        var centroids = Learn(rows, lists, new Random(seed), stop);
        // The best centroid of each of 16 groups; the best of those are a row's lists. Two near centroids of one group hide one
        // another, which costs some recall and no correctness.
        var ranges = Enumerable.Range(0, Groups).Select(group => new RowRange((long)lists * group / Groups, (long)lists * (group + 1) / Groups - (long)lists * group / Groups)).ToArray();
        var nearest = ExactSearch.Nearest(rows, centroids, ranges, stop: stop);
        var filled = new List<int>[lists];
        for (var row = 0; row < rows.Count; row++)
            foreach (var near in nearest.AsSpan(row * Groups, Groups).ToArray().OrderByDescending(near => near.Score).Take(replicas))
                (filled[near.Row] ??= []).Add(row);
        return new(rows, [.. filled.Select(list => list?.ToArray() ?? [])]);
    }

    /// <summary>The alike pairs of one list.</summary>
    public IReadOnlyList<AlikeRows> Alike(int list, float threshold, CancellationToken stop = default)
    {
        var members = _lists[list];
        if (members.Length < 2)
            return [];
        var part = new float[checked(members.Length * _rows.Dimension)];
        for (var at = 0; at < members.Length; at++)
            _rows.Read(members[at], part.AsSpan(at * _rows.Dimension, _rows.Dimension));
        return [.. ExactSearch.Alike(new DescriptorMatrix(_rows.Name, _rows.Model, _rows.Dimension, part), threshold, stop: stop)
            .Select(pair => new AlikeRows(members[pair.Left], members[pair.Right], pair.Score))];
    }

    /// <summary>The alike pairs of all lists, each once, by the lower row and then the higher.</summary>
    public IReadOnlyList<AlikeRows> Alike(float threshold, CancellationToken stop = default) =>
        [.. Enumerable.Range(0, Count).SelectMany(list => Alike(list, threshold, stop)).DistinctBy(pair => (pair.Left, pair.Right))
            .OrderBy(pair => pair.Left).ThenBy(pair => pair.Right)];

    private static DescriptorMatrix Learn(DescriptorRows rows, int lists, Random random, CancellationToken stop)
    {
        var dimension = rows.Dimension;
        var count = (int)Math.Min(rows.Count, (long)lists * SampleOfAList);
        var sample = new float[checked(count * dimension)];
        for (var at = 0; at < count; at++) // spread over all rows
            rows.Read((long)((at + random.NextDouble()) * rows.Count / count), sample.AsSpan(at * dimension, dimension));
        var taken = new DescriptorMatrix(rows.Name, rows.Model, dimension, sample);
        var centroids = new float[lists * dimension];
        for (var list = 0; list < lists; list++)
            taken[(int)((list + random.NextDouble()) * count / lists)].CopyTo(centroids.AsSpan(list * dimension));
        for (var round = 0; round < Rounds; round++)
        {
            var nearest = ExactSearch.Nearest(taken, new DescriptorMatrix("centroids", rows.Model, dimension, centroids), stop: stop);
            var sums = new float[lists * dimension];
            for (var at = 0; at < count; at++)
            {
                var sum = sums.AsSpan((int)nearest[at].Row * dimension, dimension);
                TensorPrimitives.Add(sum, taken[at], sum);
            }
            for (var list = 0; list < lists; list++)
            {
                var sum = sums.AsSpan(list * dimension, dimension);
                // An empty list starts anew at a row; so does one whose rows cancel out.
                if (TensorPrimitives.Norm<float>(sum) is var length && length > 1e-3f)
                    TensorPrimitives.Divide(sum, length, centroids.AsSpan(list * dimension, dimension));
                else
                    taken[random.Next(count)].CopyTo(centroids.AsSpan(list * dimension));
            }
        }
        return new("centroids", rows.Model, dimension, centroids);
    }
}
