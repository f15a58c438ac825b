using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebImageText.Cli.Demo.Scenes;
using WebImageText.Cli.Demo.Web;

namespace WebImageText.Cli.Demo;

/// <summary>Scenes that are held out: no picture of the web shows one of them, save the copies that must be found.</summary>
/// <param name="Folder">A folder per class (the thing shown), with its pictures.</param>
/// <param name="LabelsPath">JSON: the classes, and of each picture class, colour, count, size, place, backdrop and caption.</param>
internal sealed record EvaluationSet(string Folder, string LabelsPath)
{
    public const string Name = "demo";

    internal static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One picture of the set.</summary>
    /// <param name="File">Relative to <see cref="Folder"/>.</param>
    /// <param name="Class">The thing shown.</param>
    /// <param name="Colour">Of the thing.</param>
    /// <param name="Count">1-5.</param>
    /// <param name="Size">small, usual or big.</param>
    /// <param name="Place">-1, 0, 1 for left, middle, right; then for top, middle, bottom.</param>
    /// <param name="Backdrop">What is behind it.</param>
    /// <param name="Caption">True English.</param>
    public sealed record Label(
        string File, string Class, string Colour, int Count, string Size, IReadOnlyList<int> Place, string Backdrop, string Caption);

    /// <summary>The file of labels.</summary>
    public sealed record Labels(string Name, IReadOnlyList<string> Classes, IReadOnlyList<string> Colours, IReadOnlyList<Label> Images);

    internal static async Task<EvaluationSet> WriteAsync(IReadOnlyList<Scene> scenes, string folder, CancellationToken stop)
    {
        var set = new EvaluationSet(Path.Combine(folder, "evaluation"), Path.Combine(folder, "evaluation.json"));
        var labels = scenes.Select((scene, at) => LabelOf(scene, at)).ToArray();
        foreach (var name in labels.Select(label => label.Class).Distinct())
            Directory.CreateDirectory(Path.Combine(set.Folder, name));
        await Parallel.ForAsync(0, scenes.Count, stop, async (at, token) =>
            await File.WriteAllBytesAsync(Path.Combine(set.Folder, labels[at].File), new DemoPicture(scenes[at], Quality: 92).Encode(), token));
        var all = new Labels(Name, [.. labels.Select(label => label.Class).Distinct()], [.. SceneColour.All.Select(colour => colour.Name)], labels);
        await File.WriteAllTextAsync(set.LabelsPath, JsonSerializer.Serialize(all, Json), stop);
        return set;
    }

    private static Label LabelOf(Scene scene, int at)
    {
        var group = scene.Groups[0];
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{group.Kind}/{at:000}.jpg"), group.Kind.Name, group.Colour.Name, group.Count,
            scene.Size.ToString().ToLowerInvariant(), [scene.Place.X, scene.Place.Y], scene.Backdrop.Name, scene.Caption);
    }
}
