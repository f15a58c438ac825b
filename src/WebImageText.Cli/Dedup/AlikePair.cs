using System.Globalization;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Dedup;

/// <summary>An evaluation image and a picture of a crawl that resembles it.</summary>
/// <param name="Set">The evaluation set.</param>
/// <param name="File">The image within it.</param>
/// <param name="Crawl">The picture's name: its uid in a data set.</param>
/// <param name="Score">Their likeness.</param>
/// <param name="IsOver">Is it at or above the set's threshold?</param>
/// <param name="Shard">Where the picture lies; empty for a descriptor file.</param>
/// <param name="Key">And under which key.</param>
internal sealed record AlikePair(string Set, string File, string Crawl, float Score, bool IsOver, string Shard, string Key)
{
    public const string Header = "set,file,crawl,score,over,shard,key\n";

    /// <summary>Writes pairs as CSV, the most alike first.</summary>
    public static void Write(string path, IEnumerable<AlikePair> pairs)
    {
        using var writer = new StreamWriter(path);
        writer.Write(Header);
        foreach (var pair in pairs)
            writer.Write(Csv.Line(pair.Set, pair.File, pair.Crawl, pair.Score, pair.IsOver ? 1 : 0, pair.Shard, pair.Key));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="UserErrorException">It is something else.</exception>
    public static IEnumerable<AlikePair> Read(string path) => Csv.Read(path, "set", "file", "crawl", "score", "over", "shard", "key").Select(row => new AlikePair(
        row["set"], row["file"], row["crawl"],
        float.TryParse(row["score"], CultureInfo.InvariantCulture, out var score)
            ? score
            : throw UserErrorException.BadData($"'{path}': '{row["score"]}' is no score."),
        row["over"] == "1", row["shard"], row["key"]));
}
