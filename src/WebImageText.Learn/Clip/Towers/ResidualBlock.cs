using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>One pre-norm block: x + attention(norm(x)), then x + perceptron(norm(x)).</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "ln_1")] private readonly Norm _beforeAttention;
    [ComponentName(Name = "attn")] private readonly SelfAttention _attention;
    [ComponentName(Name = "ln_2")] private readonly Norm _beforePerceptron;
    [ComponentName(Name = "mlp")] private readonly Perceptron _perceptron;

    public ResidualBlock(int width, int heads, int hidden, bool isCausal, Func<Tensor, Tensor> activation) : base(nameof(ResidualBlock))
    {
        (_beforeAttention, _beforePerceptron) = (new(width), new(width));
        (_attention, _perceptron) = (new(width, heads, isCausal), new(width, hidden, activation));
        RegisterComponents();
    }

    /// <summary>Its attention.</summary>
    public SelfAttention Attention => _attention;

    /// <summary>Its perceptron.</summary>
    public Perceptron Perceptron => _perceptron;

    /// <summary>Every position.</summary>
    /// <param name="x">[batch, length, width]</param>
    public override Tensor forward(Tensor x) => Forward(new(x)).Settled;

    /// <summary>Every position; what the perceptron adds waits for the next reader.</summary>
    public Stream Forward(Stream stream)
    {
        var (x, normed) = _beforeAttention.Settle(stream);
        (x, normed) = _beforePerceptron.Settle(_attention.Onto(x, normed));
        return _perceptron.Onto(x, normed);
    }

    /// <summary>One position of each sample; the last block of a tower needs no other.</summary>
    /// <param name="stream">Of every position.</param>
    /// <param name="at">int64 [batch], the positions; null for the first.</param>
    /// <param name="mask">As <see cref="SelfAttention.ForwardOne"/> takes it.</param>
    /// <returns>[batch, width]</returns>
    public Tensor ForwardOne(Stream stream, Tensor? at, Tensor? mask)
    {
        var (x, normed) = _beforeAttention.Settle(stream);
        var one = Pick(x, at) + _attention.ForwardOne(normed, Pick(normed, at), mask);
        return one + _perceptron.forward(_beforePerceptron.forward(one));
    }

    private static Tensor Pick(Tensor x, Tensor? at) => at is null
        ? x.select(1, 0)
        : x.gather(1, at.view(-1, 1, 1).expand(x.shape[0], 1, x.shape[2])).squeeze(1);
}
