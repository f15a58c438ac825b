using System.ComponentModel.DataAnnotations;

namespace WebImageText.Curate.Filter;

/// <summary>Which captions are kept.</summary>
/// <remarks>Defaults: DataComp's basic filter (Gadre et al. 2023, arXiv:2304.14108, appendix F): English, words over 2, characters over 5.</remarks>
public sealed class TextOptions
{
    /// <summary>Languages that are kept, ISO 639-1 in lower case; empty keeps every language. Default <c>en</c>.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en"];

    /// <summary>Least number of words. Default 3 (DataComp: more than 2).</summary>
    /// <remarks>Words stand between white space. Two letters of a script that is written without spaces count as one.</remarks>
    [Range(0, 10_000)] public int MinWords { get; init; } = 3;

    /// <summary>Least number of characters, in Unicode code points. Default 6 (DataComp: more than 5).</summary>
    [Range(0, 100_000)] public int MinCharacters { get; init; } = 6;

    /// <summary>Greatest number of words. Default: no limit (COYO-700M has 256).</summary>
    [Range(1, int.MaxValue)] public int? MaxWords { get; init; }

    /// <summary>Greatest number of characters, in Unicode code points. Default: no limit (COYO-700M has 1,000).</summary>
    [Range(1, int.MaxValue)] public int? MaxCharacters { get; init; }

    /// <summary>A caption that is the name of a file is no text. Default yes: it says nothing of the picture (no published recipe has this).</summary>
    public bool DropFileNames { get; init; } = true;

    /// <summary>
    /// A caption that is a phrase of page builders ("click to enlarge", "no image available") is no text. Default yes (no published
    /// recipe has this).
    /// </summary>
    public bool DropBoilerplate { get; init; } = true;
}
