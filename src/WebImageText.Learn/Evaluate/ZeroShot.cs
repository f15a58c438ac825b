using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Evaluate;

/// <summary>Classifies labelled images by the similarity of image and text.</summary>
public static class ZeroShot
{
    private const int Places = 5;

    /// <summary>Goes through a set. Images are decoded on all cores while the model works.</summary>
    /// <param name="encoder">Looks at the images.</param>
    /// <param name="classifier">One vector a class of the set.</param>
    /// <param name="set">The images.</param>
    /// <param name="batch">Images that the model sees at once.</param>
    /// <param name="progress">Called with the images done.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ZeroShotScore> ScoreAsync(
        ClipEncoder encoder, TextClassifier classifier, LabelledSet set, int batch, Action<long>? progress, CancellationToken stop)
    {
        var score = new ZeroShotScore(set.Classes);
        var waiting = new Queue<(LabelledImage Image, Task<(byte[]? Pixels, Drop? Fault)> Work)>();
        List<(int Class, byte[] Pixels)> ready = [];
        await foreach (var image in set.ReadAsync(stop))
        {
            waiting.Enqueue((image, Task.Run(() => encoder.Read(image.Bytes), stop)));
            if (waiting.Count > 4 * Environment.ProcessorCount)
                await TakeAsync();
        }
        while (waiting.Count > 0)
            await TakeAsync();
        Judge();
        return score;

        async Task TakeAsync()
        {
            var (image, work) = waiting.Dequeue();
            var (pixels, fault) = await work;
            if (pixels is null)
                score.Broken.Add((image.Name, $"{fault!.Reason.Word()}: {fault.Detail}"));
            else
                ready.Add((image.Class, pixels));
            if (ready.Count == batch)
                Judge();
        }

        void Judge()
        {
            if (ready.Count == 0)
                return;
            using var scope = torch.NewDisposeScope();
            using var quiet = torch.no_grad();
            var similarities = classifier.Similarities(encoder.Images([.. ready.Select(entry => entry.Pixels)]));
            var places = Math.Min(Places, set.Classes.Count);
            var ranked = similarities.topk(places, 1).indexes.cpu().contiguous().data<long>().ToArray();
            foreach (var (at, (index, _)) in ready.Index())
                score.Add(index, ranked.AsSpan(at * places, places));
            ready.Clear();
            progress?.Invoke(score.Images);
        }
    }
}
