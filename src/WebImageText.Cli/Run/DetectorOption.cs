using System.CommandLine;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Descriptors;

namespace WebImageText.Cli.Run;

/// <summary><c>--detector</c>, as the verbs take it that keep evaluation images out.</summary>
internal static class DetectorOption
{
    public static Option<string?> Create() => new("--detector")
    {
        Description = "Detector of near-duplicates, an ONNX file, or 'none' for perceptual hashes alone. "
            + "Default: this program's own, if it is here and something is to be compared",
        HelpName = "F.onnx|none",
    };

    /// <summary>The file that the option means, or null.</summary>
    /// <param name="option">Its value.</param>
    /// <param name="isNeeded">Is there something to compare?</param>
    public static string? PathOf(string? option, bool isNeeded) => option switch
    {
        "none" => null,
        null => isNeeded && File.Exists(DetectorModel.DefaultPath) ? DetectorModel.DefaultPath : null,
        _ => File.Exists(option) ? option : throw UserErrorException.Usage($"The detector '{option}' is not there (option --detector)."),
    };
}
