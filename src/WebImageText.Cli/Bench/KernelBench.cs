using System.CommandLine;
using WebImageText.Cli.Evaluate;
using WebImageText.Cli.Terminal;
using WebImageText.Learn;
using WebImageText.Learn.Kernels;

namespace WebImageText.Cli.Bench;

/// <summary><c>wit bench kernels</c>: operations that the trainer has kernels of its own for, beside libtorch's.</summary>
internal static class KernelBench
{
    public static Command Create()
    {
        var device = new Option<string>("--device") { Description = "cuda: there are kernels for no other", HelpName = "NAME", DefaultValueFactory = _ => "cuda" };
        device.AcceptOnlyFromAmong("cuda");
        var repeats = new Option<int>("--repeats") { Description = "How often each is timed", HelpName = "N", DefaultValueFactory = _ => 20 };
        var verb = new Command("kernels", "The trainer's own CUDA kernels: error and time, beside libtorch's operations") { device, repeats };
        verb.SetAction((parsed, stop) => ModelOptions.Guarded(() =>
        {
            ModelOptions.RequireTorch();
            if (!TorchProbe.Run().Devices.Any(name => name.StartsWith("cuda", StringComparison.Ordinal)))
                throw UserErrorException.Usage("There is no CUDA device here.");
            if (!KernelMeasure.IsPossible)
                throw UserErrorException.Usage("libnvrtc or libcuda is not found: the trainer uses libtorch's operations here.");
            if (parsed.GetValue(repeats) < 1)
                throw UserErrorException.Usage("--repeats must be at least 1.");
            var figures = new BenchFigures("kernels");
            var bad = new List<string>();
            foreach (var figure in KernelMeasure.Run(parsed.GetValue(repeats), stop))
            {
                Add(figures, figure);
                if (!figure.IsGood)
                    bad.Add(figure.Name);
            }
            foreach (var model in KernelMeasure.Models())
            {
                Add(figures, model);
                bad.AddRange(model.Worse.Select(worse => $"{model.Name}: {worse}"));
            }
            figures.Print(parsed.GetValue(CommonOptions.Json));
            if (bad.Count == 0)
                return Task.FromResult(ExitCode.Done);
            Screen.Note($"Less exact than libtorch's: {string.Join(", ", bad)}.");
            return Task.FromResult(ExitCode.BadData);
        }));
        return verb;
    }

    private static void Add(BenchFigures figures, ModelFigure model)
    {
        figures.Add($"model_{model.Name}_error", model.Error, "", "of the worst parameter's gradient, against float32");
        figures.Add($"model_{model.Name}_error_libtorch", model.PlainError, "", "libtorch's in bfloat16, likewise");
        figures.Add($"model_{model.Name}_loss_error", model.LossError, "", $"libtorch's {model.PlainLossError:G3}");
        figures.Add($"model_{model.Name}_worse", model.Worse.Count, "parameters", "less exact than libtorch's by more than a half and a hundredth");
    }

    private static void Add(BenchFigures figures, KernelFigure figure)
    {
        var key = figure.Name;
        figures.Add($"{key}_error", figure.Error, "", "against float32");
        figures.Add($"{key}_error_libtorch", figure.PlainError, "", "libtorch's in bfloat16, likewise");
        if (figure is not { Time: { } time, PlainTime: { } plain })
            return;
        figures.Add($"{key}_forward_ms", time.Forward * 1e3, "ms", $"{figure.BytesPerSecond.Forward / 1e9:N0} GB/s; libtorch {plain.Forward * 1e3:N3} ms");
        figures.Add($"{key}_back_ms", time.Back * 1e3, "ms", $"{figure.BytesPerSecond.Back / 1e9:N0} GB/s; libtorch {plain.Back * 1e3:N3} ms");
        figures.Add($"{key}_ratio_libtorch", (time.Forward + time.Back) / (plain.Forward + plain.Back), "of libtorch's time");
    }
}
