using TorchSharp;
using WebImageText.Curate.Pixels;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Files;
using WebImageText.Learn.Text;
using static TorchSharp.torch;

namespace WebImageText.Learn.Evaluate;

/// <summary>A model that looks at images and reads texts: unit vectors out. Not for several threads at once.</summary>
public sealed class ClipEncoder : IDisposable
{
    private const int TextsAtOnce = 256;

    private readonly ClipModel _model;
    private readonly ClipTokenizer _tokenizer;
    private readonly Device _device;
    private readonly CentreReader _reader;
    private readonly Tensor _mean;
    private readonly Tensor _deviation;

    /// <summary>Takes a model over and moves it to a device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">The one that it was trained with.</param>
    /// <param name="device">Such as <c>cpu</c> or <c>cuda:0</c>.</param>
    /// <param name="preprocessing">What the model wants its pixels to be like; null for CLIP's.</param>
    /// <exception cref="ModelFileException">The tokenizer has other tokens.</exception>
    public ClipEncoder(ClipModel model, ClipTokenizer tokenizer, string device = "cpu", Preprocessing? preprocessing = null)
    {
        preprocessing ??= Preprocessing.Clip;
        ClipFolder.RequireFit(tokenizer, model.Configuration, "given");
        (_model, _tokenizer, _device) = (model, tokenizer, torch.device(device));
        _model.to(_device);
        _model.eval();
        _reader = new(model.Configuration.Image.ImageSize);
        _mean = torch.tensor([.. preprocessing.Mean], device: _device).view(1, 3, 1, 1).DetachFromDisposeScope();
        _deviation = torch.tensor([.. preprocessing.Deviation], device: _device).view(1, 3, 1, 1).DetachFromDisposeScope();
    }

    /// <summary>The model.</summary>
    public ClipModel Model => _model;

    /// <summary>Its tokenizer.</summary>
    public ClipTokenizer Tokenizer => _tokenizer;

    /// <summary>What similarities are multiplied with.</summary>
    public double LogitScale => Math.Exp(_model.LogitScale.item<float>());

    /// <summary>Pixels of one image as <see cref="Images"/> takes them, or why there are none. For any thread.</summary>
    public (byte[]? Pixels, Drop? Fault) Read(ReadOnlyMemory<byte> image)
    {
        var pixels = new byte[_reader.Bytes];
        return _reader.Read(image, pixels) is { } drop ? (null, drop) : (pixels, null);
    }

    /// <summary>Unit vectors of images: float32 [images, embedding], on the device; the caller disposes of them.</summary>
    /// <param name="images">What <see cref="Read"/> gave.</param>
    public Tensor Images(IReadOnlyList<byte[]> images)
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        var side = _model.Configuration.Image.ImageSize;
        var pixels = torch.empty([images.Count, side, side, 3], ScalarType.Byte);
        foreach (var (at, image) in images.Index())
            image.CopyTo(pixels.bytes[(at * image.Length)..]);
        var scaled = (pixels.to(_device).to(ScalarType.Float32).permute(0, 3, 1, 2) / 255 - _mean) / _deviation;
        return nn.functional.normalize(_model.EncodeImage(scaled.contiguous()), dim: -1).MoveToOuterDisposeScope();
    }

    /// <summary>Unit vectors of texts: float32 [texts, embedding], on the device; the caller disposes of them.</summary>
    public Tensor Texts(IReadOnlyList<string> texts)
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        var length = _model.Configuration.Text.ContextLength;
        var parts = texts.Chunk(TextsAtOnce).Select(chunk =>
        {
            using var inner = torch.NewDisposeScope();
            var tokens = new long[chunk.Length, length];
            var rows = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref tokens[0, 0], tokens.Length);
            var longest = 1;
            for (var at = 0; at < chunk.Length; at++)
                longest = Math.Max(longest, _tokenizer.Encode(chunk[at], rows.Slice(at * length, length), out _));
            var cut = torch.tensor(tokens).narrow(1, 0, longest).contiguous().to(_device);
            return nn.functional.normalize(_model.EncodeText(cut), dim: -1).MoveToOuterDisposeScope();
        });
        return torch.cat([.. parts], 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _deviation.Dispose();
        _model.Dispose();
    }
}
