using WebImageText.Learn.Clip.Files;
using WebImageText.Learn.Data;
using WebImageText.Learn.Tests.Data;
using WebImageText.Learn.Train;

namespace WebImageText.Learn.Tests.Train;

public sealed class ObjectiveTrainingTests
{
    [Theory]
    [InlineData("caption")]
    [InlineData("words")]
    [InlineData("words-sigmoid")]
    [InlineData("words-contrastive")]
    public async Task The_loss_falls(string objective)
    {
        using var shards = new SomeShards(16);
        var losses = new List<double>();

        await Trainer(Options(shards) with { Objective = objective }, shards).RunAsync(made => losses.Add(made.Loss), Stop);

        Assert.True(losses[^1] < 0.8 * losses[0], $"{objective}: {losses[0]:F3} -> {losses[^1]:F3}");
        TestContext.Current.SendDiagnosticMessage($"{objective}: {losses[0]:F3} -> {losses[^1]:F3}");
    }

    [Fact]
    public async Task A_resumed_run_has_the_losses_of_an_uninterrupted_one()
    {
        using var shards = new SomeShards(16);
        var options = Options(shards) with { Objective = "words", Steps = 8, Rate = new(1e-3, 2, 8) };
        var (whole, pieces) = (new List<double>(), new List<double>());
        await Trainer(options, shards).RunAsync(made => whole.Add(made.Loss), Stop);
        var other = options with { Folder = Path.Combine(shards.Folder, "pieces"), Resume = "latest" };
        using var soon = new CancellationTokenSource();

        await Trainer(other, shards).RunAsync(made => { pieces.Add(made.Loss); if (made.Step == 3) soon.Cancel(); }, soon.Token);
        var end = await Trainer(other, shards).RunAsync(made => pieces.Add(made.Loss), Stop);

        Assert.Equal(whole, pieces);
        Assert.NotNull(TokenizerFiles.TryRead(end.Checkpoint));
    }

    [Fact]
    public async Task A_contrast_in_parts_is_refused()
    {
        using var shards = new SomeShards(16);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() =>
            Trainer(Options(shards) with { Objective = "words-contrastive", Part = 4 }, shards).RunAsync(null, Stop));

        Assert.Contains("--part", refused.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static TrainOptions Options(SomeShards shards) => new()
    {
        Model = SomeModel.Shape,
        Folder = Path.Combine(shards.Folder, "run"),
        Batch = 16,
        Steps = 60,
        Rate = new(3e-3, 5, 60),
        Optimizer = AdamWSettings.VisionTransformer,
        Shuffle = 8,
        Seed = 11,
    };

    private static Trainer Trainer(TrainOptions options, SomeShards shards) => new(
        options, [new(TarShard.FindAsync(shards.Pattern, Stop).GetAwaiter().GetResult())], SomeModel.Bytes);
}
