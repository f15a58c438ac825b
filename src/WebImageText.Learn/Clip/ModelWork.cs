namespace WebImageText.Learn.Clip;

/// <summary>
/// Floating-point operations of a forward pass for one pair, 2 for a multiplication and its addition: matrix products and
/// convolutions only. A training step is three times that, whatever is computed again or left out.
/// </summary>
public static class ModelWork
{
    /// <summary>Of both towers.</summary>
    /// <param name="model">Its shapes.</param>
    /// <param name="textLength">Tokens of a text, start and end counted.</param>
    public static double Forward(ClipConfiguration model, double textLength) => Image(model) + Text(model, textLength);

    /// <summary>Of the image tower.</summary>
    public static double Image(ClipConfiguration model) => model.Image switch
    {
        VisionTransformerConfiguration vit => Transformer(vit, model.EmbedDim),
        ResNetConfiguration resnet => ResNet(resnet, model.EmbedDim),
        _ => throw new ClipConfigurationException($"No work is known of {model.Image.GetType().Name}."),
    };

    /// <summary>Of the text tower.</summary>
    public static double Text(ClipConfiguration model, double textLength) =>
        Blocks(model.Text.Width, model.Text.Layers, model.Text.MlpRatio, textLength) + 2.0 * model.Text.Width * model.EmbedDim;

    private static double Transformer(VisionTransformerConfiguration vit, int embed)
    {
        var places = (double)vit.GridSize * vit.GridSize;
        return 2 * places * vit.Width * 3 * vit.PatchSize * vit.PatchSize + Blocks(vit.Width, vit.Layers, vit.MlpRatio, places + 1)
            + 2.0 * vit.Width * embed;
    }

    // Four matrices of width x width for attention, two of ratio x width x width after it; then scores and their sums.
    private static double Blocks(double width, int layers, double ratio, double length) =>
        layers * (2 * length * width * width * (4 + 2 * ratio) + 4 * length * length * width);

    private static double ResNet(ResNetConfiguration shape, int embed)
    {
        double width = shape.Width, side = shape.ImageSize / 2, half = width / 2;
        var sum = Convolution(side, 3, half, 3) + Convolution(side, half, half, 3) + Convolution(side, half, width, 3);
        side /= 2;
        var inputs = width;
        for (var stage = 0; stage < shape.Blocks.Count; stage++)
        {
            var planes = width * (1 << stage);
            for (var block = 0; block < shape.Blocks[stage]; block++)
            {
                // The stride is a pool after the second convolution.
                var after = block == 0 && stage > 0 ? side / 2 : side;
                sum += Convolution(side, inputs, planes, 1) + Convolution(side, planes, planes, 3) + Convolution(after, planes, 4 * planes, 1);
                if (block == 0)
                    sum += Convolution(after, inputs, 4 * planes, 1);
                (side, inputs) = (after, 4 * planes);
            }
        }
        // One query looks at all places and their mean.
        var places = side * side + 1;
        return sum + 2 * inputs * inputs * (2 * places + 1) + 4 * places * inputs + 2 * inputs * embed;
    }

    private static double Convolution(double side, double from, double to, int kernel) => 2 * side * side * from * to * kernel * kernel;
}
