using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Files;
using WebImageText.Learn.Data;
using WebImageText.Learn.Safetensors;
using WebImageText.Learn.Tests.Data;
using WebImageText.Learn.Train;

namespace WebImageText.Learn.Tests.Train;

public sealed class TrainerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_stopped_and_resumed_run_has_the_losses_of_an_uninterrupted_one(int part)
    {
        using var shards = new SomeShards(10, 3, 7, 5);
        var whole = new List<StepReport>();
        await Trainer(Options(shards, "whole", part), shards).RunAsync(whole.Add, Stop);

        var pieces = new List<StepReport>();
        using var soon = new CancellationTokenSource();
        var options = Options(shards, "pieces", part) with { Resume = "latest" };
        var first = await Trainer(options, shards).RunAsync(made => { pieces.Add(made); if (made.Step == 4) soon.Cancel(); }, soon.Token);
        var second = await Trainer(options, shards).RunAsync(pieces.Add, Stop);

        Assert.True(first.IsStopped);
        Assert.False(second.IsStopped);
        Assert.Equal(whole.Select(made => (made.Step, made.Loss, made.GradientLength)), pieces.Select(made => (made.Step, made.Loss, made.GradientLength)));
        Assert.Equal(File.ReadAllBytes(Weights(shards, "whole")), File.ReadAllBytes(Weights(shards, "pieces")));
        Assert.Equal(13, File.ReadLines(Path.Combine(options.Folder, StepLog.FileName)).Count());
    }

    [Fact]
    public async Task Only_the_latest_checkpoints_stay_and_those_that_are_to_be_kept()
    {
        using var shards = new SomeShards(10);
        var options = Options(shards, "run", 0) with { SaveEvery = 2, Keep = 2, KeepEvery = 4 };

        await Trainer(options, shards).RunAsync(null, Stop);

        Assert.Equal([4, 8, 10, 12], new Checkpoint(Path.Combine(options.Folder, "checkpoints")).Steps);
    }

    [Fact]
    public async Task A_run_is_not_resumed_with_other_settings_nor_written_over()
    {
        using var shards = new SomeShards(10);
        var options = Options(shards, "run", 0);
        await Trainer(options, shards).RunAsync(null, Stop);

        var other = await Assert.ThrowsAsync<InvalidDataException>(() => Trainer(options with { Resume = "latest", Batch = 6 }, shards).RunAsync(null, Stop));
        var again = await Assert.ThrowsAsync<InvalidDataException>(() => Trainer(options, shards).RunAsync(null, Stop));

        Assert.Contains("another batch", other.Message, StringComparison.Ordinal);
        Assert.Contains("--resume latest", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_starts_from_the_weights_of_another_model_with_its_positions_resized()
    {
        using var shards = new SomeShards(10);
        await Trainer(Options(shards, "small", 0), shards).RunAsync(null, Stop);
        var from = Path.GetDirectoryName(Weights(shards, "small"))!;
        var larger = SomeModel.Shape with { Image = SomeModel.Shape.Image with { ImageSize = 32 } };
        var options = Options(shards, "large", 0) with { Model = larger, Weights = from, Steps = 1, Rate = new(0, 0, 1) };

        var end = await Trainer(options, shards).RunAsync(null, Stop);

        using var before = SafetensorsFile.Open(Weights(shards, "small"));
        using var after = SafetensorsFile.Open(Path.Combine(end.Checkpoint, Checkpoint.WeightsFile));
        Assert.Equal([5, 32], before.Read("visual.positional_embedding").shape);
        Assert.Equal([17, 32], after.Read("visual.positional_embedding").shape);
        Assert.Equal(before.Read("token_embedding.weight").data<float>().ToArray(), after.Read("token_embedding.weight").data<float>().ToArray());
        var other = await Assert.ThrowsAsync<ModelFileException>(
            () => Trainer(options with { Folder = Path.Combine(shards.Folder, "gelu"), Model = larger with { QuickGelu = false } }, shards).RunAsync(null, Stop));
        Assert.Contains("QuickGELU", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_computes_nonsense_ends_and_names_the_last_checkpoint_from_before()
    {
        using var shards = new SomeShards(10);
        // Eleven sound steps, then a rate that no weight survives.
        var options = Options(shards, "run", 0) with { Steps = 60, SaveEvery = 5, Rate = new(1e-3, 3, 60, RateShape.ConstantCooldown, Cooldown: 49, End: 1e30) };

        var diverged = await Assert.ThrowsAsync<DivergedException>(() => Trainer(options, shards).RunAsync(null, Stop));

        Assert.Contains("30 steps in a row had no finite gradient", diverged.Message, StringComparison.Ordinal);
        Assert.Contains("step-00000010", diverged.Message, StringComparison.Ordinal);
        Assert.Equal([5, 10], new Checkpoint(Path.Combine(options.Folder, "checkpoints")).Steps);
    }

    [Fact]
    public async Task Pairs_of_colour_and_name_are_learned()
    {
        using var shards = new SomeShards(16);
        var losses = new List<double>();

        await Trainer(Options(shards, "run", 0) with { Batch = 16, Steps = 120, Rate = new(3e-3, 10, 120) }, shards).RunAsync(made => losses.Add(made.Loss), Stop);

        Assert.InRange(losses[0], 2.2, 4.5);
        Assert.InRange(losses[^1], 0, 1.2);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Weights(SomeShards shards, string name) =>
        Path.Combine(shards.Folder, name, "checkpoints", "step-00000012", Checkpoint.WeightsFile);

    private static TrainOptions Options(SomeShards shards, string name, int part) => new()
    {
        Model = SomeModel.Shape,
        Folder = Path.Combine(shards.Folder, name),
        Batch = 5,
        Part = part,
        Steps = 12,
        Rate = new(1e-3, 3, 12),
        Optimizer = AdamWSettings.VisionTransformer,
        Shuffle = 8,
        Seed = 11,
    };

    private static Trainer Trainer(TrainOptions options, SomeShards shards) => new(
        options, [new(TarShard.FindAsync(shards.Pattern, Stop).GetAwaiter().GetResult())], SomeModel.Bytes);
}
