using TorchSharp;
using WebImageText.Learn.Clip;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>A CLIP model made ready to compute in some precision, and its towers with features of unit length.</summary>
internal sealed class TwoTowers
{
    private readonly ClipModel _model;

    /// <summary>Takes the model over: its weights become of the precision's type, batch norms stay float32.</summary>
    public TwoTowers(ClipModel model, Precision precision)
    {
        (_model, Type) = (model, precision.Prepare(model));
    }

    /// <summary>Of the towers' weights and of the pixels that they read.</summary>
    public ScalarType Type { get; }

    /// <summary>The model.</summary>
    public ClipModel Model => _model;

    /// <summary>Unit-length features of both, float32 [batch, embedding].</summary>
    /// <param name="pixels">Floating point [batch, 3, side, side], normalised.</param>
    /// <param name="part">Whose captions.</param>
    public (Tensor Image, Tensor Text) Features(Tensor pixels, TrainPart part)
    {
        // What the backward pass needs, the graph keeps; but a part that is computed again needs its own tensors once more.
        if (_model.GradientCheckpointing)
            return (Unit(_model.EncodeImage(pixels)), Text(part));
        using var scope = NewDisposeScope();
        var image = Unit(_model.EncodeImage(pixels));
        var text = Text(part);
        return (image.MoveToOuterDisposeScope(), text.MoveToOuterDisposeScope());
    }

    private Tensor Text(TrainPart part)
    {
        var features = part.Texts.Count == 1 ? _model.EncodeText(part.Texts[0]) : cat([.. part.Texts.Select(_model.EncodeText)]);
        return Unit(part.Places is null ? features : features.index_select(0, part.Places));
    }

    private static Tensor Unit(Tensor features) => nn.functional.normalize(features.to(ScalarType.Float32), 2, 1);
}
