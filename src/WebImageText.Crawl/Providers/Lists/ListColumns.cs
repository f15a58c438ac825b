namespace WebImageText.Crawl.Providers.Lists;

/// <summary>Which column of a list means what: by the names that img2dataset, LAION, DataComp, COYO and we ourselves use.</summary>
/// <param name="Address">Name of the column of addresses, if it is not one of those.</param>
/// <param name="Caption">Name of the column of captions, if it is not one of those.</param>
public sealed record ListColumns(string? Address = null, string? Caption = null)
{
    internal const int Url = 0, Text = 1, Sha256 = 2, Md5 = 3, Sha1 = 4, Page = 5, License = 6;

    private static readonly string[][] Known =
    [
        ["url", "image_url", "img_src", "image", "src"],
        ["caption", "text", "alt", "alt_text", "title", "description"],
        ["sha256"],
        ["md5"],
        ["sha1"],
        ["page_url", "page", "foreign_landing_url", "referrer"],
        ["license"],
    ];

    /// <summary>Chooses among the columns that a list has.</summary>
    internal string?[] Choose(string list, IReadOnlyList<string> names)
    {
        string?[] chosen = [.. Known.Select(known => First(names, known))];
        chosen[Url] = Named(list, names, Address, "--url-column") ?? chosen[Url];
        chosen[Text] = Named(list, names, Caption, "--caption-column") ?? chosen[Text];
        return chosen[Url] is not null ? chosen : throw new InvalidDataException(
            $"'{list}' has no column of addresses ({string.Join(", ", Known[Url])}); it has {Show(names)}. Name it with --url-column.");
    }

    private static string? Named(string list, IReadOnlyList<string> names, string? wanted, string option) =>
        wanted is null || names.Contains(wanted) ? wanted
        : throw new InvalidDataException($"'{list}' has no column '{wanted}' ({option}); it has {Show(names)}.");

    private static string? First(IReadOnlyList<string> names, string[] known) =>
        known.Select(word => names.FirstOrDefault(name => name.Equals(word, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(name => name is not null);

    private static string Show(IReadOnlyList<string> names) =>
        Extract.CleanText.Of(string.Join(", ", names.Take(20).Select(name => name.Length > 40 ? $"{name[..40]}…" : name)), 1_000);
}
