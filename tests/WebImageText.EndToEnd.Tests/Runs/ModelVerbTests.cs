using System.Text.Json;
using WebImageText.Tests.Dedup;

namespace WebImageText.Tests.Runs;

/// <summary>A small model by the command line: trained, written in other programs' forms, read back, asked.</summary>
[Collection(OneAtATime.Name)]
public sealed class ModelVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-model").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_trained_model_keeps_its_bytes_and_its_answers_through_both_forms()
    {
        var photos = RealPhotos.Take(24);
        await RealPhotos.WriteDataSetAsync(At("data"), [.. photos.Select(photo => photo.Jpeg)], TestContext.Current.CancellationToken);
        var picture = At("photo.jpg");
        await File.WriteAllBytesAsync(picture, photos[0].Jpeg, TestContext.Current.CancellationToken);

        var trained = await WitProcess.JsonAsync(0, "train", "--data", At("data"), "--model", "tiny", "--batch", "8", "--steps", "4", "--out", At("run"));
        var checkpoint = trained.GetProperty("checkpoint").GetString()!;
        await WitProcess.JsonAsync(0, "export", checkpoint, "--format", "hf", "--out", At("hf"));
        await WitProcess.JsonAsync(0, "export", At("hf"), "--format", "open_clip", "--out", At("open_clip"));

        const string Weights = "open_clip_model.safetensors";
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(checkpoint, Weights), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(At("open_clip", Weights), TestContext.Current.CancellationToken));
        var answers = new List<string>();
        foreach (var model in new[] { checkpoint, At("hf"), At("open_clip") })
            answers.Add((await WitProcess.JsonAsync(0, "classify", picture, "--labels", "cat,dog,traffic light", "--model", model)).GetRawText());
        Assert.Equal(3, JsonDocument.Parse(answers[0]).RootElement[0].GetProperty("labels").GetArrayLength());
        Assert.Single(answers.Distinct());
        Assert.True(File.Exists(At("run", "curves.png")));
    }

    private string At(params string[] parts) => Path.Combine([_folder, .. parts]);
}
