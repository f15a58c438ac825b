using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace WebImageText.Curate.Filter;

/// <summary>Captions that say nothing of the picture: names of files, and the phrases of page builders.</summary>
/// <remarks>
/// Only a caption that is nothing else counts, so a true caption is never lost to it. The phrases are those that content systems
/// write by themselves, WordPress, LinkedIn and Facebook among them, and the labels of enlarge, share and placeholder elements.
/// </remarks>
internal static partial class CaptionNoise
{
    private const int Longest = 160;

    private static readonly FrozenSet<string> Phrases = Lines("""
        advertisement
        back to top
        click for full size
        click for larger image
        click for larger view
        click here for larger image
        click here to enlarge
        click image for larger view
        click image to enlarge
        click image to view larger
        click image to zoom
        click on image to enlarge
        click on image to zoom
        click on the image to enlarge
        click on the picture to enlarge
        click photo to enlarge
        click picture to enlarge
        click the image to enlarge
        click to enlarge
        click to enlarge image
        click to enlarge photo
        click to expand image
        click to open image
        click to see full size
        click to view full size
        click to view larger image
        click to zoom
        click to zoom in
        coming soon image
        default image
        featured image
        hover to zoom
        image could not be loaded
        image coming soon
        image is not available
        image may be subject to copyright
        image not available
        image not found
        image placeholder
        image unavailable
        loading please wait
        may contain affiliate links
        no alt text provided for this image
        no alternative text description for this image
        no description available
        no image available
        no image found
        no image yet
        no image
        no photo available
        no photo description available
        no picture available
        open image in new window
        open in new window
        opens in a new window
        opens in new window
        photo coming soon
        photo not available
        photo unavailable
        picture coming soon
        picture not available
        placeholder image
        please enable javascript
        please enable javascript to view this image
        please wait while loading
        roll over image to zoom in
        share on facebook
        share on linkedin
        share on pinterest
        share on twitter
        share on whatsapp
        skip to content
        skip to main content
        sorry no image available
        sorry this image is not available
        tap to enlarge
        tap to zoom
        the image has no alt text
        this image is no longer available
        this image is not available
        this photo is no longer available
        upload your own image
        view full size
        view full size image
        view image in full screen
        view larger image
        your browser does not support the video tag
        """);

    // The rest of such a caption is a file name or a title of a page.
    private static readonly string[] Beginnings = ["this image has an empty alt attribute", "no alt text provided for", "no photo description available"];

    /// <summary>The caption is the name of a file: <c>IMG_2041.JPG</c>, <c>WhatsApp Image 2021-03-04 at 10.12.13</c>, a long number.</summary>
    public static bool IsFileName(string text)
    {
        var name = text.AsSpan().Trim();
        if (name.Length is 0 or > Longest)
            return false;
        var stem = name[..^Extension().Match(text.TrimEnd()).Length];
        return stem.Length < name.Length && !stem.ContainsAny(" \t") || Device().IsMatch(stem) || Number().IsMatch(stem);
    }

    /// <summary>The caption is a phrase that a page builder writes.</summary>
    public static bool IsBoilerplate(string text)
    {
        if (text.Length > 4 * Longest)
            return false;
        Span<char> plain = stackalloc char[text.Length];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                plain[length++] = char.ToLowerInvariant(c);
            else if (length > 0 && plain[length - 1] != ' ' && c != '\'')
                plain[length++] = ' ';
        }
        var phrase = plain[..length].TrimEnd(' ');
        foreach (var beginning in Beginnings)
            if (phrase.StartsWith(beginning, StringComparison.Ordinal))
                return true;
        return Phrases.GetAlternateLookup<ReadOnlySpan<char>>().Contains(phrase);
    }

    private static FrozenSet<string> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\.(?:jpe?g|jfif|png|gif|webp|avif|svg|bmp|tiff?|heic)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Extension();

    // What cameras, telephones and editors call their files: a word of theirs, then numbers, dates and the words of copies.
    [GeneratedRegex(
        @"^(?:img|image|photo|picture|pict|pic|dsc|dscn|dscf|dscn|dji|gopr|mvimg|pxl|sam|cimg|imag|wp|vid|scan|screen ?shot|whatsapp image|untitled|unnamed|download|capture)" +
        @"(?=.*\d)(?:[\d\s_\-.,:()#]|at|am|pm|of|wa|copy|edited|final|cropped|scaled|x(?=\d))*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Device();

    // Digits, or the digits and letters of a hash or an id.
    [GeneratedRegex(@"^(?:[\d\s_\-.x()]*\d[\d\s_\-.x()]*|(?=.*\d.*\d)[0-9a-f]{8,}(?:[_-][0-9a-f]+)*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
