using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>Start weights: CLIP's for text, the framework's own where CLIP keeps to them.</summary>
internal static class StartValues
{
    /// <summary>Lets a new module's tensors live until it is disposed of, whatever dispose scope it was made in.</summary>
    public static void Keep(nn.Module module)
    {
        foreach (var parameter in module.parameters())
            parameter.DetachFromDisposeScope();
        foreach (var (_, buffer) in module.named_buffers())
            buffer.DetachFromDisposeScope();
    }

    /// <summary>A linear layer: uniform within ±1/sqrt(inputs), weights and bias.</summary>
    public static void Linear(Affine layer)
    {
        var bound = 1 / Math.Sqrt(layer.Weight.shape[1]);
        nn.init.uniform_(layer.Weight, -bound, bound);
        nn.init.uniform_(layer.Bias, -bound, bound);
    }

    /// <summary>Tokens and their places, small.</summary>
    public static void Tokens(Embedding tokens, Parameter positions)
    {
        nn.init.normal_(tokens.weight!, 0, 0.02);
        nn.init.normal_(positions, 0, 0.01);
    }

    /// <summary>Blocks of a text tower: what goes back into the stream is the smaller the more blocks there are.</summary>
    public static void TextBlocks(IReadOnlyList<ResidualBlock> blocks, int width)
    {
        var attention = Math.Pow(width, -0.5);
        var residual = attention * Math.Pow(2 * blocks.Count, -0.5);
        foreach (var block in blocks)
        {
            nn.init.normal_(block.Attention.InWeight, 0, attention);
            nn.init.normal_(block.Attention.Out.Weight, 0, residual);
            Linear(block.Perceptron.In);
            Linear(block.Perceptron.Out);
            nn.init.normal_(block.Perceptron.In.Weight, 0, Math.Pow(2 * width, -0.5));
            nn.init.normal_(block.Perceptron.Out.Weight, 0, residual);
        }
    }
}
