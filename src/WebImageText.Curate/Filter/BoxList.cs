using System.Text.Json;
using WebImageText.Curate.Pixels;

namespace WebImageText.Curate.Filter;

/// <summary>Which rectangles of which images are blurred before they are stored. Safe for many threads once loaded.</summary>
/// <remarks>
/// JSON lines: <c>{"url": "https://...", "boxes": [[left, top, right, bottom], ...]}</c>, numbers 0-1 of the upright picture, as
/// img2dataset's bounding-box column has them.
/// </remarks>
public sealed class BoxList
{
    private const int MostBoxes = 1_000;

    private readonly Dictionary<string, BlurBox[]> _boxes = new(StringComparer.Ordinal);

    /// <summary>Images that have boxes.</summary>
    public int Count => _boxes.Count;

    /// <summary>Reads a file of boxes.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is no entry; the message names file and line.</exception>
    public static BoxList Load(string path)
    {
        var list = new BoxList();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            try
            {
                if (!string.IsNullOrWhiteSpace(line))
                    list.Add(line);
            }
            catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
            {
                throw new FormatException($"Boxes '{path}', line {number}: {wrong.Message}", wrong);
            }
        }
        return list;
    }

    /// <summary>The boxes of an image; none for most.</summary>
    public IReadOnlyList<BlurBox> Of(WebAddress image) => _boxes.GetValueOrDefault(image.Canonical) ?? [];

    private void Add(string line)
    {
        using var json = JsonDocument.Parse(line, new() { MaxDepth = 4 });
        var url = json.RootElement.GetProperty("url").GetString() ?? "";
        if (!WebAddress.TryParse(url, null, out var address))
            throw new FormatException($"'{url}' is no address.");
        var boxes = json.RootElement.GetProperty("boxes").EnumerateArray().Take(MostBoxes).Select(Box).ToArray();
        _boxes[address.Canonical] = boxes;
    }

    private static BlurBox Box(JsonElement box)
    {
        var numbers = box.EnumerateArray().Select(number => number.GetSingle()).ToArray();
        return numbers is [var left, var top, var right, var bottom] && left <= right && top <= bottom && numbers.All(number => number is >= 0 and <= 1)
            ? new(left, top, right, bottom)
            : throw new FormatException($"{box.GetRawText()} is no box: write [left, top, right, bottom] of 0-1.");
    }
}
