using System.Globalization;
using System.Text;
using WebImageText.Curate.Pixels;

namespace WebImageText.Cli.Report;

/// <summary>Writes a contact sheet into a folder that can be opened from disk or copied to any web server.</summary>
internal static class SheetWriter
{
    /// <summary>Pictures shown for one outcome.</summary>
    public const int MostExamples = 60;

    private const int ThumbnailSide = 360;

    /// <summary>Writes <c>index.html</c> and <c>thumbs/</c>; what stood there of an older sheet is replaced.</summary>
    /// <returns>The path of the page.</returns>
    public static async Task<string> WriteAsync(ContactSheet sheet, string folder, CancellationToken stop)
    {
        var thumbs = Path.Combine(folder, "thumbs");
        Directory.CreateDirectory(thumbs);
        foreach (var old in Directory.EnumerateFiles(thumbs, "*.webp"))
            File.Delete(old);

        var shown = sheet.Dropped.OrderBy(dropped => dropped.Key).Select(dropped => dropped.Value).Prepend(sheet.Kept)
            .SelectMany(section => section.Examples.Take(MostExamples)).ToArray();
        var files = new string?[shown.Length];
        await Parallel.ForAsync(0, shown.Length, stop, async (at, token) =>
        {
            if (Thumbnail.TryMake(shown[at].Image, ThumbnailSide) is not { } thumbnail)
                return;
            var name = string.Create(CultureInfo.InvariantCulture, $"{at:0000}.webp");
            await File.WriteAllBytesAsync(Path.Combine(thumbs, name), thumbnail, token);
            files[at] = $"thumbs/{name}";
        });
        var named = new Dictionary<SheetPicture, string>(ReferenceEqualityComparer.Instance);
        foreach (var (at, file) in files.Index())
        {
            if (file is not null)
                named[shown[at]] = file;
        }
        var page = Path.Combine(folder, "index.html");
        await File.WriteAllTextAsync(page, SheetPage.Write(sheet, named), new UTF8Encoding(false), stop);
        return page;
    }
}
