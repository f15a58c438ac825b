using System.Diagnostics;
using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Files;
using WebImageText.Learn.Clip.Objectives;
using WebImageText.Learn.Data;
using WebImageText.Learn.Safetensors;
using WebImageText.Learn.Text;
using WebImageText.Learn.Train.Nccl;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>How a run ended.</summary>
/// <param name="Steps">Steps made in all.</param>
/// <param name="Checkpoint">Folder of the last checkpoint.</param>
/// <param name="IsStopped">It was stopped before its end; the checkpoint goes on from there.</param>
/// <param name="Last">The last step; null when there was none left to make.</param>
/// <param name="Broken">Samples left out, by reason.</param>
public sealed record TrainEnd(long Steps, string Checkpoint, bool IsStopped, StepReport? Last, IReadOnlyDictionary<string, long> Broken);

/// <summary>Trains a model on shards: reads, steps, writes checkpoints, and can be stopped and resumed at any step.</summary>
/// <param name="options">The run.</param>
/// <param name="sources">Its data.</param>
/// <param name="tokenizer">Of the captions.</param>
/// <param name="place">This process among several; null when it is alone.</param>
public sealed class Trainer(TrainOptions options, IReadOnlyList<SampleSource> sources, ClipTokenizer tokenizer, RankPlace? place = null)
{
    private const string Contrasts = "words-contrastive";

    private static readonly TimeSpan MemoryEvery = TimeSpan.FromSeconds(1);

    private readonly Checkpoint _checkpoints = new(Path.Combine(options.Folder, "checkpoints"), tokenizer);

    /// <summary>Trains to the end, or until stopped, which writes a checkpoint first.</summary>
    /// <param name="report">Told of every step.</param>
    /// <param name="stop">Ends the run after the step under way.</param>
    /// <exception cref="DivergedException">The loss left all bounds.</exception>
    /// <exception cref="InvalidDataException">The run cannot be resumed from what was named.</exception>
    public async Task<TrainEnd> RunAsync(Action<StepReport>? report, CancellationToken stop)
    {
        var device = new Device(options.Device);
        if (device.type == DeviceType.CUDA)
            backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = true;
        if (place is { Count: > 1 } && device.type != DeviceType.CUDA)
            throw new InvalidDataException("Several ranks exchange their gradients through NCCL, which needs a GPU each: add '--device cuda'.");
        // One rank alone goes through NCCL as well, where it was started as a rank.
        using var joined = place is not null && device.type == DeviceType.CUDA ? NcclRanks.Join(place, stop) : null;
        IRanks ranks = joined is null ? new SingleRank() : joined;
        if (options.Objective == Contrasts && (ranks.Count > 1 || options.Part > 0 && options.Part < options.Batch))
            throw new InvalidDataException($"'{Contrasts}' compares all pairs of a batch in one piece: leave --part out, and train on one GPU.");
        if (options.Objective != TrainOptions.Contrastive && options.GradientCheckpointing)
            throw new InvalidDataException($"'{options.Objective}' keeps its activations: leave --checkpoint-activations out.");
        if (options.Batch % ranks.Count != 0)
            throw new InvalidDataException($"A batch of {options.Batch} is not a multiple of {ranks.Count} ranks.");
        using var step = Make(device, ranks);
        var state = Resumed(step);
        var cursor = CursorOf(state, ranks);
        var order = new SampleOrder(sources, options.Seed, options.Shuffle, options.Resample);
        await using var loader = new BatchLoader(new SampleFeed(order).FromAsync(cursor, CancellationToken.None), Tokenize, new()
        {
            Batch = options.Batch / ranks.Count,
            Side = options.Model.Image.ImageSize,
            Context = options.Model.Text.ContextLength,
            Augmentation = options.Augmentation,
            Seed = options.Seed,
            Workers = options.Workers,
            Pinned = device.type == DeviceType.CUDA,
            JsonText = options.JsonText,
        });
        Directory.CreateDirectory(options.Folder);
        using var log = ranks.Rank == 0 ? new StepLog(options.Folder, state.Step) : null;
        return await LoopAsync(step, ranks, loader, state, made => { log?.Write(made); report?.Invoke(made); }, stop);
    }

    private async Task<TrainEnd> LoopAsync(
        ModelStep step, IRanks ranks, BatchLoader loader, RunState state, Action<StepReport> report, CancellationToken stop)
    {
        var guard = new LossGuard(options.Batch) { Smoothed = state.Loss };
        using var upload = new BatchUpload(step.Parameters.Weights.device, options.Part, options.Objective == TrainOptions.Contrastive);
        var memory = new MemoryGauge(step.Parameters.Weights.device, MemoryEvery);
        var (saved, path, cursor) = (-1L, "", state.Cursors[Math.Min(ranks.Rank, state.Cursors.Count - 1)]);
        StepReport? last = null;
        Pending? pending = null;
        var clock = Stopwatch.StartNew();
        var (goodInARow, stopping) = (0, false);
        var at = state.Step;
        try
        {
            while (at < options.Steps && !stopping && !(ranks.Count == 1 && stop.IsCancellationRequested))
            {
                var before = clock.Elapsed;
                var batch = await loader.NextAsync(CancellationToken.None);
                var wait = clock.Elapsed - before;
                var rate = options.Rate.At(at);
                var outcome = Step(step, ranks, upload, batch, rate, stop.IsCancellationRequested);
                at++;
                cursor = batch.After;
                // The host reads a step's figures while the device computes the next.
                Settle(ref pending);
                pending = new(at, outcome, batch, rate, wait);
                if (step.Parameters.Weights.device_type == DeviceType.CPU)
                    Settle(ref pending); // nothing is under way there
                if (options.SaveEvery > 0 && at % options.SaveEvery == 0 && at < options.Steps)
                {
                    Settle(ref pending);
                    if (guard.IsWell) // every rank sees the same figures, and so decides the same
                        Save();
                }
            }
            Settle(ref pending);
            if (saved != at)
                Save();
        }
        finally
        {
            pending?.Batch.Dispose();
            pending?.Outcome.Dispose();
        }
        return new(at, path, at < options.Steps, last, loader.Counts.Broken);

        void Settle(ref Pending? waiting)
        {
            if (waiting is not { } done)
                return;
            waiting = null;
            var figures = done.Outcome.Read();
            done.Outcome.Dispose();
            done.Batch.Dispose();
            stopping |= figures.Length > 4 && figures[4] > 0;
            var skipped = figures[2] != 0;
            if (options.Precision == Precision.Fp16)
                goodInARow = step.AdjustGradientScale(skipped, goodInARow);
            var wrong = guard.Take(figures[0], skipped);
            var seconds = clock.Elapsed.TotalSeconds;
            clock.Restart();
            last = new(done.Step, done.Step * options.Batch, figures[0], guard.Smoothed ?? figures[0], done.Rate, figures[3], figures[1], skipped,
                seconds, done.Wait.TotalSeconds, options.Batch / seconds, memory.Read(), loader.Counts.AllBroken);
            report(last);
            if (wrong is not null)
                throw new DivergedException($"Step {done.Step}: {wrong}. " + (_checkpoints.Steps is [.., var good]
                    ? $"'{_checkpoints.PathOf(good)}' is the last checkpoint; resume it with a lower learning rate or a longer warm-up."
                    : "There is no checkpoint yet: start with a lower learning rate or a longer warm-up."));
        }

        void Save()
        {
            using var scope = NewDisposeScope();
            var cursors = Cursors(ranks, cursor, step.Parameters.Weights.device);
            if (ranks.Rank == 0)
                path = _checkpoints.Write(step, new()
                {
                    Step = at,
                    Samples = at * options.Batch,
                    Cursors = cursors,
                    GradientScale = step.GradientScale,
                    Loss = guard.Smoothed,
                    Fixed = options.Fixed,
                }, options.Keep, options.KeepEvery);
            saved = at;
        }
    }

    private static LateFigures Step(ModelStep step, IRanks ranks, BatchUpload upload, Batch batch, double rate, bool isStopping)
    {
        using var scope = NewDisposeScope();
        var outcome = step.Run(upload.Take(batch.Pixels, batch.Tokens, batch.Lengths), rate);
        upload.Used();
        if (ranks.Count > 1)
        {
            // All ranks stop at the same step, that at which they learn that one wants to: one that left alone would leave the others waiting.
            var wanted = full([1], isStopping ? 1f : 0f, device: outcome.device);
            ranks.Sum(wanted);
            outcome = cat([outcome, wanted]);
        }
        return new(outcome.DetachFromDisposeScope());
    }

    private ModelStep Make(Device device, IRanks ranks)
    {
        random.manual_seed((long)options.Seed);
        if (options.Objective != TrainOptions.Contrastive)
            return MakeObjective(device, ranks);
        var model = new ClipModel(options.Model, initialise: options.Weights is null);
        if (options.Weights is not null)
            ClipFolder.LoadInto(model, options.Weights);
        model.to(device);
        model.train();
        model.GradientCheckpointing = options.GradientCheckpointing;
        model.ChannelsLast = device.type == DeviceType.CUDA;
        return new TrainStep(model, options.Precision, options.Optimizer, ranks);
    }

    private ObjectiveStep MakeObjective(Device device, IRanks ranks)
    {
        var objective = Objective.Create(options.Objective, options.Model);
        if (options.Weights is not null)
            LoadWeights(objective, options.Weights);
        objective.to(device);
        objective.train();
        objective.ChannelsLast = device.type == DeviceType.CUDA;
        return new(objective, options.Precision, options.Optimizer, ranks);
    }

    private static void LoadWeights(nn.Module model, string path)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var file = SafetensorsFile.Open(path);
        foreach (var (name, value) in model.state_dict())
        {
            var read = file.Read(name);
            if (!read.shape.SequenceEqual(value.shape))
                throw new InvalidDataException($"'{path}': '{name}' has the shape [{string.Join(", ", read.shape)}], the model needs [{string.Join(", ", value.shape)}].");
            value.copy_(read);
        }
    }

    private RunState Resumed(ModelStep step)
    {
        var path = options.Resume switch
        {
            null => null,
            "latest" => _checkpoints.Steps is [.., var latest] ? _checkpoints.PathOf(latest) : null,
            var named => named,
        };
        if (path is null)
            return options.Resume is null && _checkpoints.Steps.Count > 0
                ? throw new InvalidDataException($"'{options.Folder}' holds checkpoints of an earlier run: go on with '--resume latest', or choose another folder.")
                : new() { Step = 0, Samples = 0, Cursors = [new(0, 0)], Fixed = options.Fixed, GradientScale = step.GradientScale };
        var state = Checkpoint.ReadState(path);
        foreach (var (name, value) in options.Fixed)
            if (state.Fixed.GetValueOrDefault(name) is { } before && before != value)
                throw new InvalidDataException($"'{path}' was made with another {name}: {before}; now it is {value}. Resume with the same, or start a new run from its weights.");
        return Checkpoint.Read(path, step);
    }

    // Another number of ranks deals the rest of the epoch anew: about as far on, to the sample only when nothing was broken.
    private static SampleCursor CursorOf(RunState state, IRanks ranks)
    {
        if (state.Cursors.Count == ranks.Count)
            return state.Cursors[ranks.Rank];
        var epoch = state.Cursors.Min(cursor => cursor.Epoch);
        var done = state.Cursors.Where(cursor => cursor.Epoch == epoch).Sum(cursor => cursor.Position);
        return new(epoch, done / ranks.Count, ranks.Rank, ranks.Count);
    }

    private static SampleCursor[] Cursors(IRanks ranks, SampleCursor own, Device device)
    {
        if (ranks.Count == 1)
            return [own];
        var all = ranks.Gather(tensor([own.Epoch, own.Position], [1, 2], device: device)).cpu().data<long>().ToArray();
        return [.. Enumerable.Range(0, ranks.Count).Select(rank => new SampleCursor((int)all[2 * rank], all[2 * rank + 1], rank, ranks.Count))];
    }

    private void Tokenize(string caption, long[] row) => tokenizer.Encode(caption, row, out _);

    private sealed record Pending(long Step, LateFigures Outcome, Batch Batch, double Rate, TimeSpan Wait);
}
