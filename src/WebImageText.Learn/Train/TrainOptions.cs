using WebImageText.Learn.Clip;
using WebImageText.Learn.Data;

namespace WebImageText.Learn.Train;

/// <summary>One training run.</summary>
public sealed record TrainOptions
{
    /// <summary>
    /// What is asked of the model: <see cref="Contrastive"/> (SigLIP's where the model has a bias), or a name that
    /// <see cref="Clip.Objectives.Objective.Create"/> knows.
    /// </summary>
    public string Objective { get; init; } = Contrastive;

    /// <summary>CLIP's own objective.</summary>
    public const string Contrastive = "contrastive";

    /// <summary>The model.</summary>
    public required ClipConfiguration Model { get; init; }

    /// <summary>Folder of the run: checkpoints, figures, curves.</summary>
    public required string Folder { get; init; }

    /// <summary>Samples of a step over all ranks.</summary>
    public required int Batch { get; init; }

    /// <summary>Samples that a device computes at a time; 0 for all of its share. A share of several is computed part by part.</summary>
    public int Part { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public required long Steps { get; init; }

    /// <summary>Learning rate of each step.</summary>
    public required LearningRate Rate { get; init; }

    /// <summary>AdamW's numbers.</summary>
    public required AdamWSettings Optimizer { get; init; }

    /// <summary>In which numbers the towers compute.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Of start weights, order and augmentation.</summary>
    public ulong Seed { get; init; }

    /// <summary>Activations are computed twice instead of being kept.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>How pictures are varied.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>Samples that are shuffled together. Default 5,000.</summary>
    public int Shuffle { get; init; } = 5_000;

    /// <summary>Shards are drawn with replacement.</summary>
    public bool Resample { get; init; }

    /// <summary>Field of the JSON that holds the caption; null takes <c>txt</c>.</summary>
    public string? JsonText { get; init; }

    /// <summary>Threads that decode.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Steps between checkpoints; 0 for one at the end only.</summary>
    public long SaveEvery { get; init; } = 1_000;

    /// <summary>Checkpoints that stay, the latest ones; 0 keeps all.</summary>
    public int Keep { get; init; } = 3;

    /// <summary>Checkpoints of steps that are a multiple of this stay too; 0 for none.</summary>
    public long KeepEvery { get; init; }

    /// <summary>A checkpoint's folder, or <c>latest</c>, which is also right when there is none yet.</summary>
    public string? Resume { get; init; }

    /// <summary>
    /// Weights to start from instead of drawn ones: what <see cref="Clip.Files.ClipFolder.LoadInto"/> reads; for the other objectives a
    /// safetensors file with their names.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>What a resumed run must have in common with the run that it goes on with.</summary>
    internal IReadOnlyDictionary<string, string> Fixed => new Dictionary<string, string>
    {
        ["model"] = Model.ToJson().ToJsonString(),
        ["objective"] = Objective,
        ["batch"] = $"{Batch}",
        ["steps"] = $"{Steps}",
        ["rate"] = $"{Rate}",
        ["optimizer"] = $"{Optimizer}",
        ["seed"] = $"{Seed}",
        ["shuffle"] = $"{Shuffle}",
        ["resample"] = $"{Resample}",
        ["augmentation"] = $"{Augmentation}",
    };
}
