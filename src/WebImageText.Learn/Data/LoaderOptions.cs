namespace WebImageText.Learn.Data;

/// <summary>How batches are made.</summary>
public sealed record LoaderOptions
{
    /// <summary>Samples of one batch of this rank.</summary>
    public required int Batch { get; init; }

    /// <summary>Side of the square pictures, pixels. Default 224.</summary>
    public int Side { get; init; } = 224;

    /// <summary>Tokens of a text, with its start and its end. Default 77.</summary>
    public int Context { get; init; } = 77;

    /// <summary>How pictures are varied.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>Of the augmentation.</summary>
    public ulong Seed { get; init; }

    /// <summary>Most pixels that an image's header may declare. Default 25,000,000, as open_clip.</summary>
    public int MaxPixels { get; init; } = 25_000_000;

    /// <summary>Threads that decode. Default all cores.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Whole batches that wait for the trainer. Default 2.</summary>
    public int Ready { get; init; } = 2;

    /// <summary>Batches lie in memory from which a CUDA device can copy by itself.</summary>
    public bool Pinned { get; init; }

    /// <summary>Field of the JSON that holds the caption; null takes the member <c>txt</c>.</summary>
    public string? JsonText { get; init; }
}
