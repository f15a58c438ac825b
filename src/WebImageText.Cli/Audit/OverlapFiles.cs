using System.Globalization;
using System.Text;
using System.Text.Json;
using WebImageText.Cli.Charts;
using WebImageText.Cli.Dedup;
using WebImageText.Cli.Dedup.Review;

namespace WebImageText.Cli.Audit;

/// <summary>Writes an overlap audit into a folder that can be opened from disk.</summary>
internal static class OverlapFiles
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task WriteAsync(
        string folder, OverlapReport report, IReadOnlyList<AlikePair> shown, PairPictures pictures, CancellationToken stop)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "overlap.csv"), report.ToCsv(), stop);
        await File.WriteAllBytesAsync(Path.Combine(folder, "overlap.json"), JsonSerializer.SerializeToUtf8Bytes(report.ToJson(), Json), stop);
        OverlapCharts.WriteDifference(Path.Combine(folder, "difference.svg"), report.Rows);
        OverlapCharts.WriteGain(Path.Combine(folder, "gain.svg"), report.Rows);
        for (var at = 0; at < report.Rows.Count; at++)
            OverlapCharts.WriteHistogram(Path.Combine(folder, Histogram(at)), report.Rows[at]);
        var thumbs = Path.Combine(folder, "thumbs");
        Directory.CreateDirectory(thumbs);
        foreach (var old in Directory.EnumerateFiles(thumbs, "*.webp"))
            File.Delete(old);
        var neighbours = new List<ShownPair>();
        foreach (var (at, pair) in shown.Index())
            neighbours.Add(new(pair, await SaveAsync($"{at:0000}a", pictures.Evaluation(pair)), await SaveAsync($"{at:0000}b", pictures.Crawl(pair))));
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), OverlapPage.Write(report, neighbours), new UTF8Encoding(false), stop);

        async Task<string?> SaveAsync(string name, byte[]? picture)
        {
            if (picture is null)
                return null;
            await File.WriteAllBytesAsync(Path.Combine(thumbs, name + ".webp"), picture, stop);
            return $"thumbs/{name}.webp";
        }
    }

    /// <summary>The file of a set's histogram.</summary>
    public static string Histogram(int set) => string.Create(CultureInfo.InvariantCulture, $"likeness-{set:000}.svg");
}

/// <summary>A pair on the page.</summary>
/// <param name="Pair">What it is.</param>
/// <param name="Evaluation">File of the evaluation image's thumbnail, relative to the page.</param>
/// <param name="Training">And of the training picture's.</param>
internal sealed record ShownPair(AlikePair Pair, string? Evaluation, string? Training);
