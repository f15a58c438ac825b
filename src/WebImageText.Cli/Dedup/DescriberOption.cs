using System.CommandLine;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Curate.Dedup.Index;

namespace WebImageText.Cli.Dedup;

/// <summary><c>--model</c>: what makes the descriptors.</summary>
internal static class DescriberOption
{
    public static Option<string?> Create() => new("--model")
    {
        Description = "Detector: an ONNX file with its JSON beside it, or 'pdq' for perceptual hashes. Default: this program's own detector if it is here, else pdq",
        HelpName = "F.onnx|pdq",
    };

    /// <summary>Opens what the option names.</summary>
    /// <exception cref="UserErrorException">It is not there, or no detector.</exception>
    public static Describer Open(string? model)
    {
        if (model == "pdq" || model is null && !File.Exists(DetectorModel.DefaultPath))
            return new PdqDescriber();
        try
        {
            // Many pictures are described at a time: a thread each.
            return new DetectorDescriber(DetectorModel.Open(model ?? DetectorModel.DefaultPath, threads: 1));
        }
        catch (Exception wrong) when (wrong is InvalidDataException or FileNotFoundException)
        {
            throw UserErrorException.BadData(wrong.Message);
        }
    }

    /// <summary>Opens what made an index: its name if that is enough, else the option must name it.</summary>
    public static Describer Open(string? model, DescriptorIndex index)
    {
        var describer = Open(model ?? (index.Head.Describer == "pdq" ? "pdq" : null));
        try
        {
            index.RequireModel(describer.Model, describer.Name);
            return describer;
        }
        catch (InvalidDataException wrong)
        {
            describer.Dispose();
            throw UserErrorException.BadData(wrong.Message);
        }
    }
}
