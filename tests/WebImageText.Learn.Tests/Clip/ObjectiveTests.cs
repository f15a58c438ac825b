using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Objectives;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Clip;

/// <summary>The other objectives of the paper's Figure 2, on four pictures of one colour each and a caption for each.</summary>
public sealed class ObjectiveTests
{
    private const int Start = 38, End = 39;

    private static readonly ClipConfiguration Small = new(
        32, new VisionTransformerConfiguration { ImageSize = 16, PatchSize = 8, Width = 32, Layers = 1, HeadWidth = 16 },
        new() { ContextLength = 8, VocabularySize = 40, Width = 32, Heads = 2, Layers = 1 }, QuickGelu: true);

    private static Tensor Tokens => torch.tensor(new long[,]
    {
        { Start, 5, 1, 2, End, 0 }, { Start, 5, 3, End, 0, 0 }, { Start, 5, 4, 4, 6, End }, { Start, 7, End, 0, 0, 0 },
    });

    private static Tensor Pixels => torch.eye(4, 3).view(4, 3, 1, 1).expand(4, 3, 16, 16) * 2 - 0.5;

    public static TheoryData<string> Names => [.. Objective.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_falls_and_each_picture_finds_its_text(string name)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var objective = Objective.Create(name, Small);
        using var optimizer = torch.optim.AdamW(objective.parameters(), lr: 5e-3);
        List<float> losses = [];

        for (var step = 0; step < 60; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.zero_grad();
            var loss = objective.Loss(Pixels, Tokens);
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        Assert.True(losses[^1] < 0.6 * losses[0], $"{losses[0]} fell to {losses[^1]} only");
        using var quiet = torch.no_grad();
        // A sum of log-probabilities prefers short texts: what is compared is which picture a text fits best.
        var scores = objective.Scores(Pixels, Tokens);
        Assert.Equal([0L, 1, 2, 3], scores.argmax(0).data<long>().ToArray());
    }

    [Fact]
    public void The_score_of_a_caption_is_the_loss_of_its_words()
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        torch.manual_seed(3);
        using var objective = Objective.Create("caption", Small);

        var (loss, scores) = (objective.Loss(Pixels.narrow(0, 2, 1), Tokens.narrow(0, 2, 1)), objective.Scores(Pixels.narrow(0, 2, 1), Tokens));

        Assert.Equal(-5 * loss.item<float>(), scores[0, 2].item<float>(), 3); // five tokens after the start
        Assert.Equal([1, 4], scores.shape);
    }

    [Theory]
    [InlineData("words")]
    [InlineData("words-sigmoid")]
    [InlineData("words-contrastive")]
    public void A_bag_of_words_has_no_order_and_no_padding(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        torch.manual_seed(4);
        using var objective = Objective.Create(name, Small);
        var (one, other) = (torch.tensor(new long[,] { { Start, 5, 1, 2, End, 0 } }), torch.tensor(new long[,] { { Start, 2, 5, 1, End, 9, 9 } }));
        var pixels = Pixels.narrow(0, 0, 1);

        Assert.Equal(objective.Loss(pixels, one).item<float>(), objective.Loss(pixels, other).item<float>(), 5);
        Assert.Equal(objective.Scores(pixels, one)[0, 0].item<float>(), objective.Scores(pixels, other)[0, 0].item<float>(), 4);
    }

    [Fact]
    public void The_loss_of_a_softmax_over_words_is_the_mean_over_the_captions_words()
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        torch.manual_seed(5);
        using var objective = Objective.Create("words", Small);
        var scores = objective.Scores(Pixels, Tokens);

        var expected = Enumerable.Range(0, 4).Average(at => -scores[at, at].item<float>() / new[] { 3, 2, 4, 1 }[at]);

        Assert.Equal(expected, objective.Loss(Pixels, Tokens).item<float>(), 4);
    }
}
