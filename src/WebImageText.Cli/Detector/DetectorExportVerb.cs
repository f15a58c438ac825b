using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Evaluate;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Learn.Detector;

namespace WebImageText.Cli.Detector;

/// <summary><c>wit detector export</c>: a detector's weights as the ONNX file that any program can run.</summary>
internal static class DetectorExportVerb
{
    public static Command Create()
    {
        var weights = new Argument<string>("weights") { Description = "NAME.safetensors of 'wit detector train', with NAME.json beside it" };
        var output = new Option<string>("--out") { Description = "The file to write; its preprocessing and weights appear beside it", HelpName = "F.onnx", Required = true };
        var verb = new Command("export", "Write a detector as ONNX: image [n, 3, side, side] in, embedding [n, d] out") { weights, output };
        verb.SetAction((parsed, _) => ModelOptions.Guarded(() =>
        {
            ModelOptions.RequireTorch();
            var path = parsed.GetRequiredValue(output);
            try
            {
                TorchDetector.Export(parsed.GetRequiredValue(weights), path);
            }
            catch (FileNotFoundException missing)
            {
                throw UserErrorException.Usage(missing.Message);
            }
            catch (InvalidDataException refused)
            {
                throw UserErrorException.BadData(refused.Message);
            }
            using var written = DetectorModel.Open(path, threads: 1); // what cannot be opened again is not said to be written
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(new { Path = path, written.Dimension, written.Preprocessing.Side, written.Hash });
            else
                Screen.Out.WriteLine($"{path}: {written.Dimension} numbers of pictures of {written.Preprocessing.Side} px");
            return Task.FromResult(ExitCode.Done);
        }));
        return verb;
    }
}
