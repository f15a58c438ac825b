using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>A stack of residual blocks.</summary>
internal sealed class BlockStack : nn.Module<Tensor, Tensor>
{
    // A mark keeps a tensor as large as the stream, and a GPU adds up large stretches faster.
    private const int BlocksOfPart = 3;

    [ComponentName(Name = "resblocks")] private readonly ModuleList<ResidualBlock> _blocks;
    private readonly bool _isCausal;

    public BlockStack(int width, int layers, int heads, double mlpRatio, bool isCausal, bool quickGelu) : base(nameof(BlockStack))
    {
        _isCausal = isCausal;
        var activation = Activations.Of(quickGelu);
        _blocks = nn.ModuleList([.. Enumerable.Range(0, layers)
            .Select(_ => new ResidualBlock(width, heads, (int)(width * mlpRatio), isCausal, activation))]);
        RegisterComponents();
    }

    /// <summary>Forget activations inside blocks and compute them again in the backward pass.</summary>
    public Recomputation? Recompute { get; set; }

    /// <summary>Names that parameters begin with, of the parts whose gradients are told of, first to last.</summary>
    public IReadOnlyList<string[]> Parts => [.. Enumerable.Range(0, _blocks.Count).Select(at => $"resblocks.{at}.").Chunk(BlocksOfPart)];

    /// <summary>Told in the backward pass, from the last part to the first, that the gradients of a part are complete.</summary>
    public Action<int>? Reached { get; set; }

    /// <summary>The blocks, first to last.</summary>
    public IReadOnlyList<ResidualBlock> Blocks => [.. _blocks];

    /// <summary>Every position.</summary>
    /// <param name="x">[batch, length, width]</param>
    public override Tensor forward(Tensor x)
    {
        var stream = new Stream(x);
        for (var index = 0; index < _blocks.Count; index++)
            stream = Through(Marked(stream, index), _blocks[index]);
        return stream.Settled;
    }

    /// <summary>The whole stack, but after the last block only one position of each sample.</summary>
    /// <param name="x">[batch, length, width]</param>
    /// <param name="at">int64 [batch], the positions; null for the first.</param>
    /// <returns>[batch, width]</returns>
    public Tensor ForwardOne(Tensor x, Tensor? at = null)
    {
        Tensor? mask = null;
        if (_isCausal)
        {
            var last = at ?? torch.zeros(x.shape[0], dtype: ScalarType.Int64, device: x.device);
            mask = (torch.arange(x.shape[1], device: x.device).unsqueeze(0) <= last.unsqueeze(1)).view(x.shape[0], 1, 1, x.shape[1]);
        }
        var stream = new Stream(x);
        for (var index = 0; index < _blocks.Count - 1; index++)
            stream = Through(Marked(stream, index), _blocks[index]);
        stream = Marked(stream, _blocks.Count - 1);
        return Recompute is { } recompute
            ? recompute.Run(settled => _blocks[^1].ForwardOne(new(settled), at, mask), stream.Settled)
            : _blocks[^1].ForwardOne(stream, at, mask);
    }

    private Stream Marked(Stream stream, int index) => Reached is { } reached && index % BlocksOfPart == 0
        ? stream with { X = BackwardMark.Set(stream.X, () => reached(index / BlocksOfPart)) }
        : stream;

    // What is computed twice is kept settled in between.
    private Stream Through(Stream stream, ResidualBlock block) =>
        Recompute is { } recompute ? new(recompute.Run(block.forward, stream.Settled)) : block.Forward(stream);
}
