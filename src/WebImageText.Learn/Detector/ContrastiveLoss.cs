using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace WebImageText.Learn.Detector;

/// <summary>What is pulled together and pushed apart, at a fixed temperature.</summary>
/// <param name="Temperature">Divides the similarities. CLIP: 0.07; SSCD: 0.05.</param>
/// <param name="Entropy">
/// Weight of the entropy term (KoLeo): minus the logarithm of each descriptor's distance to the nearest of another picture, which
/// spreads descriptors evenly, so that one threshold means the same everywhere. 0 for none; SSCD: 30.
/// </param>
internal sealed record ContrastiveLoss(double Temperature, double Entropy)
{
    /// <summary>The mean loss of a batch of pairs; every other view of the batch is a negative (InfoNCE over 2n views).</summary>
    /// <param name="first">float32 [n, d], of length 1: one view of each picture.</param>
    /// <param name="second">float32 [n, d], of length 1: another view, in the same order.</param>
    /// <param name="entropyShare">Of the entropy term's weight, 0-1.</param>
    public Tensor Of(Tensor first, Tensor second, double entropyShare = 1)
    {
        var n = first.shape[0];
        var all = cat([first, second], 0);
        var alike = all.matmul(all.transpose(0, 1));
        var index = arange(2 * n, device: all.device);
        var partner = (index + n).remainder(2 * n);
        var self = eye(2 * n, dtype: ScalarType.Bool, device: all.device);
        var loss = functional.cross_entropy((alike / Temperature).masked_fill(self, float.NegativeInfinity), partner);
        if (Entropy * entropyShare == 0)
            return loss;
        var others = self.logical_or(zeros_like(self).scatter(1, partner.unsqueeze(1), ones(2 * n, 1, dtype: ScalarType.Bool, device: all.device)));
        var nearest = alike.masked_fill(others, -2).amax([1]);
        // |a - b|² = 2 - 2ab for vectors of length 1.
        var distance = (2 - 2 * nearest).clamp_min(1e-6).sqrt();
        return loss - Entropy * entropyShare * distance.log().mean();
    }
}
