using System.Text.Json;
using WebImageText.Learn.Data;

namespace WebImageText.Learn.Train;

/// <summary>What a checkpoint knows besides tensors.</summary>
public sealed record RunState
{
    internal static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Of this form; another one is not read.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Steps made.</summary>
    public required long Step { get; init; }

    /// <summary>Samples seen by all ranks.</summary>
    public required long Samples { get; init; }

    /// <summary>Where each rank's reader is.</summary>
    public required IReadOnlyList<SampleCursor> Cursors { get; init; }

    /// <summary>Of the float16 gradients.</summary>
    public double GradientScale { get; init; } = 1;

    /// <summary>Smoothed loss.</summary>
    public double? Loss { get; init; }

    /// <summary>Settings that must not change in the middle of a run, by name.</summary>
    public required IReadOnlyDictionary<string, string> Fixed { get; init; }
}
