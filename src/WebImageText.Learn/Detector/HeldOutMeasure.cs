using TorchSharp;
using WebImageText.Learn.Detector.Views;
using static TorchSharp.torch;

namespace WebImageText.Learn.Detector;

/// <summary>How much of each kind of edit a network finds, on photographs that it does not learn from.</summary>
/// <param name="renderer">Makes the views.</param>
/// <param name="embed">Images to descriptors.</param>
/// <param name="heldOut">The photographs.</param>
/// <param name="photos">Photographs that may be pasted under a view.</param>
internal sealed class HeldOutMeasure(ViewRenderer renderer, Func<Tensor, Tensor> embed, int[] heldOut, int photos)
{
    private const double Precision = 0.99;
    private const int AtOnce = 256;

    /// <summary>Recall by kind of edit at the one threshold where 99 of 100 flagged pairs are true, over all kinds.</summary>
    public IReadOnlyDictionary<string, double> Recall(int seed)
    {
        using var scope = NewDisposeScope();
        var references = Descriptors(ViewMix.Plain, seed);
        Dictionary<string, float[]> right = [];
        List<float> wrong = [];
        foreach (var (name, mix) in ViewMix.Named)
        {
            var alike = Descriptors(mix, seed).matmul(references.transpose(0, 1)).cpu().data<float>().ToArray();
            right[name] = [.. Enumerable.Range(0, heldOut.Length).Select(at => alike[at * heldOut.Length + at])];
            // What is far from any threshold is not kept: 17 kinds of 500 x 500 pairs would be 4 million numbers to sort.
            wrong.AddRange(alike.Where((score, at) => at % heldOut.Length != at / heldOut.Length && score > 0.1f));
        }
        var threshold = Threshold([.. right.Values.SelectMany(scores => scores)], [.. wrong]);
        var recall = right.ToDictionary(kind => kind.Key, kind => kind.Value.Count(score => score >= threshold) / (double)heldOut.Length);
        recall["threshold"] = threshold;
        return recall;
    }

    private static double Threshold(float[] right, float[] wrong)
    {
        Array.Sort(right, (a, b) => b.CompareTo(a));
        Array.Sort(wrong, (a, b) => b.CompareTo(a));
        var (best, above) = (1.0, 0);
        for (var at = 0; at < right.Length; at++)
        {
            while (above < wrong.Length && wrong[above] >= right[at])
                above++;
            if (at + 1 >= Precision * (at + 1 + above))
                best = right[at];
        }
        return best;
    }

    private Tensor Descriptors(ViewMix mix, int seed)
    {
        var dice = new ViewDice(seed, photos, renderer.Rooms);
        var views = heldOut.Select(photo => dice.Draw(photo, mix)).ToArray();
        return cat([.. views.Chunk(AtOnce).Select(part => embed(renderer.Render(part, seed)))], 0);
    }
}
