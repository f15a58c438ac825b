using System.Diagnostics;
using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Data;
using WebImageText.Learn.Kernels;
using WebImageText.Learn.Train.Cuda;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>What is trained to measure how fast it goes: batches of noise, brought from the host at every step as in a real run.</summary>
public sealed record TrainLoad
{
    /// <summary>The model.</summary>
    public required ClipConfiguration Model { get; init; }

    /// <summary>Pairs of a step.</summary>
    public required int Batch { get; init; }

    /// <summary>Pairs that are computed at a time; 0 for all.</summary>
    public int Part { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Of the towers.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Activations are computed twice instead of being kept.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Kernels of our own where they can compute something; false to measure libtorch's operations alone.</summary>
    public bool OwnKernels { get; init; } = true;

    /// <summary>
    /// Tokens of a caption, start and end counted, on average: half of them stand in every caption, the rest is spread as waiting
    /// times are, up to the context. 0: every caption fills the context.
    /// </summary>
    public int TextLength { get; init; }

    /// <summary>Steps before the clock starts. Default 5.</summary>
    public int Warmup { get; init; } = 5;

    /// <summary>Steps that are timed. Default 20.</summary>
    public int Steps { get; init; } = 20;
}

/// <summary>How fast it went.</summary>
/// <param name="SamplesPerSecond">Pairs, over the timed steps as a whole.</param>
/// <param name="StepSeconds">Of one step.</param>
/// <param name="HostSeconds">Until the host had given the device all of a step, on average.</param>
/// <param name="PeakBytes">Memory in use at the end: the device's, of which libtorch gives nothing back, or this process's peak.</param>
/// <param name="TextLength">Tokens of a caption, the mean of what was drawn.</param>
/// <param name="PaddedLength">Tokens of a caption that were computed, padding counted.</param>
/// <param name="FlopsPerSecond">Three forward passes a pair with captions of the mean length.</param>
/// <param name="Losses">Of the warm-up and the timed steps.</param>
public sealed record TrainSpeed(
    double SamplesPerSecond, double StepSeconds, double HostSeconds, long PeakBytes, double TextLength, double PaddedLength,
    double FlopsPerSecond, IReadOnlyList<double> Losses);

/// <summary>Times training steps on noise.</summary>
public static class TrainMeasure
{
    private const int Batches = 2;

    /// <summary>Makes a model, warms up, and times its steps, the device made to finish before and after.</summary>
    public static TrainSpeed Run(TrainLoad load, CancellationToken stop = default)
    {
        var device = new Device(load.Device);
        var isCuda = device.type == DeviceType.CUDA;
        if (isCuda)
            backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = true;
        KernelLibrary.IsOff = !load.OwnKernels;
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        using var model = new ClipModel(load.Model);
        model.to(device);
        model.train();
        model.GradientCheckpointing = load.GradientCheckpointing;
        model.ChannelsLast = isCuda;
        using var step = new TrainStep(model, load.Precision, AdamWSettings.VisionTransformer, new SingleRank());
        using var upload = new BatchUpload(device, load.Part);
        var batches = Enumerable.Range(0, Batches).Select(at => Noise(load, at, isCuda)).ToArray();
        var losses = new List<double>();
        var (clock, host) = (new Stopwatch(), TimeSpan.Zero);
        LateFigures? pending = null;
        for (var at = 0; at < load.Warmup + load.Steps && !stop.IsCancellationRequested; at++)
        {
            if (at == load.Warmup)
            {
                Settle();
                Finish();
                clock.Start();
            }
            var (before, batch) = (clock.Elapsed, batches[at % Batches]);
            using var inner = NewDisposeScope();
            var figures = new LateFigures(step.Run(upload.Take(batch.Pixels, batch.Tokens, batch.Lengths), 1e-4).DetachFromDisposeScope());
            upload.Used();
            host += clock.Elapsed - before;
            Settle();
            pending = figures;
        }
        Settle();
        Finish();
        stop.ThrowIfCancellationRequested();
        var seconds = clock.Elapsed.TotalSeconds;
        var rate = (double)load.Batch * load.Steps / seconds;
        var length = batches.Average(batch => batch.Lengths.Average());
        return new(rate, seconds / load.Steps, host.TotalSeconds / load.Steps,
            isCuda ? CudaRuntime.Memory().Used : Process.GetCurrentProcess().PeakWorkingSet64, length,
            batches.Average(batch => Padded(batch.Lengths, load.Part)), 3 * rate * ModelWork.Forward(load.Model, length), losses);

        void Finish()
        {
            if (isCuda)
                cuda.synchronize();
        }

        void Settle()
        {
            if (pending is not { } done)
                return;
            losses.Add(done.Read()[0]);
            done.Dispose();
            pending = null;
        }
    }

    private static double Padded(int[] lengths, int part) => lengths.Chunk(part > 0 ? part : lengths.Length)
        .Sum(chunk => TrainPart.Grouped(chunk).Groups.Sum(group => (double)group.Rows * group.Length)) / lengths.Length;

    private static (Tensor Pixels, Tensor Tokens, int[] Lengths) Noise(TrainLoad load, int number, bool isPinned)
    {
        var (side, context, dice) = (load.Model.Image.ImageSize, load.Model.Text.ContextLength, new SeededDice(1, (ulong)number, 0));
        var (tokens, lengths) = (new long[load.Batch * context], new int[load.Batch]);
        var end = load.Model.Text.VocabularySize - 1;
        for (var row = 0; row < load.Batch; row++)
        {
            var half = load.TextLength / 2.0;
            var length = load.TextLength == 0 ? context : Math.Clamp((int)Math.Round(half - half * Math.Log(1 - dice.Next())), 3, context);
            lengths[row] = length;
            tokens[row * context] = end - 1;
            for (var at = 1; at < length - 1; at++)
                tokens[row * context + at] = dice.Below(end - 1);
            tokens[row * context + length - 1] = end;
        }
        var pixels = randint(256, [load.Batch, side, side, 3], ScalarType.Byte);
        return (isPinned ? pixels.pin_memory() : pixels, tensor(tokens, [load.Batch, context]), lengths);
    }
}
