using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>A residual stream, and what has yet to be added to it: the norm that reads it next may do that in the same pass.</summary>
/// <param name="X">[batch, length, width]</param>
/// <param name="Branch">What the last part of a block adds, in the same shape; null for nothing.</param>
/// <param name="Bias">To be added to the branch, [width]; null for none.</param>
internal readonly record struct Stream(Tensor X, Tensor? Branch = null, Tensor? Bias = null)
{
    /// <summary>Everything added.</summary>
    public Tensor Settled => Branch is null ? X : X + (Bias is null ? Branch : Branch + Bias);
}
