using System.Globalization;
using System.Numerics.Tensors;
using WebImageText.Curate.Pixels;

namespace WebImageText.Curate.Filter.Scores;

/// <summary>Makes the reader of captions for a text model: from a vocabulary file and the tokens in a row.</summary>
/// <param name="vocabulary">Path of the file.</param>
/// <param name="context">Tokens in a row.</param>
public delegate Func<string, long[]> CaptionReader(string vocabulary, int context);

/// <summary>
/// A score of a picture, or of a picture and its caption, by a model that the user supplies: safety, aesthetics, watermarks, CLIP's
/// likeness. <c>NAME.onnx</c> with <c>NAME.json</c> beside it, see <see cref="ScoreDescription"/>. Safe for many threads at once.
/// </summary>
public sealed class ScoreModel : IDisposable
{
    private const long LargestDescription = 1 << 16;

    private readonly OnnxModel _picture;
    private readonly OnnxModel? _head;
    private readonly OnnxModel? _text;
    private readonly Func<string, long[]>? _tokens;

    private ScoreModel(string path, ScoreDescription description, CaptionReader? captions)
    {
        (Path, Description) = (path, description);
        _picture = OnnxModel.Open(path);
        _head = description.Head is { } head ? OnnxModel.Open(Beside(head)) : null;
        if (description.TextModel is { } text)
        {
            _text = OnnxModel.Open(Beside(text));
            _tokens = (captions ?? throw new InvalidDataException($"The score '{path}' needs captions, which cannot be read here."))(
                Beside(description.Vocabulary!), description.Context);
        }

        string Beside(string file) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", file);
    }

    /// <summary>The ONNX file.</summary>
    public string Path { get; }

    /// <summary>What goes in, and what is kept.</summary>
    public ScoreDescription Description { get; }

    /// <summary>Opens a model and tries it on a plain picture.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="least">Least score that is kept, instead of the description's.</param>
    /// <param name="most">Greatest score that is kept, instead of the description's.</param>
    /// <param name="captions">For models with a text part.</param>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">The description is wrong, a model does not run, or no limit is given.</exception>
    public static ScoreModel Open(string path, double? least = null, double? most = null, CaptionReader? captions = null)
    {
        var beside = new FileInfo(System.IO.Path.ChangeExtension(path, ".json"));
        if (!beside.Exists)
            throw new FileNotFoundException($"'{beside.FullName}' is not there: a score is NAME.onnx with NAME.json beside it.", beside.FullName);
        if (beside.Length > LargestDescription)
            throw new InvalidDataException($"'{beside.FullName}' has {beside.Length} bytes, which no description of a score has.");
        var description = ScoreDescription.Parse(File.ReadAllBytes(beside.FullName), beside.FullName);
        if (least is not null || most is not null)
            description = description with { Least = least, Most = most };
        if (description is { Least: null, Most: null })
            throw new InvalidDataException($"The score '{description.Score}' of '{path}' has no limit: give it least or most.");
        var model = new ScoreModel(path, description, captions);
        try
        {
            using var plain = new Raster(description.Side, description.Side);
            plain.Pixels.Fill(128);
            model.Score(plain, "a trial");
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _picture.Dispose();
        _head?.Dispose();
        _text?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Description.Score}{(Description.Least is { } least ? $" at least {least}" : "")}{(Description.Most is { } most ? $" at most {most}" : "")}");

    /// <summary>The score of a picture with its caption.</summary>
    /// <exception cref="InvalidDataException">A model does not do what its description says.</exception>
    internal double Score(Raster picture, string caption)
    {
        var row = _picture.Run(Pixels(picture), 1, 3, Description.Side, Description.Side);
        if (_text is not null)
            return TensorPrimitives.CosineSimilarity<float>(row, SameLength(_text.Run(_tokens!(caption), 1, Description.Context), row.Length));
        if (_head is not null)
            row = _head.Run(Description.Normalise ? Unit(row) : row, 1, row.Length);
        if (Description.Class >= row.Length)
            throw new InvalidDataException($"The score '{Path}' is class {Description.Class}, but the model gives {row.Length} numbers.");
        return Description.Activation switch
        {
            Activation.Sigmoid => 1 / (1 + Math.Exp(-row[Description.Class])),
            Activation.Softmax => 1 / row.Sum(value => Math.Exp(value - row[Description.Class])),
            _ => row[Description.Class],
        };
    }

    private float[] Pixels(Raster picture)
    {
        var side = Description.Side;
        using var square = Description.Fit == SquareFit.Squeeze ? Resampler.Resize(picture, side, side, Description.Interpolation) : Middle(picture);
        var pixels = square.Pixels;
        var planes = new float[3 * side * side];
        for (var band = 0; band < 3; band++)
        {
            var (scale, shift) = (1 / (255 * Description.Std[band]), -Description.Mean[band] / Description.Std[band]);
            for (var at = 0; at < side * side; at++)
                planes[band * side * side + at] = pixels[3 * at + band] * scale + shift;
        }
        return planes;
    }

    private Raster Middle(Raster picture)
    {
        var fit = Fit.Of(picture.Width, picture.Height, new() { ResizeMode = ResizeMode.CenterCrop, Size = Description.Side, ResizeOnlyIfBigger = false });
        using var resized = Resampler.Resize(picture, fit.Width, fit.Height, Description.Interpolation);
        return Canvas.Of(resized, fit);
    }

    private float[] SameLength(float[] row, int length) => row.Length == length ? row : throw new InvalidDataException(
        $"The score '{Path}': the picture's embedding has {length} numbers, the caption's {row.Length}.");

    private static float[] Unit(float[] row)
    {
        var length = TensorPrimitives.Norm<float>(row);
        TensorPrimitives.Divide(row, Math.Max(length, 1e-12f), row);
        return row;
    }
}
