namespace WebImageText.Cli.Bench.Detector;

/// <summary>How alike a system found pairs of pictures, and what of it was right.</summary>
/// <param name="Right">Scores of true pairs, by transform.</param>
/// <param name="Wrong">Scores of pairs of different photographs.</param>
/// <param name="Strangers">By template, the best score of each picture that shows no reference.</param>
internal sealed record SuiteScore(IReadOnlyDictionary<string, float[]> Right, float[] Wrong, IReadOnlyDictionary<string, float[]> Strangers)
{
    /// <summary>The lowest score at which the wished share of the pairs at or above it are true; ties count as wrong first.</summary>
    public float Threshold(double precision)
    {
        var right = Right.Values.SelectMany(scores => scores).OrderDescending().ToArray();
        var wrong = Wrong.OrderDescending().ToArray();
        var (best, above) = (float.PositiveInfinity, 0);
        for (var at = 0; at < right.Length; at++)
        {
            while (above < wrong.Length && wrong[above] >= right[at])
                above++;
            var isLast = at + 1 == right.Length || right[at + 1] < right[at];
            if (isLast && at + 1 >= precision * (at + 1 + above))
                best = right[at];
        }
        return best;
    }

    /// <summary>The score above which no wrong pair is.</summary>
    public float WithoutWrong => Wrong.Length == 0 ? float.NegativeInfinity : MathF.BitIncrement(Wrong.Max());

    /// <summary>Share of a transform's true pairs at or above a score.</summary>
    public double Recall(string transform, float threshold) => Right[transform].Count(score => score >= threshold) / (double)Right[transform].Length;

    /// <summary>Pictures of a template that show no reference and are taken for one.</summary>
    public int Flags(string template, float threshold) => Strangers[template].Count(score => score >= threshold);

    /// <summary>Share of all true pairs at or above a score.</summary>
    public double Recall(float threshold) =>
        Right.Values.Sum(scores => scores.Count(score => score >= threshold)) / (double)Right.Values.Sum(scores => scores.Length);
}
