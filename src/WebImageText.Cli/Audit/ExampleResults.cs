using WebImageText.Cli.Dedup;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Audit;

/// <summary>What a model made of every example of a set: its class, and whether the model named it.</summary>
internal sealed class ExampleResults
{
    private readonly Dictionary<string, (string? Label, bool? IsCorrect)> _examples;

    private ExampleResults(Dictionary<string, (string?, bool?)> examples) => _examples = examples;

    /// <summary>Of a file that no result names, only the class folder is known.</summary>
    public static ExampleResults None { get; } = new([]);

    /// <summary>
    /// Reads CSV with a column <c>file</c> (or <c>image</c>) and either <c>correct</c> (1 or 0) or both <c>label</c> and
    /// <c>predicted</c>; a column <c>label</c> names the class.
    /// </summary>
    /// <exception cref="UserErrorException">It has other columns, or names a file twice.</exception>
    public static ExampleResults Read(string path)
    {
        var examples = new Dictionary<string, (string?, bool?)>();
        foreach (var row in Csv.Read(path))
        {
            var file = row.GetValueOrDefault("file") ?? row.GetValueOrDefault("image")
                ?? throw UserErrorException.BadData($"'{path}' has neither a column 'file' nor 'image': which example is meant?");
            var label = row.GetValueOrDefault("label");
            bool? isCorrect = row.GetValueOrDefault("correct") switch
            {
                "1" or "true" or "True" => true,
                "0" or "false" or "False" => false,
                null when label is not null && row.TryGetValue("predicted", out var predicted) => predicted == label,
                null => throw UserErrorException.BadData($"'{path}' has no column 'correct', and not both 'label' and 'predicted'."),
                var other => throw UserErrorException.BadData($"'{path}', '{file}': correct is '{other}', not 1 or 0."),
            };
            if (!examples.TryAdd(file, (label, isCorrect)))
                throw UserErrorException.BadData($"'{path}' names '{file}' twice.");
        }
        return new(examples);
    }

    /// <summary>Examples that are named.</summary>
    public int Count => _examples.Count;

    /// <summary>Class and correctness of a file; the class is its folder where no result says it.</summary>
    public (string? Label, bool? IsCorrect) Of(string file) =>
        _examples.TryGetValue(file, out var example) ? (example.Label ?? FolderOf(file), example.IsCorrect) : (FolderOf(file), null);

    private static string? FolderOf(string file) => file.LastIndexOf('/') is > 0 and var slash ? file[..slash] : null;
}
