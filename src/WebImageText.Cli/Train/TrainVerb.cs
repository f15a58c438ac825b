using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using WebImageText.Cli.Charts;
using WebImageText.Cli.Evaluate;
using WebImageText.Cli.Terminal;
using WebImageText.Cli.Tokenizer;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Objectives;
using WebImageText.Learn.Data;
using WebImageText.Learn.Text;
using WebImageText.Learn.Train;
using WebImageText.Learn.Train.Nccl;

namespace WebImageText.Cli.Train;

/// <summary><c>wit train</c>: trains a CLIP model on shards.</summary>
internal static class TrainVerb
{
    public static Command Create()
    {
        var data = new Option<string[]>("--data")
        {
            Description = "Tars such as 'shards/{00000..00041}.tar' or az://container/prefix/{0..9}.tar, or a data set's place (repeatable)",
            HelpName = "SHARDS",
            Required = true,
        };
        var weight = new Option<double[]>("--data-weight") { Description = "Passes over each --data in an epoch; with --resample, how likely it is drawn. Default 1 each", HelpName = "W" };
        var model = new Option<string>("--model") { Description = $"{string.Join(", ", ClipConfiguration.Names)}, or a JSON file of open_clip's form", HelpName = "NAME", DefaultValueFactory = _ => "ViT-B/32" };
        var vocabulary = VocabularyOption.Create();
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder of the run", HelpName = "DIR", DefaultValueFactory = _ => new("train") };
        var preset = new Option<string?>("--preset") { Description = "'paper': batch, rate, warm-up and epochs of the CLIP paper for this model", HelpName = "NAME" };
        preset.AcceptOnlyFromAmong("paper");
        var batch = new Option<int?>("--batch") { Description = "Pairs of a step. Default 256", HelpName = "N" };
        var part = new Option<int>("--part") { Description = "Pairs that are computed at a time, to save memory; 0 for all", HelpName = "N" };
        var epochs = new Option<double?>("--epochs") { Description = "Passes over the data. Default 32", HelpName = "N" };
        var steps = new Option<long?>("--steps") { Description = "Steps, instead of --epochs", HelpName = "N" };
        var rate = new Option<double?>("--rate") { Description = "Learning rate after the warm-up. Default the paper's for the model", HelpName = "R" };
        var warmup = new Option<long?>("--warmup") { Description = "Steps of warm-up. Default 2,000, at most a tenth of the run", HelpName = "N" };
        var shape = new Option<RateShape>("--schedule") { Description = "Of the rate after the warm-up" };
        var cooldown = new Option<long>("--cooldown") { Description = "Steps of the fall at the end of 'ConstantCooldown'", HelpName = "N" };
        var precision = new Option<Precision?>("--precision") { Description = "Of the towers. Default Bf16 on CUDA, Fp32 on a CPU" };
        var device = new Option<string>("--device") { Description = "cpu or cuda", HelpName = "NAME", DefaultValueFactory = _ => "cpu" };
        var objective = new Option<string>("--objective") { Description = $"contrastive, siglip, or what the CLIP paper compares with it: {string.Join(", ", Objective.Names)}", HelpName = "NAME", DefaultValueFactory = _ => TrainOptions.Contrastive };
        objective.AcceptOnlyFromAmong([TrainOptions.Contrastive, "siglip", .. Objective.Names]);
        var clip = new Option<double>("--gradient-norm") { Description = "Longer gradients are shortened to this; 0 leaves them", HelpName = "N" };
        var checkpointing = new Option<bool>("--checkpoint-activations") { Description = "Compute activations twice instead of keeping them" };
        var crop = new Option<CropMode>("--crop") { Description = "Which part of a picture is shown; RandomSquare is the paper's" };
        var grey = new Option<double>("--grey") { Description = "Share of pictures without colours, 0-1", HelpName = "P" };
        var jitter = new Option<double>("--jitter") { Description = "Share of pictures with varied colours, 0-1", HelpName = "P" };
        var shuffle = new Option<int>("--shuffle") { Description = "Samples that are shuffled together", HelpName = "N", DefaultValueFactory = _ => 5_000 };
        var resample = new Option<bool>("--resample") { Description = "Draw shards with replacement" };
        var seed = new Option<ulong>("--seed") { Description = "Of weights, order and augmentation", HelpName = "N" };
        var every = new Option<long>("--save-every") { Description = "Steps between checkpoints", HelpName = "N", DefaultValueFactory = _ => 1_000 };
        var keep = new Option<int>("--keep") { Description = "Latest checkpoints that stay; 0 keeps all", HelpName = "N", DefaultValueFactory = _ => 3 };
        var resume = new Option<string?>("--resume") { Description = "'latest', or a checkpoint's folder: go on from there", HelpName = "DIR" };
        var weights = new Option<string?>("--weights") { Description = "Model to start from: a folder, a checkpoint, a .safetensors file or an OpenAI archive; positions are resized to this model's", HelpName = "DIR|F" };
        var gpus = new Option<int?>("--gpus") { Description = "GPUs of this machine, a process each; torchrun and its variables do as well", HelpName = "N" };
        var keepEvery = new Option<long>("--keep-every") { Description = "Checkpoints of steps that are a multiple of this stay too; 0 for none", HelpName = "N" };
        var jsonText = new Option<string?>("--json-text") { Description = "Field of the JSON that holds the caption, instead of the .txt", HelpName = "NAME" };
        var verb = new Command("train", "Train a CLIP model on shards; Ctrl-C saves, --resume latest goes on with the very next sample")
        {
            data, weight, model, vocabulary, output, preset, batch, part, epochs, steps, rate, warmup, shape, cooldown, precision, device, objective,
            clip, checkpointing, crop, grey, jitter, shuffle, resample, seed, every, keep, keepEvery, resume, weights, jsonText, gpus,
        };
        verb.SetAction((parsed, stop) => ModelOptions.Guarded(async () =>
        {
            var place = RankPlace.FromEnvironment(Environment.GetEnvironmentVariable);
            if (place is null && parsed.GetValue(gpus) is { } count)
                return await GpuRanks.RunAsync([.. Environment.GetCommandLineArgs().Skip(1)], Ranks(count, parsed.GetRequiredValue(device)), stop);
            if (place is not null && parsed.GetRequiredValue(device) == "cuda")
                LocalDevice.Choose(place.LocalRank); // before libtorch looks for any
            ModelOptions.RequireTorch();
            var configuration = ClipConfiguration.Load(parsed.GetRequiredValue(model));
            var paper = Preset.OfPaper(configuration);
            var isPaper = parsed.GetValue(preset) is not null;
            if (parsed.GetValue(objective) == "siglip")
                configuration = configuration.ForSigmoidLoss();
            var tokenizer = VocabularyOption.Load(parsed.GetValue(vocabulary))
                ?? (configuration.Text.VocabularySize == ClipTokenizer.Shipped.VocabularySize ? ClipTokenizer.Shipped : VocabularyOption.Load("clip")!);
            if (tokenizer.VocabularySize != configuration.Text.VocabularySize)
                throw UserErrorException.Usage($"The vocabulary has {tokenizer.VocabularySize} tokens and the model {configuration.Text.VocabularySize}: choose another with --vocab.");
            var sources = await SourcesAsync(parsed.GetRequiredValue(data), parsed.GetValue(weight) ?? [], stop);
            var size = parsed.GetValue(batch) ?? (isPaper ? paper.Batch : 256);
            var samples = sources.Sum(source => source.Weight * source.Shards.Sum(shard => shard.Samples));
            var total = parsed.GetValue(steps) ?? Math.Max(1, (long)((parsed.GetValue(epochs) ?? paper.Epochs) * samples / size));
            var options = new TrainOptions
            {
                Model = configuration,
                Objective = parsed.GetValue(objective) is "siglip" ? TrainOptions.Contrastive : parsed.GetRequiredValue(objective),
                Folder = parsed.GetRequiredValue(output).FullName,
                Batch = size,
                Part = parsed.GetValue(part),
                Steps = total,
                Rate = new(parsed.GetValue(rate) ?? paper.Peak, parsed.GetValue(warmup) ?? Math.Min(paper.Warmup, total / 10), total,
                    parsed.GetValue(shape), parsed.GetValue(cooldown)),
                Optimizer = paper.Optimizer with { GradientNorm = parsed.GetValue(clip) },
                Device = parsed.GetRequiredValue(device),
                Precision = parsed.GetValue(precision) ?? (parsed.GetRequiredValue(device) == "cpu" ? Precision.Fp32 : Precision.Bf16),
                GradientCheckpointing = parsed.GetValue(checkpointing),
                Augmentation = new() { Crop = isPaper ? CropMode.RandomSquare : parsed.GetValue(crop), GreyShare = parsed.GetValue(grey), JitterShare = parsed.GetValue(jitter) },
                Shuffle = parsed.GetValue(shuffle),
                Resample = parsed.GetValue(resample),
                Seed = parsed.GetValue(seed),
                SaveEvery = parsed.GetValue(every),
                Keep = parsed.GetValue(keep),
                KeepEvery = parsed.GetValue(keepEvery),
                Resume = parsed.GetValue(resume),
                Weights = parsed.GetValue(weights),
                JsonText = parsed.GetValue(jsonText),
            };
            var end = await TrainAsync(new(options, sources, tokenizer, place), options, stop);
            if (place is { Rank: > 0 })
                return end.IsStopped ? ExitCode.StoppedEarly : ExitCode.Done;
            TrainCharts.Write(Path.Combine(options.Folder, StepLog.FileName), Path.Combine(options.Folder, "curves.png"));
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(end);
            else
                Screen.Out.WriteLine($"{end.Steps:N0} steps, loss {end.Last?.Smoothed:F4}; checkpoint {end.Checkpoint}");
            foreach (var (reason, broken) in end.Broken)
                Screen.Note($"{broken:N0} samples left out: {reason}");
            return end.IsStopped ? ExitCode.StoppedEarly : ExitCode.Done;
        }));
        return verb;
    }

    private static int Ranks(int gpus, string device) => device != "cuda"
        ? throw UserErrorException.Usage("--gpus needs '--device cuda'.")
        : gpus is >= 1 and <= 64 ? gpus : throw UserErrorException.Usage($"--gpus {gpus}: give 1 to 64.");

    private static async Task<TrainEnd> TrainAsync(Trainer trainer, TrainOptions options, CancellationToken stop)
    {
        try
        {
            return await WorkProgress.RunAsync("Training", report => trainer.RunAsync(made => report(new(made.Step, options.Steps, Line(made))), stop));
        }
        catch (DivergedException diverged)
        {
            throw new UserErrorException(ExitCode.Failed, diverged.Message);
        }
    }

    private static string Line(StepReport made) => string.Create(CultureInfo.InvariantCulture,
        $"step {made.Step}, loss {made.Smoothed:F3}, scale {made.Scale:F1}, rate {made.Rate:G3}, {made.SamplesPerSecond:F0} samples/s, {made.WaitSeconds / made.Seconds:P0} waiting for data, {made.Bytes / 1e9:F1} GB");

    private static async Task<IReadOnlyList<SampleSource>> SourcesAsync(string[] data, double[] weights, CancellationToken stop)
    {
        if (weights.Length > 0 && weights.Length != data.Length)
            throw UserErrorException.Usage($"There are {data.Length} --data and {weights.Length} --data-weight: give one weight each, or none.");
        var sources = new List<SampleSource>();
        for (var at = 0; at < data.Length; at++)
            sources.Add(new(await TarShard.FindAsync(data[at], stop), weights.Length > 0 ? weights[at] : 1));
        return sources;
    }
}
