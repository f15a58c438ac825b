using System.Text.Json;

namespace WebImageText.Learn.Evaluate;

/// <summary>The texts that stand for classes: every name of a class in every template.</summary>
/// <param name="Names">The names of each class; most have one.</param>
/// <param name="Templates">Each with one <c>{}</c>.</param>
public sealed record ClassPrompts(IReadOnlyList<IReadOnlyList<string>> Names, IReadOnlyList<string> Templates)
{
    /// <summary>CLIP's first template: what a caption of one thing looks like.</summary>
    public static IReadOnlyList<string> Simple { get; } = ["a photo of a {}."];

    /// <summary>The name alone: the paper's comparison without a prompt.</summary>
    public static IReadOnlyList<string> Bare { get; } = ["{}"];

    /// <summary>The seven that do as well on ImageNet as all eighty (openai/CLIP, Prompt_Engineering_for_ImageNet).</summary>
    public static IReadOnlyList<string> Seven { get; } =
    [
        "itap of a {}.", "a bad photo of the {}.", "a origami {}.", "a photo of the large {}.", "a {} in a video game.", "art of the {}.",
        "a photo of the small {}.",
    ];

    /// <summary>Templates by name (<c>simple</c>, <c>bare</c>, <c>seven</c>) or of a file: a JSON list, or lines.</summary>
    /// <exception cref="LabelledSetException">The file holds none, or one without <c>{}</c>.</exception>
    public static IReadOnlyList<string> LoadTemplates(string nameOrPath)
    {
        if (!File.Exists(nameOrPath))
            return nameOrPath switch
            {
                "simple" => Simple,
                "bare" => Bare,
                "seven" => Seven,
                _ => throw new LabelledSetException($"There are no templates '{nameOrPath}': 'simple', 'bare', 'seven', or a file."),
            };
        IReadOnlyList<string> templates = [.. List(nameOrPath).Select(template => template.Replace("{c}", "{}", StringComparison.Ordinal))];
        var bad = templates.FirstOrDefault(template => template.Split("{}").Length != 2);
        return templates.Count == 0 || bad is not null
            ? throw new LabelledSetException($"'{nameOrPath}': {(bad is null ? "no template" : $"the template '{bad}'")} has one {{}} for the class's name.")
            : templates;
    }

    /// <summary>
    /// Names of a set's classes: the set's own (with spaces for underscores), or those of a file. A JSON object maps the set's name of
    /// a class to a name or a list of them; a JSON list or lines follow the set's order, <c>a|b</c> being two names of one class.
    /// </summary>
    /// <exception cref="LabelledSetException">The file does not fit the set.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> LoadNames(string? path, IReadOnlyList<string> classes)
    {
        if (path is null)
            return [.. classes.Select(name => new[] { name.Replace('_', ' ') })];
        if (!File.Exists(path))
            throw new LabelledSetException($"The file of class names '{path}' does not exist.");
        var text = File.ReadAllText(path);
        if (text.AsSpan().TrimStart() is ['{', ..])
        {
            using var json = Parse(text, path);
            return [.. classes.Select(name => json.RootElement.TryGetProperty(name, out var names)
                ? NamesOf(names, path)
                : throw new LabelledSetException($"'{path}' has no name for the class '{name}'."))];
        }
        var list = List(path);
        return list.Count == classes.Count
            ? [.. list.Select(name => name.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]
            : throw new LabelledSetException($"'{path}' has {list.Count} names, the set {classes.Count} classes. A JSON object that maps the set's classes to names needs no order.");
    }

    /// <summary>Every text of a class.</summary>
    public IEnumerable<string> TextsOf(int index) =>
        Names[index].SelectMany(_ => Templates, (name, template) => template.Replace("{}", name, StringComparison.Ordinal));

    private static List<string> List(string path)
    {
        var text = File.ReadAllText(path);
        if (text.AsSpan().TrimStart() is not ['[', ..])
            return [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        using var json = Parse(text, path);
        return [.. json.RootElement.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Array
            ? string.Join('|', NamesOf(item, path))
            : NamesOf(item, path)[0])];
    }

    private static string[] NamesOf(JsonElement value, string path)
    {
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        string[] names = [.. items.Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : "")];
        return names.Length > 0 && !names.Contains("")
            ? names
            : throw new LabelledSetException($"'{path}': {value.GetRawText()} is neither a name nor a list of names.");
    }

    private static JsonDocument Parse(string text, string path)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException broken)
        {
            throw new LabelledSetException($"'{path}' is not valid JSON: {broken.Message}");
        }
    }
}
