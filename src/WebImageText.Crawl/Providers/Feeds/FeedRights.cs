using WebImageText.Crawl.Extract;

namespace WebImageText.Crawl.Providers.Feeds;

/// <summary>What an element says of the rights in what stands in it.</summary>
/// <param name="License">Address or name of the licence, or null.</param>
/// <param name="Credit">Whom to name, or null.</param>
internal sealed record FeedRights(string? License, string? Credit)
{
    private static readonly string[] Makers = ["photographer", "author", "artist"];

    public static FeedRights None { get; } = new(null, null);

    /// <summary>Of an element's own children; what they leave out stands outside.</summary>
    /// <param name="element">An image, a group of them, an item or the feed.</param>
    /// <param name="outside">Of the element around it.</param>
    public static FeedRights Of(FeedElement element, FeedRights outside) => Of([.. element.Children], outside);

    /// <summary>Of elements that stand beside each other.</summary>
    public static FeedRights Of(IReadOnlyList<FeedElement> beside, FeedRights outside) => new(
        beside.Select(LicenseOf).FirstOrDefault(license => license is not null) ?? outside.License,
        CreditOf(beside) ?? outside.Credit);

    private static string? LicenseOf(FeedElement said) => said switch
    {
        { Vocabulary: FeedVocabulary.Media or FeedVocabulary.CreativeCommons or FeedVocabulary.DublinCore, Name: "license" } =>
            JsonAnswer.Line(said["href"]) ?? JsonAnswer.Line(said["resource"]) ?? JsonAnswer.Line(said.Text),
        { Vocabulary: FeedVocabulary.Atom, Name: "link" } when said["rel"] == "license" => JsonAnswer.Line(said["href"]),
        _ => null,
    };

    // Of several who are named the one who made the picture.
    private static string? CreditOf(IReadOnlyList<FeedElement> beside)
    {
        var credits = beside.Where(said => said.Is(FeedVocabulary.Media, "credit")).OrderBy(said => Array.IndexOf(Makers, said["role"]) is >= 0 and var place ? place : Makers.Length);
        var others = beside.Where(said => said.Is(FeedVocabulary.Media, "copyright")).Concat(beside.Where(said => said.Is(FeedVocabulary.DublinCore, "creator")));
        var authors = beside.Where(said => said.Is(FeedVocabulary.Atom, "author")).SelectMany(author => author.All(FeedVocabulary.Atom, "name"));
        return credits.Concat(others).Concat(authors).Select(said => JsonAnswer.Line(HtmlText.Of(said.Text))).FirstOrDefault(credit => credit is not null);
    }
}
