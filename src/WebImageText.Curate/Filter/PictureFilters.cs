using WebImageText.Curate.Filter.Scores;

namespace WebImageText.Curate.Filter;

/// <summary>What decides about a picture besides its size: block lists, scores; and which parts of it are blurred.</summary>
public sealed class PictureFilters : IDisposable
{
    /// <summary>Nothing is blocked, scored or blurred.</summary>
    public static PictureFilters None { get; } = new();

    /// <summary>Hosts, addresses, files and pictures that are never stored.</summary>
    public BlockList? Blocks { get; init; }

    /// <summary>Scores; all of them are stored with the pair, up to the first that drops it.</summary>
    public IReadOnlyList<ScoreModel> Scores { get; init; } = [];

    /// <summary>Rectangles that are blurred.</summary>
    public BoxList? Boxes { get; init; }

    /// <summary>The same filters with another block list; the scores stay those of this one, and are not to be disposed of twice.</summary>
    public PictureFilters With(BlockList blocks) => new() { Blocks = blocks, Scores = Scores, Boxes = Boxes };

    /// <summary>For the head of a data set: one line a filter.</summary>
    public IReadOnlyList<string> Describe() =>
    [
        .. Blocks is { } blocks ? [$"block lists of {blocks.Count} entries"] : Array.Empty<string>(),
        .. Scores.Select(score => score.ToString()),
        .. Boxes is { } boxes ? [$"boxes of {boxes.Count} images are blurred"] : Array.Empty<string>(),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var score in Scores)
            score.Dispose();
    }
}
