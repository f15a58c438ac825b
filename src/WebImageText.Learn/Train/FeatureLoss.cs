using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>A loss over all pairs of a global batch, and what it wants changed.</summary>
/// <param name="Value">float32 scalar: the loss over the global batch; the same on every rank.</param>
/// <param name="Image">Gradient of this rank's image features, float32 [local, width].</param>
/// <param name="Text">Gradient of this rank's text features, float32 [local, width].</param>
/// <param name="Scale">This rank's part of the gradient of the scale's logarithm; the parts sum to the whole.</param>
/// <param name="Bias">This rank's part of the gradient of the bias; null for a loss without one.</param>
internal sealed record FeatureGradients(Tensor Value, Tensor Image, Tensor Text, Tensor Scale, Tensor? Bias = null);

/// <summary>
/// The two losses between images and texts, with gradients by hand: the logits of a global batch are computed a few rows at a
/// time, twice, and never stand in memory as a whole (32,768 x 32,768 would be 4.3 GB, and autograd keeps several of them).
/// </summary>
/// <remarks>
/// Each rank computes the rows of its images and the columns of its texts. It needs the features of all ranks and, for the
/// contrastive loss, one number a row and column; gradients of features stay where they are needed.
/// </remarks>
internal static class FeatureLoss
{
    /// <summary>Rows of logits in memory at a time.</summary>
    public const int Rows = 4096;

    /// <summary>Mean of the cross-entropies of images among texts and of texts among images (CLIP paper, figure 3).</summary>
    /// <param name="image">This rank's, unit length, float32 [local, width].</param>
    /// <param name="text">Their texts, likewise.</param>
    /// <param name="logScale">Logarithm of the factor on similarities, float32 scalar.</param>
    /// <param name="ranks">Who has the others.</param>
    /// <param name="chunk">Rows of logits in memory at a time.</param>
    public static FeatureGradients Contrastive(Tensor image, Tensor text, Tensor logScale, IRanks ranks, int chunk = Rows)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var scale = logScale.exp();
        var (images, texts) = (ranks.Gather(image.contiguous()), ranks.Gather(text.contiguous()));
        var (count, right) = (images.shape[0], (image * text).sum(1) * scale);

        // Pass 1: how much probability there is to share, by row and by column.
        var imageMass = Mass(image, texts, scale, chunk);
        var textMass = Mass(text, images, scale, chunk);
        var value = (imageMass + textMass - 2 * right).sum() / (2 * count);
        ranks.Sum(value);

        // Pass 2: the gradient of a logit is what it takes of its row and of its column, less 1 where it is right.
        var (imageMasses, textMasses) = (ranks.Gather(imageMass), ranks.Gather(textMass));
        Tensor Pull(Tensor logits, Tensor own, Tensor others) =>
            ((logits - own.unsqueeze(1)).exp_() + (logits - others.unsqueeze(0)).exp_()).mul_(0.5 / count);
        var (toImage, toScale) = Gradient(image, texts, text, scale, count, chunk,
            (logits, first, rows) => Pull(logits, imageMass.narrow(0, first, rows), textMasses));
        var (toText, _) = Gradient(text, images, image, scale, count, chunk,
            (logits, first, rows) => Pull(logits, textMass.narrow(0, first, rows), imageMasses));
        return Kept(new(value, toImage, toText, toScale - right.sum() / count));
    }

    /// <summary>Every pair is a yes-or-no question (Zhai et al. 2023, arXiv:2303.15343), summed over pairs and divided by the batch.</summary>
    /// <param name="image">This rank's, unit length, float32 [local, width].</param>
    /// <param name="text">Their texts, likewise.</param>
    /// <param name="logScale">Logarithm of the factor on similarities, float32 scalar.</param>
    /// <param name="bias">Added to every logit, float32 scalar.</param>
    /// <param name="ranks">Who has the others.</param>
    /// <param name="chunk">Rows of logits in memory at a time.</param>
    public static FeatureGradients Sigmoid(Tensor image, Tensor text, Tensor logScale, Tensor bias, IRanks ranks, int chunk = Rows)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var scale = logScale.exp();
        var (images, texts) = (ranks.Gather(image.contiguous()), ranks.Gather(text.contiguous()));
        var (count, right) = (images.shape[0], (image * text).sum(1) * scale);
        var (value, toBias) = (zeros_like(scale), zeros_like(scale));

        // -log sigmoid(-x) for wrong pairs, and for right ones -log sigmoid(x), which is the same less x.
        var (toImage, toScale) = Gradient(image, texts, text, scale, count, chunk, (logits, _, _) =>
        {
            var answers = logits + bias;
            value.add_(nn.functional.softplus(answers).sum());
            var pull = answers.sigmoid();
            toBias.add_(pull.sum());
            return pull.div_(count);
        });
        var (toText, _) = Gradient(text, images, image, scale, count, chunk, (logits, _, _) => (logits + bias).sigmoid().div_(count));
        value = (value - (right + bias).sum()) / count;
        ranks.Sum(value);
        return Kept(new(value, toImage, toText, toScale - right.sum() / count, (toBias - image.shape[0]) / count));
    }

    private static Tensor Mass(Tensor own, Tensor others, Tensor scale, int chunk)
    {
        var parts = new List<Tensor>();
        for (var first = 0L; first < own.shape[0]; first += chunk)
        {
            using var scope = NewDisposeScope();
            var logits = own.narrow(0, first, Math.Min(chunk, own.shape[0] - first)).matmul(others.t()) * scale;
            parts.Add(logits.logsumexp(1).MoveToOuterDisposeScope());
        }
        return parts.Count == 1 ? parts[0] : cat(parts);
    }

    // pull: from a few rows of logits the gradient of each, as if all pairs were wrong.
    private static (Tensor Own, Tensor Scale) Gradient(
        Tensor own, Tensor others, Tensor partners, Tensor scale, long count, int chunk, Func<Tensor, long, long, Tensor> pull)
    {
        var (gradient, toScale) = (empty_like(own), zeros_like(scale));
        for (var first = 0L; first < own.shape[0]; first += chunk)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(chunk, own.shape[0] - first);
            var logits = own.narrow(0, first, rows).matmul(others.t()).mul_(scale);
            var pulled = pull(logits, first, rows);
            toScale.add_((pulled * logits).sum());
            gradient.narrow(0, first, rows).copy_((pulled.matmul(others) - partners.narrow(0, first, rows) / count) * scale);
        }
        return (gradient, toScale);
    }

    private static FeatureGradients Kept(FeatureGradients made)
    {
        foreach (var tensor in new[] { made.Value, made.Image, made.Text, made.Scale, made.Bias })
            tensor?.MoveToOuterDisposeScope();
        return made;
    }
}
