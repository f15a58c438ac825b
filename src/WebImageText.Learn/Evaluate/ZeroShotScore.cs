using WebImageText.Curate.Audit;

namespace WebImageText.Learn.Evaluate;

/// <summary>How often a classifier was right.</summary>
public sealed class ZeroShotScore
{
    private readonly long[] _images;
    private readonly long[] _right;
    private readonly Dictionary<(int Is, int Taken), long> _wrong = [];

    /// <param name="classes">Names of the classes.</param>
    public ZeroShotScore(IReadOnlyList<string> classes) => (Classes, _images, _right) = (classes, new long[classes.Count], new long[classes.Count]);

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Images that were classified.</summary>
    public long Images => _images.Sum();

    /// <summary>Images whose class came first.</summary>
    public long Right => _right.Sum();

    /// <summary>Images whose class was among the first five.</summary>
    public long RightInFive { get; private set; }

    /// <summary>Images that could not be decoded, and why; they count as nothing.</summary>
    public List<(string Name, string Why)> Broken { get; } = [];

    /// <summary>Share of images whose class came first.</summary>
    public double Accuracy => Images == 0 ? 0 : (double)Right / Images;

    /// <summary>The mean of every class's own accuracy; classes without images are left out.</summary>
    public double MeanPerClass => Enumerable.Range(0, _images.Length).Where(at => _images[at] > 0)
        .Select(at => (double)_right[at] / _images[at]).DefaultIfEmpty(0).Average();

    /// <summary>The exact interval of <see cref="Accuracy"/> (Clopper and Pearson).</summary>
    /// <param name="level">Such as 0.95.</param>
    public (double Low, double High) Interval(double level) => Images == 0 ? (0, 1) : BinomialInference.ClopperPearson(Right, Images, level);

    /// <summary>Each class with its images and how many of them were right.</summary>
    public IEnumerable<(string Class, long Images, long Right)> ByClass => Classes.Select((name, at) => (name, _images[at], _right[at]));

    /// <summary>What was most often taken for what.</summary>
    public IEnumerable<(string Is, string Taken, long Images)> Confusions => _wrong.OrderByDescending(entry => entry.Value)
        .ThenBy(entry => entry.Key).Select(entry => (Classes[entry.Key.Is], Classes[entry.Key.Taken], entry.Value));

    /// <summary>Counts one image.</summary>
    /// <param name="index">Its class.</param>
    /// <param name="ranked">The classes that came first, at most five, best first.</param>
    public void Add(int index, ReadOnlySpan<long> ranked)
    {
        _images[index]++;
        RightInFive += ranked.Contains(index) ? 1 : 0;
        if (ranked[0] == index)
            _right[index]++;
        else
            _wrong[(index, (int)ranked[0])] = _wrong.GetValueOrDefault((index, (int)ranked[0])) + 1;
    }
}
