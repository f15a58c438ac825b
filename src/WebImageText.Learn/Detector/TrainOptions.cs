using WebImageText.Curate.Dedup.Descriptors;

namespace WebImageText.Learn.Detector;

/// <summary>How a detector is trained.</summary>
public sealed record TrainOptions
{
    /// <summary>The network.</summary>
    public DetectorShape Shape { get; init; } = DetectorShape.Default;

    /// <summary>Its input.</summary>
    public Preprocessing Preprocessing { get; init; } = new();

    /// <summary>Pairs of views a step. Default 1,712, CLIP's; never more than there are photographs.</summary>
    public int Batch { get; init; } = 1712;

    /// <summary>
    /// Views that pass the network at once. Where a step has more, its descriptors are made without gradients first, and again
    /// chunk by chunk with the gradients of the whole batch's loss: a third more work, any batch in any memory.
    /// </summary>
    public int Chunk { get; init; } = 3424;

    /// <summary>Steps of the whole training.</summary>
    public int Steps { get; init; } = 4000;

    /// <summary>Steps until the rate is full.</summary>
    public int Warmup { get; init; } = 200;

    /// <summary>Full learning rate of Adam; it falls to zero as a half cosine.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>Divides the similarities in the loss. CLIP: 0.07; SSCD: 0.05.</summary>
    public double Temperature { get; init; } = 0.05;

    /// <summary>Weight of the entropy term; 0 for none.</summary>
    public double Entropy { get; init; } = 3;

    /// <summary>
    /// Share of the training in which edits grow from light ones to all. A network that has not learned anything yet gets nothing
    /// from a pair that shares a tenth of a picture but noise.
    /// </summary>
    public double EasyUntil { get; init; } = 0.15;

    /// <summary>Share of the training in which the entropy term grows to its full weight: before, it hides the pairs.</summary>
    public double EntropyUntil { get; init; } = 0.3;

    /// <summary>Share of the training after which views have more of what is hardest.</summary>
    public double HardFrom { get; init; } = 0.6;

    /// <summary>Share of the photographs that only measure.</summary>
    public double HeldOut { get; init; } = 0.03;

    /// <summary>Steps from one measurement to the next.</summary>
    public int MeasureEvery { get; init; } = 250;

    /// <summary>Of everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Longest time of this call; the rest is for a later one, from the checkpoint.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.MaxValue;

    /// <summary>bfloat16 in the network; weights, loss and optimiser stay float32.</summary>
    public bool IsHalf { get; init; }
}

/// <summary>How far training is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Of this step.</param>
/// <param name="Rate">Learning rate of this step.</param>
/// <param name="PairsPerSecond">Since this call began.</param>
/// <param name="Recall">
/// Every <see cref="TrainOptions.MeasureEvery"/> steps: by kind of edit, the share of the held-out photographs whose edited view is
/// found at the threshold that gives 99 % precision over all kinds; else null.
/// </param>
public sealed record TrainState(int Step, double Loss, double Rate, double PairsPerSecond, IReadOnlyDictionary<string, double>? Recall = null);
