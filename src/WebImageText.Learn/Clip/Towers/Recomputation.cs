using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016, arXiv:1604.06174): a part of the model keeps its input only, and is computed a second
/// time when its gradient is asked for. Exact, for one more forward pass of that part.
/// </summary>
/// <param name="around">
/// Opened around the second computation, which may run on a thread of libtorch's own: what the first one found on its thread,
/// such as mixed precision, must be set up again there. May give null.
/// </param>
internal sealed class Recomputation(Func<IDisposable?>? around)
{
    /// <summary>Computes a part of the model, keeping only its input for the backward pass.</summary>
    public Tensor Run(Func<Tensor, Tensor> part, Tensor input)
    {
        // Without this a first input that needs no gradient would cut the graph, and the part's weights would get none.
        if (!torch.is_grad_enabled())
            return part(input);
        return Step.apply(input.requires_grad ? input : input.detach().requires_grad_(true), part, around)[0];
    }

    private sealed class Step : autograd.MultiTensorFunction<Step>
    {
        public override string Name => nameof(Recomputation);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (input, part) = ((Tensor)vars[0], (Func<Tensor, Tensor>)vars[1]);
            ctx.save_for_backward([input]);
            ctx.save_data("part", part);
            ctx.save_data("around", vars[2]);
            using var scope = torch.NewDisposeScope();
            return [part(input).MoveToOuterDisposeScope()];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var part = (Func<Tensor, Tensor>)ctx.get_data("part");
            using var scope = torch.NewDisposeScope();
            using var grad = torch.enable_grad();
            using var again = (ctx.get_data("around") as Func<IDisposable?>)?.Invoke();
            var input = ctx.get_saved_variables()[0].detach().requires_grad_(true);
            var output = part(input);
            torch.autograd.backward([output], [grad_outputs[0]]);
            return [input.grad!.DetachFromDisposeScope(), null!, null!];
        }
    }
}
