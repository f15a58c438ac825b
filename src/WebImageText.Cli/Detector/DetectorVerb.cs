using System.CommandLine;

namespace WebImageText.Cli.Detector;

/// <summary><c>wit detector</c>: the near-duplicate detector, from photographs to descriptors.</summary>
internal static class DetectorVerb
{
    public static Command Create() => new("detector", "Train, export and use the detector of near-duplicates")
    {
        DetectorPackVerb.Create(),
        DetectorTrainVerb.Create(),
        DetectorEmbedVerb.Create(),
        DetectorScoreVerb.Create(),
        DetectorExportVerb.Create(),
    };
}
