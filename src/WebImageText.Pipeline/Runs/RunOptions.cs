using System.ComponentModel.DataAnnotations;

namespace WebImageText.Pipeline.Runs;

/// <summary>What a run is to do, beside the options of its stages.</summary>
public sealed class RunOptions
{
    /// <summary>Most pairs that one query may own. Default 20,000: Radford et al. 2021, section 2.2 (arXiv:2103.00020).</summary>
    [Range(1, int.MaxValue)] public int Cap { get; init; } = 20_000;

    /// <summary>Keep pairs in which no query occurs. Default no.</summary>
    public bool AnyText { get; init; }

    /// <summary>Pages to crawl from.</summary>
    public IReadOnlyList<WebAddress> Seeds { get; init; } = [];

    /// <summary>Links followed away from a given page. Default 1: the given pages and those that they link to.</summary>
    [Range(0, 1000)] public int Depth { get; init; } = 1;

    /// <summary>Pages of one host that are visited at most, whoever names them. Default 1,000,000.</summary>
    [Range(1, int.MaxValue)] public int HostPages { get; init; } = 1_000_000;

    /// <summary>Result pages and web pages under way at once on a node; it bounds the candidates in memory. Default 512.</summary>
    [Range(1, 100_000)] public int Jobs { get; init; } = 512;

    /// <summary>Requests for one image or page before a passing fault counts. Default 3.</summary>
    [Range(1, 20)] public int Tries { get; init; } = 3;

    /// <summary>Different texts that one picture may be found with before it is a placeholder; 0 keeps placeholders. Default 10, see <see cref="Curate.Filter.HotPictures"/>.</summary>
    [Range(0, int.MaxValue)] public int HotTexts { get; init; } = 10;

    /// <summary>When to stop before everything is done. Default never.</summary>
    public RunBudget Until { get; init; } = new();
}
