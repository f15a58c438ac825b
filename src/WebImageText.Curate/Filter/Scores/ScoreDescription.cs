using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebImageText.Curate.Pixels;

namespace WebImageText.Curate.Filter.Scores;

/// <summary>How a picture becomes a square for a model.</summary>
public enum SquareFit
{
    /// <summary>The shorter side is brought to the side, then the middle is cut out: CLIP and its heads.</summary>
    CenterCrop,
    /// <summary>Both sides are brought to the side; the aspect is lost.</summary>
    Squeeze,
}

/// <summary>What is done with the number that a model gives.</summary>
public enum Activation
{
    /// <summary>Nothing: the number is the score.</summary>
    None,
    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,
    /// <summary>The class's share among all classes.</summary>
    Softmax,
}

/// <summary>The JSON beside a model that scores pictures: what goes in, which number is the score, and what scores are kept.</summary>
public sealed record ScoreDescription
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>
    /// What is scored; stored under this name. Names with limits of their own: <c>nsfw</c> at most 0.5 (COYO-700M, NeMo Curator),
    /// <c>watermark</c> at most 0.8 (LAION-5B), <c>aesthetic</c> at least 5 (LAION-Aesthetics v2), <c>clip</c> at least 0.28
    /// (LAION-5B, English, ViT-B/32).
    /// </summary>
    public required string Score { get; init; }

    /// <summary>Side of the square, pixels. Default 224.</summary>
    public int Side { get; init; } = 224;

    /// <summary>How the square is made. Default <c>center_crop</c>.</summary>
    public SquareFit Fit { get; init; }

    /// <summary>The filter of the resize. Default <c>cubic</c>.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Cubic;

    /// <summary>Subtracted from red, green and blue of 0-1. Default: CLIP's means.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.48145466f, 0.4578275f, 0.40821073f];

    /// <summary>Then divided by. Default: CLIP's deviations.</summary>
    public IReadOnlyList<float> Std { get; init; } = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>A second ONNX file, beside this one, that takes what the first gives: a head on CLIP's embedding.</summary>
    public string? Head { get; init; }

    /// <summary>What goes into the head is brought to length 1 first. Default yes.</summary>
    public bool Normalise { get; init; } = true;

    /// <summary>Which number of the output is the score. Default 0.</summary>
    public int Class { get; init; }

    /// <summary>What is done with it. Default <c>none</c>.</summary>
    public Activation Activation { get; init; }

    /// <summary>
    /// An ONNX file, beside this one, that embeds captions: tokens int64 <c>[1, context]</c> in, float <c>[1, d]</c> out. The score is
    /// then the cosine of picture and caption.
    /// </summary>
    public string? TextModel { get; init; }

    /// <summary>For a text model: its vocabulary, CLIP's <c>bpe_simple_vocab_16e6.txt.gz</c>, beside this file.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>For a text model: tokens in a row. Default 77.</summary>
    public int Context { get; init; } = 77;

    /// <summary>Least score that is kept; null for what the name has.</summary>
    public double? Least { get; init; }

    /// <summary>Greatest score that is kept; null for what the name has.</summary>
    public double? Most { get; init; }

    /// <summary>Reads a description, and gives it the limits of its name where it has none.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">What an error calls it.</param>
    /// <exception cref="InvalidDataException">It is none, or its numbers make no sense.</exception>
    public static ScoreDescription Parse(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            var read = JsonSerializer.Deserialize<ScoreDescription>(json, Json) ?? throw new JsonException("it is null");
            return read.Wrong() is { } wrong ? throw new JsonException(wrong) : read.WithLimits();
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"'{name}' does not describe a score: {broken.Message}");
        }
    }

    /// <summary>The same with the limits that its name has, where none is given.</summary>
    public ScoreDescription WithLimits() => (this, Score) switch
    {
        ({ Least: not null }, _) or ({ Most: not null }, _) => this,
        (_, "nsfw") => this with { Most = 0.5 },
        (_, "watermark") => this with { Most = 0.8 },
        (_, "aesthetic") => this with { Least = 5 },
        (_, "clip") => this with { Least = 0.28 },
        _ => this,
    };

    /// <summary>Why a pair with this score is dropped; null when it is kept.</summary>
    public Drop? Judge(double score) =>
        score >= (Least ?? double.NegativeInfinity) && score <= (Most ?? double.PositiveInfinity) ? null
        : new(Score == "nsfw" ? DropReason.Unsafe : DropReason.LowScore, string.Create(CultureInfo.InvariantCulture,
            $"{Score} {score:0.###}, {(score < Least ? $"least {Least}" : $"most {Most}")}"));

    private string? Wrong() =>
        Score.Length is 0 or > 40 || Score.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_') ? "its score must be named in letters, digits and _"
        : Side is < 16 or > 1024 ? $"its side is {Side}, must be 16-1024"
        : Context is < 3 or > 1024 ? $"its context is {Context}, must be 3-1024"
        : Class < 0 ? "its class is under 0"
        : Mean.Count != 3 || Std.Count != 3 || Mean.Any(value => !float.IsFinite(value)) || Std.Any(value => !(float.IsFinite(value) && value > 1e-6f))
            ? "mean and std must have three numbers each, and std none under 0.000001"
        : TextModel is null != Vocabulary is null ? "a text model and a vocabulary belong together"
        : new[] { Head, TextModel, Vocabulary }.Any(file => file is not null && Path.GetFileName(file) != file) ? "its other files must stand beside it"
        : null;
}
