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
    // Two groups at most: each is a pass of its own through the tower, and with more of them the host falls behind the device.
    // Fewer rows than these leave a device with little to do at a time.
    private const int LeastRows = 128;
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
        var (whole, best, split) = ((double)longest * sorted.Length, double.PositiveInfinity, 0);
        for (var rows = LeastRows; rows <= sorted.Length - LeastRows; rows++)
        {
            var work = (double)rows * sorted[rows - 1] + (double)(sorted.Length - rows) * longest;
            if (work < best)
                (best, split) = (work, rows);
        }
        if (best < (1 - LeastSaving) * whole)
            return (order, [(split, sorted[split - 1]), (sorted.Length - split, longest)]);
        for (var at = 0; at < order.Length; at++)
            order[at] = at;
        return (order, [(order.Length, longest)]);
    }
}
