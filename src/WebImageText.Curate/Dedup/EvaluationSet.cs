using System.ComponentModel.DataAnnotations;

namespace WebImageText.Curate.Dedup;

/// <summary>Images on which a model will be measured, and which must therefore not be in its training set.</summary>
/// <param name="Name">Short, without a slash: the first part of <see cref="EvaluationMatch.Nearest"/>.</param>
/// <param name="Folder">A folder of images, or of class folders with images, at any depth.</param>
/// <param name="MinScore">
/// Likeness of descriptors at and above which a picture counts as one of this set, as calibrated; null for
/// <see cref="EvaluationOptions.MinScore"/>.
/// </param>
public sealed record EvaluationSet(string Name, string Folder, float? MinScore = null);

/// <summary>How near a picture may come to an evaluation image.</summary>
public sealed class EvaluationOptions
{
    /// <summary>
    /// Greatest distance, in bits of PDQ, at which a picture counts as a copy. Default 31, PDQ's own limit: no two different
    /// photographs of some 17 million pairs came that near (the nearest: 44).
    /// </summary>
    [Range(0, 128)] public int MaxDistance { get; init; } = PdqHash.MatchDistance;

    /// <summary>
    /// Distance up to which the nearest evaluation image is looked for and stored, in bits. Default 31. Up to 47 the search costs
    /// about eight times as much, and beyond every hash is compared.
    /// </summary>
    [Range(0, 256)] public int Reach { get; init; } = PdqHash.MatchDistance;

    /// <summary>
    /// Likeness of descriptors at and above which a picture counts as a copy, where a detector is used and no calibrated index is.
    /// </summary>
    [Range(-1, 1)] public float MinScore { get; init; } = DefaultMinScore;

    /// <summary>The default of <see cref="MinScore"/>.</summary>
    public const float DefaultMinScore = 0.75f;
}

/// <summary>How far loading is.</summary>
/// <param name="Done">Images read.</param>
/// <param name="Total">Images in all sets.</param>
/// <param name="Bad">Images that could not be decoded.</param>
public readonly record struct EvaluationProgress(int Done, int Total, int Bad);

/// <summary>What loading found in a set.</summary>
/// <param name="Set">The set.</param>
/// <param name="Images">Images that are guarded.</param>
/// <param name="Featureless">
/// Of these, images with too few features for PDQ (quality under 50): only copies with the very same pixels are found.
/// </param>
/// <param name="Bad">Files that could not be decoded, and why: nothing guards these.</param>
/// <param name="Sha256">Of the names and pixels of its images: another version of the set has another.</param>
public sealed record EvaluationSetReport(
    EvaluationSet Set, int Images, IReadOnlyList<string> Featureless, IReadOnlyList<(string File, string Why)> Bad, string Sha256);
