using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>
/// A place in a model at which the backward pass tells that it has come by: the gradients of everything computed behind it are
/// complete then. It changes nothing that is computed.
/// </summary>
internal static class BackwardMark
{
    /// <summary>Sets a mark.</summary>
    /// <param name="x">The stream at this place.</param>
    /// <param name="reached">Called on the thread of the backward pass.</param>
    public static Tensor Set(Tensor x, Action reached) => is_grad_enabled() && x.requires_grad ? Step.apply(x, reached) : x;

    private sealed class Step : autograd.SingleTensorFunction<Step>
    {
        public override string Name => nameof(BackwardMark);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("reached", vars[1]);
            return ((Tensor)vars[0]).alias();
        }

        [MethodImpl(MethodImplOptions.NoInlining)] // a stack trace shows who called
        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            ((Action)ctx.get_data("reached"))();
            return [grad_output.alias().DetachFromDisposeScope(), null!];
        }
    }
}
