using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;
using WebImageText.Crawl.Queries.Counting;

namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>Reads page views in both forms that Wikimedia publishes, for one wiki.</summary>
/// <remarks>Hourly <c>pageviews</c> and <c>pagecounts</c>: <c>en.m Main_Page 42 0</c>. Daily <c>pageview_complete</c>:
/// <c>en.wikipedia Main_Page 15580374 desktop 42 A1B2</c>.</remarks>
internal static partial class PageViews
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The day that a file is of, from its name; a file without a date counts as a day of its own.</summary>
    public static string DayOf(string path) =>
        DatePattern().Match(Path.GetFileName(path)) is { Success: true } date ? date.Value : Path.GetFileName(path);

    /// <summary>Adds the views of one file.</summary>
    /// <param name="lines">Of the decompressed file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="language">The wiki's: "en".</param>
    /// <param name="views">Receives the views of each title.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Lines of that wiki that were read, and those that could not be.</returns>
    /// <exception cref="InvalidDataException">No line is one of page views.</exception>
    public static (long Read, long Unreadable) Add(LineReader lines, string name, string language, TermCounter views, CancellationToken stop)
    {
        var (first, prefix) = (true, Encoding.ASCII.GetBytes(language));
        var (read, unreadable, other) = (0L, 0L, 0L);
        while (lines.TryRead(out var line, out var whole))
        {
            if (first && line.TrimStart((byte)' ') is [(byte)'<', ..])
                throw new InvalidDataException($"Page views '{name}', byte 0: this is a web page, not page views. Download the file again.");
            first = false;
            if (!whole || line.Count((byte)' ') < 3)
                unreadable++;
            else if (!line.StartsWith(prefix) || !IsWiki(line[prefix.Length..line.IndexOf((byte)' ')]))
                other++;
            else if (TryRead(line, out var title, out var count))
            {
                views.Add(TermCounter.HashOf(title), title, count);
                read++;
            }
            else
                unreadable++;
            if ((read + other & 0xFFFFF) == 0)
                stop.ThrowIfCancellationRequested();
        }
        return read + other > 0 ? (read, unreadable) : throw new InvalidDataException(
            $"Page views '{name}': none of {unreadable} lines is one of page views (wiki, title, count). Is this the right file?");
    }

    // "en", its mobile form "en.m", "en.wikipedia"; not "en.b", which are its books.
    private static bool IsWiki(ReadOnlySpan<byte> rest) =>
        rest.IsEmpty || rest.SequenceEqual(".m"u8) || rest.SequenceEqual(".wikipedia"u8) || rest.SequenceEqual(".z"u8);

    private static bool TryRead(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> title, out uint count)
    {
        title = default;
        count = 0;
        Span<Range> columns = stackalloc Range[7];
        var found = 0;
        foreach (var column in line.Split((byte)' '))
        {
            if (found == columns.Length)
                return false;
            columns[found++] = column;
        }
        // hourly: count third; daily: count fifth, or fourth where the page number is missing
        var at = found == 4 ? 2 : found == 6 ? 4 : found == 5 ? 3 : -1;
        if (at < 0 || !Utf8Parser.TryParse(line[columns[at]], out count, out var used) || used != line[columns[at]].Length)
            return false;
        try
        {
            var text = Strict.GetString(line[columns[1]]);
            if (text.Contains('%'))
                text = Uri.UnescapeDataString(text);
            title = Strict.GetBytes(text.Replace('_', ' ').Normalize());
            return title.Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\d{8}")]
    private static partial Regex DatePattern();
}
