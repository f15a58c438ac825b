using System.Runtime.CompilerServices;
using TorchSharp;
using WebImageText.Learn.Clip.Towers;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Kernels;

public sealed class OwnGradientTests
{
    [Fact]
    public void Gradients_are_those_of_libtorch()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (a, b) = (Leaf(3, 4), Leaf(3, 4));
        var (up, down) = (randn(3, 4), randn(3, 4));

        var (product, sum) = Own(a, b);
        ((product.exp() * up).sum() + (sum * down).sum()).backward();
        OwnGradient.ThrowIfFailed();
        var (toA, toB) = Taken(a, b);
        (((a * b).exp() * up).sum() + ((a + 2 * b) * down).sum()).backward();

        Assert.True(product.requires_grad && sum.requires_grad);
        Assert.True(toA.allclose(a.grad!));
        Assert.True(toB.allclose(b.grad!));
    }

    [Fact]
    public void An_output_that_nothing_uses_has_no_gradient()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Leaf(2, 2), Leaf(2, 2));

        var (_, sum) = Own(a, b);
        sum.sum().backward();
        OwnGradient.ThrowIfFailed();

        Assert.True(a.grad!.allclose(ones(2, 2)));
        Assert.True(b.grad!.allclose(full([2, 2], 2f)));
    }

    [Fact]
    public void An_input_may_be_absent_or_need_no_gradient()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Leaf(2, 2), randn(2, 2));
        Tensor y;
        using (no_grad())
            y = a * b;

        OwnGradient.Attach([null, a, b], [y], [b], (gradients, saved) => [null, gradients[0]! * saved[0], null]);
        y.sum().backward();
        OwnGradient.ThrowIfFailed();

        Assert.True(a.grad!.allclose(b));
    }

    [Fact]
    public void One_gradient_may_be_that_of_several_inputs()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Leaf(2, 2), Leaf(2, 2));
        Tensor y;
        using (no_grad())
            y = a + b;

        OwnGradient.Attach([a, b], [y], [], (gradients, _) => [gradients[0], gradients[0]]);
        (y * 3).sum().backward();
        OwnGradient.ThrowIfFailed();

        Assert.True(a.grad!.allclose(full([2, 2], 3f)));
        Assert.True(b.grad!.allclose(full([2, 2], 3f)));
    }

    [Fact]
    public void What_was_saved_is_freed_as_soon_as_the_gradients_are_there()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Leaf(2, 2), Leaf(2, 2));
        Tensor[]? kept = null;
        Tensor y;
        using (no_grad())
            y = a * b;
        OwnGradient.Attach([a, b], [y], [a, b], (gradients, saved) =>
        {
            kept = saved;
            return [gradients[0]! * saved[1], gradients[0]! * saved[0]];
        });

        y.sum().backward();
        OwnGradient.ThrowIfFailed();

        Assert.All(kept!, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void Many_passes_leave_no_tensor_behind()
    {
        var (a, b) = (Leaf(2, 2), Leaf(2, 2));
        Pass(a, b, withBackward: true); // the gradients of a thread's last pass wait for the next
        var before = Tensor.TotalCount;

        for (var at = 0; at < 50; at++)
            Pass(a, b, withBackward: at % 2 == 0);
        Pass(a, b, withBackward: true);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Without_gradients_there_is_no_node()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Leaf(2, 2), Leaf(2, 2));
        using (no_grad())
            Assert.False(Own(a, b).Product.requires_grad);

        Assert.False(Own(a.detach(), b.detach()).Product.requires_grad);
    }

    [Fact]
    public void It_can_be_computed_again_in_the_backward_pass()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (a, b) = (Leaf(3, 3), Leaf(3, 3));

        var y = new Recomputation(null).Run(x => Own(Own(x, b).Product, b).Sum, a);
        (y * y).sum().backward();
        OwnGradient.ThrowIfFailed();
        var (toA, toB) = Taken(a, b);
        var expected = a * b + 2 * b;
        (expected * expected).sum().backward();

        Assert.True(toA.allclose(a.grad!));
        Assert.True(toB.allclose(b.grad!));
    }

    [Fact]
    public void A_failure_comes_out_after_the_backward_pass()
    {
        using var scope = NewDisposeScope();
        var a = Leaf(2, 2);
        Tensor y;
        using (no_grad())
            y = a * 2;
        OwnGradient.Attach([a], [y], [], (_, _) => throw new ArithmeticException("no such thing"));

        y.sum().backward();

        Assert.Contains("no such thing", Assert.Throws<InvalidOperationException>(OwnGradient.ThrowIfFailed).Message, StringComparison.Ordinal);
        OwnGradient.ThrowIfFailed();
        Assert.True(a.grad is null || a.grad.abs().max().item<float>() == 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Pass(Tensor a, Tensor b, bool withBackward)
    {
        using var scope = NewDisposeScope();
        var (product, sum) = Own(a, b);
        if (withBackward)
        {
            (product + sum).sum().backward();
            OwnGradient.ThrowIfFailed();
            a.grad = b.grad = null;
        }
    }

    // a·b and a + 2b
    private static (Tensor Product, Tensor Sum) Own(Tensor a, Tensor b)
    {
        Tensor product, sum;
        using (no_grad())
            (product, sum) = (a * b, a + 2 * b);
        OwnGradient.Attach([a, b], [product, sum], [a, b], (gradients, saved) =>
        {
            var (toA, toB) = (zeros_like(saved[0]), zeros_like(saved[1]));
            if (gradients[0] is { } up)
                (toA, toB) = (toA + up * saved[1], toB + up * saved[0]);
            if (gradients[1] is { } down)
                (toA, toB) = (toA + down, toB + 2 * down);
            return [toA, toB];
        });
        return (product, sum);
    }

    private static (Tensor, Tensor) Taken(Tensor a, Tensor b)
    {
        var taken = (a.grad!.clone(), b.grad!.clone());
        a.grad = b.grad = null;
        return taken;
    }

    private static Tensor Leaf(params long[] shape) => randn(shape, requires_grad: true);
}
