using System.CommandLine;
using System.CommandLine.Parsing;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Curate.Dedup.Index;

namespace WebImageText.Cli.Run;

/// <summary><c>--eval-set NAME=DIR</c>, as several verbs take it.</summary>
internal static class EvaluationOption
{
    public static Option<EvaluationSet[]> Create(string description) => new("--eval-set")
    {
        Description = $"{description}: a folder of images, or of class folders",
        HelpName = "NAME=DIR",
        CustomParser = result => [.. result.Tokens.Select(token => Read(token.Value, result)).OfType<EvaluationSet>()],
    };

    /// <summary><c>--eval-index F</c>: the calibrated thresholds of those sets.</summary>
    public static Option<FileInfo> CreateIndex() => new Option<FileInfo>("--eval-index")
    {
        Description = "Index of 'wit dedup calibrate': the thresholds of the --eval-set of the same names, for the same detector",
        HelpName = "F",
    }.AcceptExistingOnly();

    /// <summary>The sets with the thresholds of an index.</summary>
    /// <param name="sets">As <c>--eval-set</c> names them.</param>
    /// <param name="index">What <c>--eval-index</c> names; null leaves the sets as they are.</param>
    /// <param name="detector">The detector's file; null for perceptual hashes alone.</param>
    public static EvaluationSet[] Calibrated(EvaluationSet[] sets, FileInfo? index, string? detector)
    {
        if (index is null)
            return sets;
        if (sets.Length == 0 || detector is null)
            throw UserErrorException.Usage("--eval-index gives the thresholds of a detector for evaluation sets: it needs --eval-set, and a detector.");
        try
        {
            using var opened = DescriptorIndex.Open(index.FullName);
            using var describer = new DetectorDescriber(DetectorModel.Open(detector, threads: 1));
            opened.RequireModel(describer.Model, describer.Name);
            var known = opened.Head.Sets.Select((set, at) => (set.Name, at)).ToDictionary(set => set.Name, set => set.at);
            return [.. sets.Select(set => known.TryGetValue(set.Name, out var at)
                ? set with { MinScore = opened.ThresholdOf(at) }
                : throw UserErrorException.Usage($"'{index}' has no evaluation set '{set.Name}'; it has {string.Join(", ", known.Keys)}."))];
        }
        catch (InvalidDataException wrong)
        {
            throw UserErrorException.BadData(wrong.Message);
        }
    }

    private static EvaluationSet? Read(string text, ArgumentResult result)
    {
        if (text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } folder] && Directory.Exists(folder))
            return new(name, folder);
        result.AddError($"'{text}' is not NAME=DIR with a folder that exists (option --eval-set).");
        return null;
    }
}
