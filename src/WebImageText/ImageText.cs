namespace WebImageText;

/// <summary>Where the text of an image stood. Stored as <see cref="TextSources.Word"/>: append, never renumber.</summary>
public enum TextSource
{
    /// <summary>The <c>alt</c> attribute.</summary>
    Alt = 1,
    /// <summary>The <c>figcaption</c> of the image's <c>figure</c>.</summary>
    Figcaption = 2,
    /// <summary>The <c>aria-label</c> attribute.</summary>
    AriaLabel = 3,
    /// <summary>The <c>title</c> attribute.</summary>
    Title = 4,
    /// <summary>Caption or description of a JSON-LD <c>ImageObject</c>.</summary>
    JsonLd = 5,
    /// <summary><c>og:image:alt</c>, for the page's <c>og:image</c>.</summary>
    OgImageAlt = 6,
    /// <summary>The text under a search result.</summary>
    SearchContent = 7,
    /// <summary>The title of a search result.</summary>
    SearchTitle = 8,
    /// <summary>The caption column of a list of addresses.</summary>
    ListCaption = 9,
    /// <summary>Title or caption in an image sitemap.</summary>
    SitemapCaption = 10,
    /// <summary><c>media:description</c> of a feed.</summary>
    MediaDescription = 11,
    /// <summary><c>media:title</c> of a feed, or the title of an enclosure.</summary>
    MediaTitle = 12,
    /// <summary>The title of a feed's item.</summary>
    FeedTitle = 13,
    /// <summary>The description or summary of a feed's item, without its markup.</summary>
    FeedDescription = 14,
}

/// <summary>One text that was found for an image.</summary>
/// <param name="Source">Where it stood.</param>
/// <param name="Text">Unicode NFC, white space collapsed, no control characters, not empty.</param>
public sealed record ImageText(TextSource Source, string Text);

/// <summary>The words under which text sources are stored.</summary>
public static class TextSources
{
    private static readonly TextSource[] Values = Enum.GetValues<TextSource>();
    private static readonly string[] Words = [.. Values.Select(source => SnakeCase.Of(source.ToString()))];

    /// <summary>The stored word, for example <c>og_image_alt</c>.</summary>
    public static string Word(this TextSource source) => Words[Array.IndexOf(Values, source)];

    /// <summary>The source of a stored word.</summary>
    /// <exception cref="FormatException">No source has that word.</exception>
    public static TextSource Parse(string word) => Array.IndexOf(Words, word) is >= 0 and var at
        ? Values[at]
        : throw new FormatException($"'{word}' is no text source. Known: {string.Join(", ", Words)}.");
}
