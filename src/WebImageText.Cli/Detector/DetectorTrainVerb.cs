using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using WebImageText.Cli.Terminal;
using WebImageText.Learn.Detector;

namespace WebImageText.Cli.Detector;

/// <summary><c>wit detector train</c>: photographs to a detector, resumable.</summary>
internal static class DetectorTrainVerb
{
    private static readonly Option<string[]> Photos = new("--photos")
    {
        Description = "Photographs: folder, list (.txt) or .tar ('wit detector pack'); repeatable",
        HelpName = "SOURCE",
        Required = true,
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "Folder of checkpoint, metrics and model; a checkpoint there is gone on from",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string> Device = new("--device") { Description = "cpu or cuda", DefaultValueFactory = _ => "cpu" };
    private static readonly Option<int> Depth = new("--depth") { Description = "Layers of the ResNet: 18 or 50", DefaultValueFactory = _ => 18 };
    private static readonly Option<int> Dimension = Whole("--dimension", "Numbers in a descriptor", DetectorShape.Default.Dimension);
    private static readonly Option<int> Side = Whole("--side", "Side of the network's input, pixels; a multiple of 32", new TrainOptions().Preprocessing.Side);
    private static readonly Option<int> PhotoSide = Whole("--photo-side", "Side at which photographs are held on the device, pixels; a multiple of 4", 192);
    private static readonly Option<int> Batch = Whole("--batch", "Pairs of views a step", new TrainOptions().Batch);
    private static readonly Option<int> Chunk = Whole("--chunk", "Views that pass the network at once; fewer than two a pair: gradient caching", new TrainOptions().Chunk);
    private static readonly Option<int> Steps = Whole("--steps", "Steps of the whole training", new TrainOptions().Steps);
    private static readonly Option<int> Warmup = Whole("--warmup", "Steps until the rate is full", new TrainOptions().Warmup);
    private static readonly Option<int> MeasureEvery = Whole("--measure-every", "Steps from one measurement on held-out photographs to the next", new TrainOptions().MeasureEvery);
    private static readonly Option<int> Seed = Whole("--seed", "Of everything random", new TrainOptions().Seed);
    private static readonly Option<double> Rate = Real("--rate", "Full learning rate of Adam", new TrainOptions().Rate);
    private static readonly Option<double> Temperature = Real("--temperature", "Divides the similarities in the loss", new TrainOptions().Temperature);
    private static readonly Option<double> Entropy = Real("--entropy", "Weight of the entropy term (KoLeo); 0: none", new TrainOptions().Entropy);
    private static readonly Option<double> HardFrom = Real("--hard-from", "Share of the training after which there is more of what is hardest", new TrainOptions().HardFrom);

    private static readonly Option<double> EasyUntil = Real("--easy-until", "Share of the training in which edits grow from light ones to all", new TrainOptions().EasyUntil);
    private static readonly Option<double> EntropyUntil = Real("--entropy-until", "Share of the training in which the entropy term grows to its weight", new TrainOptions().EntropyUntil);

    private static readonly Option<string?> Sheet = new("--sheet") { Description = "Only draw what it would be trained on, as a PNG", HelpName = "F.png" };

    private static readonly Option<TimeSpan> Time = CommonOptions.Duration(
        "--time", "Longest time of this call; call again to go on", TimeSpan.FromDays(30));

    public static Command Create()
    {
        var train = new Command("train", "Train a detector of near-duplicates on photographs")
        {
            Photos, Out, Device, Depth, Dimension, Side, PhotoSide, Batch, Chunk, Steps, Warmup, MeasureEvery, Seed, Rate, Temperature, Entropy, EntropyUntil, EasyUntil, HardFrom, Time, Sheet,
        };
        train.SetAction((parsed, stop) => WorkProgress.RunAsync("Training", report => Task.Run(() => Train(parsed, report, stop), CancellationToken.None)));
        return train;
    }

    private static int Train(ParseResult parsed, Action<WorkState> report, CancellationToken stop)
    {
        var options = Options(parsed);
        var folder = Directory.CreateDirectory(parsed.GetRequiredValue(Out)).FullName;
        var (checkpoint, metrics) = (Path.Combine(folder, "checkpoint.safetensors"), Path.Combine(folder, "metrics.jsonl"));
        using var photos = PhotoSet.Load(parsed.GetRequiredValue(Photos).SelectMany(ImageSource.Read).Select(image => image.Bytes),
            parsed.GetValue(PhotoSide), parsed.GetValue(Device)!, count => report(new(0, 0, $"{count} photographs")), stop);
        Screen.Note($"{photos.Count} photographs");
        using var trainer = new DetectorTrainer(options, photos, OverlayArt.Draw(options.Seed));
        if (parsed.GetValue(Sheet) is { } sheet)
        {
            ViewSheet.Write(sheet, trainer.Sheet(12, 10), columns: 10, options.Preprocessing.Side);
            return ExitCode.Done;
        }
        if (File.Exists(checkpoint))
            trainer.Load(checkpoint);
        Screen.Note($"at step {trainer.Step} of {options.Steps}");
        using (var lines = File.AppendText(metrics))
            trainer.Run(state =>
            {
                report(new(state.Step, options.Steps, string.Create(CultureInfo.InvariantCulture,
                    $"step {state.Step}, loss {state.Loss:F3}, {state.PairsPerSecond:F0} pairs/s")));
                lines.WriteLine(JsonSerializer.Serialize(state, JsonSerializerOptions.Web));
                if (state.Recall is not { } recall)
                    return;
                lines.Flush();
                Screen.Note(string.Create(CultureInfo.InvariantCulture, $"step {state.Step}, loss {state.Loss:F3}: ")
                    + string.Join(' ', recall.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value:F3}"))));
            }, stop);
        trainer.Save(checkpoint);
        trainer.Export(Path.Combine(folder, "detector.onnx"));
        Screen.Note($"'{folder}': step {trainer.Step} of {options.Steps}");
        return trainer.IsDone ? ExitCode.Done : ExitCode.StoppedEarly;
    }

    private static TrainOptions Options(ParseResult parsed)
    {
        var shape = parsed.GetValue(Depth) switch
        {
            18 => DetectorShape.Default,
            50 => DetectorShape.ResNet50,
            var other => throw UserErrorException.Usage($"A detector of depth {other} is not built here: --depth 18 or 50."),
        };
        if (parsed.GetValue(Device) is not ("cpu" or "cuda"))
            throw UserErrorException.Usage($"'{parsed.GetValue(Device)}' is no device: --device cpu or cuda.");
        if (parsed.GetValue(Side) is < 64 or > 512 || parsed.GetValue(Side) % 32 != 0)
            throw UserErrorException.Usage("--side must be a multiple of 32 from 64 to 512.");
        return new()
        {
            Shape = shape with { Dimension = parsed.GetValue(Dimension) },
            Preprocessing = new() { Side = parsed.GetValue(Side) },
            Batch = parsed.GetValue(Batch),
            Chunk = parsed.GetValue(Chunk),
            Steps = parsed.GetValue(Steps),
            Warmup = parsed.GetValue(Warmup),
            MeasureEvery = parsed.GetValue(MeasureEvery),
            Seed = parsed.GetValue(Seed),
            Rate = parsed.GetValue(Rate),
            Temperature = parsed.GetValue(Temperature),
            Entropy = parsed.GetValue(Entropy),
            HardFrom = parsed.GetValue(HardFrom),
            EasyUntil = parsed.GetValue(EasyUntil),
            EntropyUntil = parsed.GetValue(EntropyUntil),
            TimeLimit = parsed.GetValue(Time),
            IsHalf = parsed.GetValue(Device) == "cuda",
        };
    }

    private static Option<int> Whole(string name, string description, int standard) =>
        new(name) { Description = description, DefaultValueFactory = _ => standard };

    private static Option<double> Real(string name, string description, double standard) =>
        new(name) { Description = description, DefaultValueFactory = _ => standard };
}
