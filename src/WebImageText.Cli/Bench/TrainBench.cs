using System.CommandLine;
using WebImageText.Cli.Evaluate;
using WebImageText.Cli.Terminal;
using WebImageText.Learn;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Train;

namespace WebImageText.Cli.Bench;

/// <summary><c>wit bench train</c>: training steps on noise.</summary>
internal static class TrainBench
{
    public static Command Create()
    {
        var model = new Option<string[]>("--model") { Description = $"{string.Join(", ", ClipConfiguration.Names)}, or a JSON file of open_clip's form; repeatable", HelpName = "NAME", DefaultValueFactory = _ => ["ViT-B/32"], AllowMultipleArgumentsPerToken = true };
        var batch = new Option<int>("--batch") { Description = "Pairs of a step", HelpName = "N", DefaultValueFactory = _ => 1024 };
        var part = new Option<int>("--part") { Description = "Pairs that are computed at a time, to save memory; 0 for all", HelpName = "N" };
        var device = new Option<string>("--device") { Description = "cpu or cuda", HelpName = "NAME", DefaultValueFactory = _ => "cpu" };
        device.AcceptOnlyFromAmong("cpu", "cuda");
        var precision = new Option<Precision?>("--precision") { Description = "Of the towers. Default Bf16 on CUDA, Fp32 on a CPU" };
        var checkpointing = new Option<bool>("--checkpoint-activations") { Description = "Compute activations twice instead of keeping them" };
        var plain = new Option<bool>("--plain") { Description = "libtorch's operations alone, no CUDA kernels of this program" };
        var length = new Option<int[]>("--text-length") { Description = "Tokens of a caption on average, start and end counted; 0: all as long as the model takes; repeatable", HelpName = "N", DefaultValueFactory = _ => [0], AllowMultipleArgumentsPerToken = true };
        var warmup = new Option<int>("--warmup") { Description = "Steps before the clock starts", HelpName = "N", DefaultValueFactory = _ => 5 };
        var steps = new Option<int>("--steps") { Description = "Steps that are timed", HelpName = "N", DefaultValueFactory = _ => 20 };
        var peak = new Option<double>("--peak-tflops") { Description = "What a plain matrix product reaches on this device, TFLOP/s", HelpName = "T", DefaultValueFactory = _ => 790 };
        var verb = new Command("train", "Training steps on noise: samples a second, memory, share of the device's peak")
        {
            model, batch, part, device, precision, checkpointing, plain, length, warmup, steps, peak,
        };
        verb.SetAction((parsed, stop) => ModelOptions.Guarded(() =>
        {
            ModelOptions.RequireTorch();
            var isCuda = parsed.GetValue(device) == "cuda";
            if (isCuda && !TorchProbe.Run().Devices.Any(name => name.StartsWith("cuda", StringComparison.Ordinal)))
                throw UserErrorException.Usage("There is no CUDA device here. Leave --device out to measure the processor.");
            if (parsed.GetValue(batch) < 1 || parsed.GetValue(steps) < 1 || parsed.GetValue(warmup) < 0)
                throw UserErrorException.Usage("--batch and --steps must be at least 1, --warmup at least 0.");
            var figures = new BenchFigures("train");
            foreach (var name in parsed.GetRequiredValue(model))
                foreach (var tokens in parsed.GetRequiredValue(length))
                    Add(figures, name, TrainMeasure.Run(new()
                    {
                        Model = ClipConfiguration.Load(name),
                        Batch = parsed.GetValue(batch),
                        Part = parsed.GetValue(part),
                        Device = parsed.GetRequiredValue(device),
                        Precision = parsed.GetValue(precision) ?? (isCuda ? Precision.Bf16 : Precision.Fp32),
                        GradientCheckpointing = parsed.GetValue(checkpointing),
                        OwnKernels = !parsed.GetValue(plain),
                        TextLength = tokens,
                        Warmup = parsed.GetValue(warmup),
                        Steps = parsed.GetValue(steps),
                    }, stop), tokens, parsed.GetValue(peak), isCuda);
            figures.Print(parsed.GetValue(CommonOptions.Json));
            return Task.FromResult(ExitCode.Done);
        }));
        return verb;
    }

    private static void Add(BenchFigures figures, string name, TrainSpeed speed, int tokens, double peak, bool isCuda)
    {
        var key = new string([.. name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')]) + (tokens > 0 ? $"_text{tokens}" : "");
        figures.Add($"{key}_samples_per_second", speed.SamplesPerSecond, "pairs/s", $"captions of {speed.TextLength:F1} tokens, {speed.PaddedLength:F1} computed");
        figures.Add($"{key}_step_seconds", speed.StepSeconds, "s");
        figures.Add($"{key}_host_seconds", speed.HostSeconds, "s", "until the host had given the device a whole step");
        figures.Add($"{key}_peak_gigabytes", speed.PeakBytes / 1e9, "GB", isCuda ? "of the device, in use at the end" : "of this process");
        figures.Add($"{key}_tflops", speed.FlopsPerSecond / 1e12, "TFLOP/s", "three forward passes a pair");
        if (isCuda)
            figures.Add($"{key}_share_of_peak", speed.FlopsPerSecond / 1e12 / peak, $"of {peak:F0} TFLOP/s");
        figures.Add($"{key}_first_loss", speed.Losses[0], "", "");
        figures.Add($"{key}_last_loss", speed.Losses[^1], "", "");
    }
}
