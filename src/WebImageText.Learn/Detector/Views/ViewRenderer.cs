using TorchSharp;
using WebImageText.Curate.Dedup.Descriptors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace WebImageText.Learn.Detector.Views;

/// <summary>Makes views of photographs on the device where they lie: a whole batch at a time.</summary>
internal sealed class ViewRenderer : IDisposable
{
    /// <summary>Sizes that a view is brought to and back from, pixels of its side.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [40, 56, 72, 96, 120, 240];

    /// <summary>Standard deviations of blurs, pixels of the view.</summary>
    public static IReadOnlyList<float> Sigmas { get; } = [0.6f, 1, 1.6f, 2.4f];

    // The canvas is drawn at twice the size and averaged: what is shrunk to half does not alias.
    private const int Fine = 2;
    private const int BlurReach = 7;

    private readonly Preprocessing _preprocessing;
    private readonly Tensor[] _photos;
    private readonly Tensor _texts;
    private readonly Tensor _stickers;
    private readonly Tensor _frames;
    private readonly Tensor _fineGrid;
    private readonly Tensor _grid;
    private readonly Tensor _mean;
    private readonly Tensor _std;
    private readonly Tensor[] _kernels;
    private readonly JpegQuantiser _jpeg;
    private readonly Device _device;
    private readonly Lock _gate = new(); // the noise is drawn from the generator that all threads share

    /// <param name="photos">uint8 [n, 3, side, side] on the device.</param>
    /// <param name="atlas">What is laid over them.</param>
    /// <param name="preprocessing">How the result is scaled; its side is the views' side.</param>
    public ViewRenderer(Tensor photos, OverlayAtlas atlas, Preprocessing preprocessing)
    {
        (_preprocessing, _device) = (preprocessing, photos.device);
        using var scope = NewDisposeScope();
        _photos = new Tensor[3];
        _photos[0] = photos.alias().DetachFromDisposeScope();
        for (var level = 1; level < 3; level++)
            _photos[level] = Halved(_photos[level - 1]).DetachFromDisposeScope();
        _texts = Atlas(atlas.Texts, 2, OverlayAtlas.TextHeight, OverlayAtlas.TextWidth);
        _stickers = Atlas(atlas.Stickers, 4, OverlayAtlas.StickerSide, OverlayAtlas.StickerSide);
        _frames = Atlas(atlas.Frames, 3, OverlayAtlas.FrameSide, OverlayAtlas.FrameSide);
        Rooms = [.. atlas.Rooms.Select(room => new Window(room.Left, room.Top, room.Width, room.Height))];
        _grid = Grid(preprocessing.Side).DetachFromDisposeScope();
        _fineGrid = Grid(Fine * preprocessing.Side).DetachFromDisposeScope();
        _mean = tensor([.. preprocessing.Mean], [1, 3, 1, 1], device: _device).DetachFromDisposeScope();
        _std = tensor([.. preprocessing.Std], [1, 3, 1, 1], device: _device).DetachFromDisposeScope();
        _kernels = [.. Sigmas.Select(sigma => Gaussian(sigma).DetachFromDisposeScope())];
        _jpeg = new JpegQuantiser(_device);
    }

    /// <summary>Where the frames have room.</summary>
    public IReadOnlyList<Window> Rooms { get; }

    /// <summary>The views, as a network takes them.</summary>
    /// <param name="views">One after the other.</param>
    /// <param name="seed">Of the noise.</param>
    /// <returns>float32 [n, 3, side, side], normalised.</returns>
    public Tensor Render(IReadOnlyList<View> views, int seed)
    {
        using var scope = NewDisposeScope();
        return ((Pixels(views, seed) - _mean) / _std).MoveToOuterDisposeScope();
    }

    /// <summary>The views as pictures: float32 [n, 3, side, side], 0-1.</summary>
    public Tensor Pixels(IReadOnlyList<View> views, int seed)
    {
        lock (_gate)
            return Drawn(views, seed);
    }

    private Tensor Drawn(IReadOnlyList<View> views, int seed)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var side = _preprocessing.Side;
        var ground = Numbers(views.SelectMany(view => new[] { view.Ground.R, view.Ground.G, view.Ground.B }), [views.Count, 3, 1, 1]);
        var canvas = ground.expand(views.Count, 3, Fine * side, Fine * side).contiguous();
        PaintFrames(canvas, views);
        for (var depth = 0; depth < views.Max(view => view.Layers.Count); depth++)
            for (var level = 0; level < 3; level++)
                PaintPhotos(canvas, level, Listed(views, view => depth < view.Layers.Count && view.Layers[depth].Coarse == level
                    ? view.Layers[depth] : default(Layer?)));
        var images = functional.avg_pool2d(canvas, [Fine, Fine]);
        for (var count = 0; count < views.Max(view => view.Texts.Count); count++)
            PaintTexts(images, Listed(views, view => count < view.Texts.Count ? view.Texts[count] : default(Overlay?)));
        for (var count = 0; count < views.Max(view => view.Stickers.Count); count++)
            PaintStickers(images, Listed(views, view => count < view.Stickers.Count ? view.Stickers[count] : default(Overlay?)));
        Recolour(images, Listed(views, view => view.Colours ?? default(float[]?), view => view.Colours is not null));
        Change(images, [.. Chosen(views, view => view.Gamma != 1)], (part, at) =>
            part.clamp_min(1e-4).pow(Numbers(at.Select(index => views[index].Gamma), [at.Length, 1, 1, 1])));
        for (var size = 0; size < Sizes.Count; size++)
            Change(images, [.. Chosen(views, view => view.Size == size)], (part, _) => Resized(part, Sizes[size]));
        for (var sigma = 0; sigma < Sigmas.Count; sigma++)
            Change(images, [.. Chosen(views, view => view.Blur == sigma)], (part, _) => Blurred(part, _kernels[sigma]));
        Change(images, [.. Chosen(views, view => view.Noise > 0)], (part, at) => Noisy(part, Numbers(at.Select(index => views[index].Noise), [at.Length, 1, 1, 1]), seed));
        images.clamp_(0, 1);
        Change(images, [.. Chosen(views, view => view.Quality > 0)], (part, at) => _jpeg.Apply(part, Numbers(at.Select(index => views[index].Quality), [at.Length])));
        return images.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var kept in (Tensor[])[.. _photos, _texts, _stickers, _frames, _grid, _fineGrid, _mean, _std, .. _kernels])
            kept.Dispose();
        _jpeg.Dispose();
    }

    private void PaintFrames(Tensor canvas, IReadOnlyList<View> views)
    {
        if (_frames.shape[0] == 0)
            return;
        Change(canvas, [.. Chosen(views, view => view.Frame >= 0)], (_, at) => functional.interpolate(
            Picked(_frames, at.Select(index => (long)views[index].Frame)), size: [canvas.shape[2], canvas.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false));
    }

    private void PaintPhotos(Tensor canvas, int level, List<(int At, Layer Layer)> layers) =>
        Change(canvas, [.. layers.Select(layer => layer.At)], (part, _) =>
        {
            var photos = Picked(_photos[level], layers.Select(layer => (long)layer.Layer.Photo));
            var inside = Placed(_fineGrid, layers.Select(layer => layer.Layer.Place));
            var size = Numbers(layers.SelectMany(layer => new[] { layer.Layer.Part.Width, layer.Layer.Part.Height }), [layers.Count, 1, 2]);
            var start = Numbers(layers.SelectMany(layer => new[] { layer.Layer.Part.Left, layer.Layer.Part.Top }), [layers.Count, 1, 2]);
            var mask = Within(inside, part);
            var pixels = Sampled(photos, ((inside + 0.5) * size + start) * 2 - 1, part, GridSamplePaddingMode.Border);
            return where(mask, pixels, part);
        });

    private void PaintTexts(Tensor images, List<(int At, Overlay Overlay)> texts)
    {
        if (_texts.shape[0] == 0)
            return;
        Change(images, [.. texts.Select(text => text.At)], (part, _) =>
        {
            var lines = Picked(_texts, texts.Select(text => text.Overlay.Index % _texts.shape[0]));
            var cover = Sampled(lines, Placed(_grid, texts.Select(text => text.Overlay.Place)) * 2, part, GridSamplePaddingMode.Zeros);
            var opacity = Numbers(texts.Select(text => text.Overlay.Opacity), [texts.Count, 1, 1, 1]);
            var colour = Numbers(texts.SelectMany(text => new[] { text.Overlay.Colour.R, text.Overlay.Colour.G, text.Overlay.Colour.B }), [texts.Count, 3, 1, 1]);
            var outline = cover.narrow(1, 1, 1) * opacity;
            var letters = cover.narrow(1, 0, 1) * opacity;
            var dark = (1 - colour.mean([1], keepdim: true)).round(); // light letters have a dark outline
            return (part * (1 - outline) + dark * outline) * (1 - letters) + colour * letters;
        });
    }

    private void PaintStickers(Tensor images, List<(int At, Overlay Overlay)> stickers)
    {
        if (_stickers.shape[0] == 0)
            return;
        Change(images, [.. stickers.Select(sticker => sticker.At)], (part, _) =>
        {
            var drawn = Picked(_stickers, stickers.Select(sticker => sticker.Overlay.Index % _stickers.shape[0]));
            var pixels = Sampled(drawn, Placed(_grid, stickers.Select(sticker => sticker.Overlay.Place)) * 2, part, GridSamplePaddingMode.Zeros);
            var cover = pixels.narrow(1, 3, 1) * Numbers(stickers.Select(sticker => sticker.Overlay.Opacity), [stickers.Count, 1, 1, 1]);
            return part * (1 - cover) + pixels.narrow(1, 0, 3) * cover;
        });
    }

    private void Recolour(Tensor images, List<(int At, float[] Colours)> changes) =>
        Change(images, [.. changes.Select(change => change.At)], (part, _) =>
        {
            var matrix = Numbers(changes.SelectMany(change => change.Colours), [changes.Count, 3, 4]);
            return matrix.narrow(2, 0, 3).bmm(part.flatten(2)).add(matrix.narrow(2, 3, 1)).reshape(part.shape).clamp(0, 1);
        });

    private static Tensor Resized(Tensor part, int size)
    {
        var side = part.shape[2];
        var small = size > side
            ? functional.interpolate(part, size: [size, size], mode: InterpolationMode.Bicubic, align_corners: false)
            : functional.adaptive_avg_pool2d(part, [size, size]);
        return functional.interpolate(small, size: [side, side], mode: size % 16 == 0 ? InterpolationMode.Bicubic : InterpolationMode.Bilinear, align_corners: false).clamp(0, 1);
    }

    private static Tensor Blurred(Tensor part, Tensor kernel)
    {
        var rows = functional.pad(part, [BlurReach, BlurReach, BlurReach, BlurReach], PaddingModes.Reflect);
        return functional.conv2d(functional.conv2d(rows, kernel, null, groups: 3), kernel.transpose(2, 3), null, groups: 3);
    }

    // Through the device's own generator: one made for a device is not to be had of TorchSharp 0.107 on CUDA.
    private Tensor Noisy(Tensor part, Tensor deviation, int seed)
    {
        random.manual_seed((uint)seed);
        return part + deviation * randn(part.shape, dtype: ScalarType.Float32, device: _device);
    }

    // Points of the canvas as points of the placed things: float32 [n, h w, 2].
    private Tensor Placed(Tensor grid, IEnumerable<Placement> places)
    {
        var all = places.ToArray();
        var maps = new float[6 * all.Length];
        for (var at = 0; at < all.Length; at++)
            all[at].Write(maps.AsSpan(6 * at, 6));
        return grid.matmul(tensor(maps, [all.Length, 2, 3], device: _device).transpose(1, 2));
    }

    private static Tensor Within(Tensor points, Tensor images) =>
        (points.abs().amax([2]) <= 0.5).reshape(images.shape[0], 1, images.shape[2], images.shape[3]);

    private static Tensor Sampled(Tensor from, Tensor points, Tensor images, GridSamplePaddingMode padding) => functional.grid_sample(
        from, points.reshape(images.shape[0], images.shape[2], images.shape[3], 2), GridSampleMode.Bilinear, padding, align_corners: false);

    private Tensor Picked(Tensor from, IEnumerable<long> indices)
    {
        var picked = from.index_select(0, tensor(indices.ToArray(), device: _device));
        return picked.to_type(ScalarType.Float32) / 255;
    }

    private void Change(Tensor images, int[] which, Func<Tensor, int[], Tensor> change)
    {
        if (which.Length == 0)
            return;
        using var scope = NewDisposeScope();
        using var at = tensor(which.Select(index => (long)index).ToArray(), device: _device);
        images.index_copy_(0, at, change(images.index_select(0, at), which));
    }

    private Tensor Numbers(IEnumerable<float> numbers, long[] shape) => tensor(numbers.ToArray(), shape, device: _device);

    private Tensor Grid(int side)
    {
        var line = (arange(side, dtype: ScalarType.Float32, device: _device) + 0.5) / side;
        var x = line.reshape(1, side).expand(side, side).flatten();
        var y = line.reshape(side, 1).expand(side, side).flatten();
        return stack([x, y, ones_like(x)], 1).unsqueeze(0);
    }

    private Tensor Gaussian(float sigma)
    {
        var at = arange(-BlurReach, BlurReach + 1, dtype: ScalarType.Float32, device: _device);
        var weights = (-at * at / (2 * sigma * sigma)).exp();
        return (weights / weights.sum()).reshape(1, 1, 1, -1).repeat(3, 1, 1, 1);
    }

    private Tensor Atlas(byte[] bytes, int bands, int height, int width) =>
        tensor(bytes, [bytes.Length / (bands * height * width), bands, height, width], device: _device).DetachFromDisposeScope();

    private static Tensor Halved(Tensor photos)
    {
        var side = photos.shape[2] / 2;
        var half = empty(photos.shape[0], 3, side, side, dtype: ScalarType.Byte, device: photos.device);
        for (var start = 0L; start < photos.shape[0]; start += 1024)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(1024, photos.shape[0] - start);
            half.narrow(0, start, count).copy_(functional.avg_pool2d(photos.narrow(0, start, count).to_type(ScalarType.Float32), [2, 2]).round());
        }
        return half;
    }

    private static IEnumerable<int> Chosen(IReadOnlyList<View> views, Predicate<View> which) =>
        Enumerable.Range(0, views.Count).Where(at => which(views[at]));

    private static List<(int, T)> Listed<T>(IReadOnlyList<View> views, Func<View, T?> of) where T : struct =>
        [.. Enumerable.Range(0, views.Count).Select(at => (at, of(views[at]))).Where(pair => pair.Item2 is not null).Select(pair => (pair.at, pair.Item2!.Value))];

    private static List<(int, T)> Listed<T>(IReadOnlyList<View> views, Func<View, T?> of, Predicate<View> which) where T : class =>
        [.. Chosen(views, which).Select(at => (at, of(views[at])!))];
}
