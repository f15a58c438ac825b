using System.Text.Json;
using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Filter;
using WebImageText.Curate.Pixels;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Staging;

namespace WebImageText.Pipeline;

/// <summary>Everything that a run is told: the options of each stage, and where things are.</summary>
public sealed class PipelineSettings
{
    /// <summary>The queries, in the order of the list.</summary>
    public required IReadOnlyList<Query> Queries { get; init; }

    /// <summary>Where images are found, each name once; none where pages are crawled only.</summary>
    public IReadOnlyList<IProvider> Providers { get; init; } = [];

    /// <summary>Folder or <c>az://container/prefix</c> of the data set.</summary>
    public required string Out { get; init; }

    /// <summary>Folder of this node's own state: journal and staging.</summary>
    public required string State { get; init; }

    /// <summary>Caps, seeds, depth.</summary>
    public RunOptions Run { get; init; } = new();

    /// <summary>How the web is asked.</summary>
    public required FetchOptions Fetch { get; init; }

    /// <summary>Which addresses may be asked.</summary>
    public AddressOptions Addresses { get; init; } = new();

    /// <summary>Which captions are kept.</summary>
    public TextOptions Text { get; init; } = new();

    /// <summary>Which images are kept, and how they are stored.</summary>
    public ImageOptions Image { get; init; } = new();

    /// <summary>What else decides about a picture: block lists, scores. Stays the caller's.</summary>
    public PictureFilters Filters { get; init; } = PictureFilters.None;

    /// <summary>Evaluation sets whose images are kept out.</summary>
    public IReadOnlyList<EvaluationSet> EvaluationSets { get; init; } = [];

    /// <summary>How near a picture may come to an evaluation image.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>The detector, an ONNX file, that looks for evaluation images besides PDQ; null for PDQ alone.</summary>
    public string? Detector { get; init; }

    /// <summary>Likeness of the detector's descriptors from which on two pictures are copies, 0.75-1; null where descriptors are not compared.</summary>
    public float? CopyScore { get; init; }

    /// <summary>WARC file that keeps every exchange with the web; null for none. For a run on one machine.</summary>
    public string? Record { get; init; }

    /// <summary>WARC file that answers in place of the web, one thing after the other; null for the web. For a run on one machine.</summary>
    public string? Replay { get; init; }

    /// <summary>When staged verdicts become a shard.</summary>
    public StagingOptions Staging { get; init; } = new();

    /// <summary>What of these settings shapes the data set, for its head.</summary>
    internal IReadOnlyDictionary<string, JsonElement> Describe() => new Dictionary<string, JsonElement>
    {
        ["providers"] = JsonSerializer.SerializeToElement(Providers.Select(provider => provider.Traits.Name)),
        ["seeds"] = JsonSerializer.SerializeToElement(Run.Seeds.Count),
        ["depth"] = JsonSerializer.SerializeToElement(Run.Depth),
        ["any_text"] = JsonSerializer.SerializeToElement(Run.AnyText),
        ["host_delay_seconds"] = JsonSerializer.SerializeToElement(Fetch.Pace.HostDelay.TotalSeconds),
        ["text"] = JsonSerializer.SerializeToElement(Text),
        ["image"] = JsonSerializer.SerializeToElement(Image),
        ["detector"] = JsonSerializer.SerializeToElement(Detector is null ? null : Path.GetFileName(Detector)),
        ["copy_score"] = JsonSerializer.SerializeToElement(CopyScore),
        ["filters"] = JsonSerializer.SerializeToElement(Filters.Describe()),
    };
}
