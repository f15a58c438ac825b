namespace WebImageText.Cli.Run;

/// <summary>The limits of a published data set, which options change one by one.</summary>
/// <param name="Languages">ISO 639-1 codes; empty keeps every language.</param>
/// <param name="MinWords">Least words of a caption.</param>
/// <param name="MaxWords">Greatest number of words.</param>
/// <param name="MinCharacters">Least characters of a caption.</param>
/// <param name="MaxCharacters">Greatest number of characters.</param>
/// <param name="MaxRepeats">Pairs that may have one caption, in <c>wit shards filter</c>.</param>
/// <param name="MinBytes">Least bytes of an image.</param>
/// <param name="MinSide">Least shorter side, pixels.</param>
/// <param name="MaxAspect">Greatest ratio of the sides.</param>
internal sealed record FilterRecipe(
    IReadOnlyList<string> Languages, int MinWords, int? MaxWords, int MinCharacters, int? MaxCharacters, int? MaxRepeats, int MinBytes, int MinSide, double MaxAspect)
{
    private const double AnyAspect = 65_500;

    /// <summary>By their names.</summary>
    public static IReadOnlyDictionary<string, FilterRecipe> All { get; } = new Dictionary<string, FilterRecipe>
    {
        // DataComp's basic filter: Gadre et al. 2023, arXiv:2304.14108, baselines/apply_filter.py.
        ["datacomp"] = new(["en"], 3, null, 6, null, null, 0, 200, 3),
        // LAION-400M: Schuhmann et al. 2021, arXiv:2111.02114: captions of 5 characters, files of 5 kB.
        ["laion"] = new([], 0, null, 5, null, null, 5_000, 1, AnyAspect),
        // COYO-700M: github.com/kakaobrain/coyo-dataset, README.
        ["coyo"] = new(["en"], 3, 256, 6, 1_000, 10, 5_000, 200, 3),
        // Whatever decodes.
        ["none"] = new([], 0, null, 0, null, null, 0, 1, AnyAspect),
    };
}
