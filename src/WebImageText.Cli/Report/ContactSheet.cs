namespace WebImageText.Cli.Report;

/// <summary>A page of pictures that shows what a run made: kept and dropped, each reason with examples.</summary>
/// <param name="Title">Plain text, as all texts here: the writer encodes them.</param>
/// <param name="Introduction">A sentence or two under the title.</param>
/// <param name="Facts">Further figures of the run: name and value.</param>
/// <param name="Kept">What became a pair.</param>
/// <param name="Dropped">What did not, by reason.</param>
internal sealed record ContactSheet(
    string Title, string Introduction, IReadOnlyList<(string Name, string Value)> Facts, SheetSection Kept,
    IReadOnlyDictionary<DropReason, SheetSection> Dropped)
{
    /// <summary>All that was judged.</summary>
    public long Total => Kept.Count + Dropped.Values.Sum(section => section.Count);
}

/// <summary>Pictures with one outcome.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Examples">Some of them; the writer shows the first <see cref="SheetWriter.MostExamples"/>.</param>
internal sealed record SheetSection(long Count, IReadOnlyList<SheetPicture> Examples);

/// <summary>A picture with what is known of it. Caption, query, address and detail may hold anything at all.</summary>
/// <param name="Image">Encoded bytes, as stored or as served; empty where there are none.</param>
/// <param name="Caption">The text found for it.</param>
/// <param name="Query">The query whose pair it is.</param>
/// <param name="Address">Where the picture stood.</param>
/// <param name="Detail">What exactly was wrong, or right.</param>
internal sealed record SheetPicture(
    ReadOnlyMemory<byte> Image, string? Caption, string? Query = null, string? Address = null, string? Detail = null);
