using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using WebImageText.Cli.Demo.Scenes;
using WebImageText.Cli.Terminal;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Files;
using WebImageText.Learn.Data;
using WebImageText.Learn.Evaluate;
using WebImageText.Learn.Text;
using WebImageText.Learn.Train;

namespace WebImageText.Cli.Demo;

/// <summary>One question that the trained model was asked of every held-out picture.</summary>
/// <param name="Question">What was to be told: <c>colour</c> or <c>thing</c>.</param>
/// <param name="Classes">Answers to choose from; the share that chance gets right is one by this.</param>
/// <param name="Images">Pictures.</param>
/// <param name="Accuracy">Share that was right.</param>
/// <param name="Low">Of its 95 % interval.</param>
/// <param name="High">Of its 95 % interval.</param>
internal sealed record HeldOutAnswer(string Question, int Classes, long Images, double Accuracy, double Low, double High);

/// <summary>What training on the demo's shards gave.</summary>
/// <param name="Steps">Steps made; fewer than planned on a machine that is too slow.</param>
/// <param name="Pairs">Pairs seen.</param>
/// <param name="Seconds">Of training.</param>
/// <param name="FirstLoss">Of the first step.</param>
/// <param name="LastLoss">Of the last step.</param>
/// <param name="Answers">Zero-shot.</param>
internal sealed record DemoLesson(long Steps, long Pairs, double Seconds, double FirstLoss, double LastLoss, IReadOnlyList<HeldOutAnswer> Answers);

/// <summary>Trains a very small model on the demo's shards and asks it, by captions alone, about scenes that no shard shows.</summary>
internal static class DemoTraining
{
    private const int Batch = 64, Steps = 130;
    private const double Level = 0.95;

    // A model of this size learns colours in two thousand pictures; things it hardly does.
    private static readonly ClipConfiguration Model = new(
        128, new ResNetConfiguration { ImageSize = 96, Width = 16, HeadWidth = 32, Blocks = [1, 1, 1, 1] },
        new() { ContextLength = 32, VocabularySize = ClipTokenizer.Shipped.VocabularySize, Width = 96, Heads = 4, Layers = 2 }, QuickGelu: true);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(50);

    /// <summary>Trains for a fixed number of steps, less than a minute in any case.</summary>
    /// <param name="shards">The data set's place.</param>
    /// <param name="evaluation">Held-out scenes.</param>
    /// <param name="folder">For the run.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<DemoLesson> RunAsync(string shards, EvaluationSet evaluation, string folder, CancellationToken stop)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(stop);
        soon.CancelAfter(Longest);
        var options = new TrainOptions
        {
            Model = Model,
            Folder = folder,
            Batch = Batch,
            Steps = Steps,
            Rate = new(2e-3, 10, Steps),
            Optimizer = AdamWSettings.ResNet,
            Shuffle = 2_000,
            Seed = 1,
            SaveEvery = 0,
        };
        var trainer = new Trainer(options, [new(await TarShard.FindAsync(shards, stop))], ClipTokenizer.Shipped);
        double? first = null;
        var clock = Stopwatch.StartNew();
        var end = await WorkProgress.RunAsync("Training", report => trainer.RunAsync(made =>
        {
            first ??= made.Loss;
            report(new(made.Step, Steps, $"step {made.Step}, loss {made.Smoothed:F2}, {made.SamplesPerSecond:F0} pairs/s"));
        }, soon.Token));
        stop.ThrowIfCancellationRequested();
        var seconds = clock.Elapsed.TotalSeconds;
        var labels = JsonSerializer.Deserialize<EvaluationSet.Labels>(
            await File.ReadAllBytesAsync(evaluation.LabelsPath, stop), EvaluationSet.Json)!;
        using var encoder = new ClipEncoder(ClipFolder.Load(end.Checkpoint).Model, ClipTokenizer.Shipped);
        var answers = new[]
        {
            await AskAsync(encoder, evaluation, labels, "colour", labels.Colours, label => label.Colour,
                [.. labels.Classes.SelectMany(thing => new[] { $"The picture shows a {{}} {thing}", $"This is a drawing of a {{}} {thing}" })], stop),
            await AskAsync(encoder, evaluation, labels, "thing", labels.Classes, label => label.Class,
                [.. SceneColour.All.SelectMany(colour => new[] { $"The picture shows a {colour.Name} {{}}", $"This is a drawing of a {colour.Name} {{}}" })], stop),
        };
        return new(end.Steps, end.Steps * Batch, seconds, first ?? 0, end.Last?.Loss ?? 0, answers);
    }

    private static async Task<HeldOutAnswer> AskAsync(
        ClipEncoder encoder, EvaluationSet evaluation, EvaluationSet.Labels labels, string question, IReadOnlyList<string> classes,
        Func<EvaluationSet.Label, string> answer, IReadOnlyList<string> templates, CancellationToken stop)
    {
        using var classifier = TextClassifier.Make(encoder, new([.. classes.Select(name => new[] { name })], templates), cache: null);
        var score = await ZeroShot.ScoreAsync(encoder, classifier, new(classes, labels.Images.Count, Read), Batch, progress: null, stop);
        var (low, high) = score.Interval(Level);
        return new(question, classes.Count, score.Images, score.Accuracy, low, high);

        async IAsyncEnumerable<LabelledImage> Read([EnumeratorCancellation] CancellationToken giveUp)
        {
            var places = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
            foreach (var label in labels.Images)
                yield return new(label.File, await File.ReadAllBytesAsync(Path.Combine(evaluation.Folder, label.File), giveUp), places[answer(label)]);
        }
    }
}
