using System.Text.Json.Serialization;

namespace WebImageText;

/// <summary>An image address and the texts that were found for it: a pair, if fetch, judge and dedup agree.</summary>
public sealed record Candidate
{
    /// <summary>Where the image is to be fetched.</summary>
    public required WebAddress Image { get; init; }

    /// <summary>The page that shows it, if one is known.</summary>
    public WebAddress? Page { get; init; }

    /// <summary>Every text found for the image, the caption first; empty when there is none.</summary>
    public IReadOnlyList<ImageText> Texts { get; init; } = [];

    /// <summary>The provider that led here, for example <c>searxng</c> or <c>pages</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Licence of the image, where the provider or the page names it; an address or a short name.</summary>
    public string? License { get; init; }

    /// <summary>Whom to name, where the provider says so; one line of text.</summary>
    public string? Attribution { get; init; }

    /// <summary>What the image's bytes must hash to, where the provider says so.</summary>
    public ImageDigest? Digest { get; init; }

    /// <summary>An opt-out that the page states for its images, as it stood there; the image is not fetched.</summary>
    public string? OptOut { get; init; }

    /// <summary>
    /// What its page, or the page's site, says about use, each statement as it stood, with the time at which it was read; null when
    /// nothing is said.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PageUse { get; init; }

    /// <summary>The first of <see cref="Texts"/>, or nothing.</summary>
    public ImageText? Caption => Texts.Count > 0 ? Texts[0] : null;

    /// <summary>The stable name of this candidate: see <see cref="PairUid"/>.</summary>
    public PairUid Uid => PairUid.Of(Image, Caption?.Text ?? "");
}
