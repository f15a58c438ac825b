using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using WebImageText.Learn.Detector.Views;
using WebImageText.Learn.Safetensors;
using static TorchSharp.torch;

namespace WebImageText.Learn.Detector;

/// <summary>
/// Trains a detector: each step takes a batch of photographs, makes two views of each on the device, and pulls their descriptors
/// together and all others apart. The same photographs, options and seed give the same losses, resumed or not.
/// </summary>
public sealed class DetectorTrainer : IDisposable
{
    private readonly TrainOptions _options;
    private readonly PhotoSet _photos;
    private readonly DetectorNetwork _network;
    private readonly FlatAdam _adam;
    private readonly ViewRenderer _renderer;
    private readonly ContrastiveLoss _loss;
    private readonly HeldOutMeasure _measure;
    private readonly int _trained;
    private int _step;
    private Task<Tensor>? _ahead;

    /// <summary>An untrained network.</summary>
    /// <param name="options">How it is trained.</param>
    /// <param name="photos">What it is trained on; not disposed.</param>
    /// <param name="atlas">What is laid over them.</param>
    public DetectorTrainer(TrainOptions options, PhotoSet photos, OverlayAtlas atlas)
    {
        (_options, _photos) = (options, photos);
        random.manual_seed(options.Seed);
        _network = new DetectorNetwork(options.Shape, photos.Pixels.device);
        _renderer = new ViewRenderer(photos.Pixels, atlas, options.Preprocessing);
        _loss = new(options.Temperature, options.Entropy);
        var heldOut = Math.Clamp((int)(photos.Count * options.HeldOut), 2, 512);
        _trained = photos.Count - heldOut;
        Calibrate();
        _adam = new FlatAdam(_network.parameters());
        _measure = new(_renderer, Embed, [.. Enumerable.Range(_trained, heldOut)], _trained);
    }

    /// <summary>Steps done, over all calls.</summary>
    public int Step => _step;

    /// <summary>Whether the planned steps are done.</summary>
    public bool IsDone => _step >= _options.Steps;

    /// <summary>Trains until the planned steps are done, the time is over or it is stopped.</summary>
    /// <param name="report">Told after every step.</param>
    /// <param name="stop">Stops after the current step.</param>
    public void Run(Action<TrainState> report, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var first = _step;
        try
        {
            while (!IsDone && clock.Elapsed < _options.TimeLimit && !stop.IsCancellationRequested)
            {
                var rate = RateOf(_step);
                var loss = TakeStep(rate);
                _step++;
                var isMeasured = _step % _options.MeasureEvery == 0 || IsDone;
                report(new(_step, loss, rate, (double)(_step - first) * Batch / clock.Elapsed.TotalSeconds,
                    isMeasured ? _adam.WithAverage(() => _measure.Recall(_options.Seed)) : null));
            }
        }
        finally
        {
            DropAhead();
        }
    }

    /// <summary>What it is trained on: of some photographs, a view as an index holds it, then copies of it.</summary>
    /// <param name="rows">Photographs.</param>
    /// <param name="columns">Views of each.</param>
    /// <returns>Red, green, blue of every pixel, view after view.</returns>
    public byte[] Sheet(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var dice = new ViewDice(_options.Seed, _trained, _renderer.Rooms);
        var views = Enumerable.Range(0, rows * columns)
            .Select(at => dice.Draw(at / columns * 7 % _trained, at % columns == 0 ? ViewMix.Reference : ViewMix.HardCopy)).ToArray();
        return (_renderer.Pixels(views, _options.Seed) * 255).round().to_type(ScalarType.Byte).permute(0, 2, 3, 1).contiguous().cpu().bytes.ToArray();
    }

    /// <summary>Writes everything that goes on from here: parameters, optimiser, average, step.</summary>
    public void Save(string path) => SafetensorsWriter.Write(path,
        [.. _network.named_parameters().Select(named => KeyValuePair.Create<string, Tensor>(named.name, named.parameter)),
            KeyValuePair.Create("adam.first", _adam.First), KeyValuePair.Create("adam.second", _adam.Second),
            KeyValuePair.Create("average", _adam.Average)],
        new Dictionary<string, string> { ["step"] = _step.ToString(CultureInfo.InvariantCulture) });

    /// <summary>Goes on from a checkpoint.</summary>
    /// <exception cref="InvalidDataException">It is of another network.</exception>
    public void Load(string path)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var file = SafetensorsFile.Open(path);
        foreach (var (name, tensor) in _network.named_parameters().Select(named => (named.name, (Tensor)named.parameter))
            .Concat([("adam.first", _adam.First), ("adam.second", _adam.Second), ("average", _adam.Average)]))
        {
            if (!file.Contains(name) || file.Read(name) is var stored && !stored.shape.SequenceEqual(tensor.shape))
                throw new InvalidDataException($"Checkpoint '{path}' is of another network: '{name}' is missing or has another shape.");
            tensor.copy_(stored);
        }
        _step = int.Parse(file.Metadata["step"], CultureInfo.InvariantCulture);
    }

    /// <summary>Writes the averaged network as ONNX, as safetensors and with its preprocessing: <c>NAME.onnx</c> and so on.</summary>
    /// <param name="path">Of the ONNX file.</param>
    public void Export(string path) => _adam.WithAverage(() =>
    {
        DetectorExport.Write(_network, _options.Preprocessing, path);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _adam.Dispose();
        _renderer.Dispose();
    }

    private void Calibrate()
    {
        using var scope = NewDisposeScope();
        var dice = new ViewDice(_options.Seed, _trained, _renderer.Rooms);
        var views = Enumerable.Range(0, Math.Min(_trained, 256)).Select(at => dice.Draw(at * 31 % _trained, ViewMix.Copy)).ToArray();
        _network.Calibrate(Rendered(views, _options.Seed));
    }

    private int Batch => Math.Min(_options.Batch, _trained);

    private double RateOf(int step) => _options.Rate * Math.Min(1, (step + 1.0) / Math.Max(1, _options.Warmup))
        * 0.5 * (1 + Math.Cos(Math.PI * step / _options.Steps));

    private double TakeStep(double rate)
    {
        using var scope = NewDisposeScope();
        using var views = _ahead is null ? Views(_step) : _ahead.GetAwaiter().GetResult();
        _ahead = null;
        if (_step + 1 < _options.Steps)
        {
            // The host has as much to do for views as the device: the next ones are drawn while the network learns from these.
            var next = _step + 1;
            _ahead = Task.Run(() => Views(next));
        }
        var images = views.split(_options.Chunk);
        var loss = images.Length == 1 ? Whole(images[0]) : InChunks(images);
        _adam.Step(_step + 1, rate);
        return loss;
    }

    // A step's views, the references first. Drawn at once: what chance adds to a view must not depend on the chunk that it is in.
    private Tensor Views(int step)
    {
        var seed = HashCode(_options.Seed, step);
        var order = Enumerable.Range(0, _trained).ToArray();
        new Random(seed).Shuffle(order);
        var dice = new ViewDice(seed + 1, _trained, _renderer.Rooms);
        var mix = step < _options.Steps * _options.HardFrom ? ViewMix.Copy : ViewMix.HardCopy;
        mix = mix.Eased(step / Math.Max(1, _options.Steps * _options.EasyUntil));
        var views = order[..Batch].Select(photo => dice.Draw(photo, ViewMix.Reference)).ToList();
        views.AddRange(order[..Batch].Select(photo => dice.Draw(photo, mix)));
        // What is pasted under a view is of no photograph of the batch where there are enough: a view must not show another's pair.
        Repaste(views, order);
        return Rendered(views, seed).DetachFromDisposeScope();
    }

    private double EntropyShare => Math.Min(1, _step / Math.Max(1, _options.Steps * _options.EntropyUntil));

    private void DropAhead()
    {
        using (_ahead?.GetAwaiter().GetResult())
            _ahead = null;
    }

    private double Whole(Tensor images)
    {
        var descriptors = _network.call(images);
        var loss = _loss.Of(descriptors[..Batch], descriptors[Batch..], EntropyShare);
        loss.backward();
        return loss.item<float>();
    }

    private double InChunks(Tensor[] images)
    {
        Tensor descriptors;
        using (no_grad())
            descriptors = cat([.. images.Select(chunk => _network.call(chunk))], 0);
        descriptors = descriptors.detach().requires_grad_();
        var loss = _loss.Of(descriptors[..Batch], descriptors[Batch..], EntropyShare);
        loss.backward();
        var start = 0L;
        foreach (var chunk in images)
        {
            using var scope = NewDisposeScope();
            (_network.call(chunk) * descriptors.grad!.narrow(0, start, chunk.shape[0])).sum().backward();
            start += chunk.shape[0];
        }
        return loss.item<float>();
    }

    private Tensor Rendered(IReadOnlyList<View> views, int seed)
    {
        using var scope = NewDisposeScope();
        const int AtOnce = 428;
        var parts = views.Chunk(AtOnce).Select((part, at) => Typed(_renderer.Render(part, seed + 7919 * at))).ToArray();
        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    private Tensor Typed(Tensor images) => _options.IsHalf ? Layout.ChannelsLast(images.to_type(ScalarType.BFloat16)) : images;

    private Tensor Embed(Tensor images)
    {
        using var grad = no_grad();
        return _network.call(Typed(images));
    }

    private void Repaste(List<View> views, int[] order)
    {
        var spare = order.AsSpan(Batch).ToArray();
        if (spare.Length == 0)
            return;
        for (var at = 0; at < views.Count; at++)
        {
            var layers = views[at].Layers;
            if (layers.Count > 1)
                views[at] = views[at] with
                {
                    Layers = [.. layers.Select(layer => layer.Photo == layers[^1].Photo
                        ? layer : layer with { Photo = spare[layer.Photo % spare.Length] })],
                };
        }
    }

    private static int HashCode(int seed, int step) => unchecked((int)((uint)seed * 2654435761u + (uint)step * 40503u * 65599u));
}
