using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>Pairs that a device computes at a time.</summary>
/// <param name="Pixels">uint8 [n, side, side, 3], on the device.</param>
/// <param name="Texts">
/// int64 [m, length] each, on the device: their captions in groups, each as wide as its longest. A short caption costs less in a
/// group of short ones, and gives the same feature: attention never looks behind its end.
/// </param>
/// <param name="Places">int64 [n]: where in the groups, one after another, each picture's caption is; null for the same place.</param>
internal sealed record TrainPart(Tensor Pixels, IReadOnlyList<Tensor> Texts, Tensor? Places = null)
{
    // Fewer rows than these leave a device with little to do at a time.
    private const int LeastRows = 128;
    private const int MostGroups = 4;
    private const double LeastSaving = 0.05;

    /// <summary>A part whose captions stay as they are.</summary>
    public static TrainPart Of(Tensor pixels, Tensor tokens) => new(pixels, [tokens]);

    /// <summary>In which order captions are to be grouped.</summary>
    /// <param name="lengths">Tokens of each, start and end counted.</param>
    /// <returns>The captions from the shortest on, and of each group its rows and its longest caption.</returns>
    public static (int[] Order, IReadOnlyList<(int Rows, int Length)> Groups) Grouped(ReadOnlySpan<int> lengths)
    {
        var order = new int[lengths.Length];
        for (var at = 0; at < order.Length; at++)
            order[at] = at;
        var sorted = lengths.ToArray();
        Array.Sort(sorted, order);
        var longest = sorted.Length > 0 ? sorted[^1] : 0;
        var count = Math.Clamp(sorted.Length / LeastRows, 1, MostGroups);
        var groups = new List<(int Rows, int Length)>();
        for (int group = 0, first = 0; group < count; group++)
        {
            var end = (int)((long)sorted.Length * (group + 1) / count);
            groups.Add((end - first, sorted[Math.Max(0, end - 1)]));
            first = end;
        }
        var work = groups.Sum(group => (double)group.Rows * group.Length);
        if (count > 1 && work < (1 - LeastSaving) * longest * sorted.Length)
            return (order, groups);
        for (var at = 0; at < order.Length; at++)
            order[at] = at;
        return (order, [(order.Length, longest)]);
    }
}
