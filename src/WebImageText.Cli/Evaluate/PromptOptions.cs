using System.CommandLine;

namespace WebImageText.Cli.Evaluate;

/// <summary>Options about the texts that stand for classes, and where their vectors are kept.</summary>
internal static class PromptOptions
{
    public static Option<string> Templates() => new("--templates")
    {
        Description = "Prompts, each with one {} for the name: 'simple' (a photo of a {}.), 'bare', 'seven', or a file (JSON list or lines)",
        HelpName = "F",
        DefaultValueFactory = _ => "simple",
    };

    public static Option<string?> Cache() => new("--cache")
    {
        Description = "Folder of text classifiers that were made before, by model and texts; 'none' keeps nothing",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine(Path.GetDirectoryName(Tokenizer.PublishedVocabulary.Path)!, "classifiers"),
    };

    /// <summary>The folder that an option names, or null for none.</summary>
    public static string? Folder(string? cache) => cache is "none" or "" ? null : cache;
}
