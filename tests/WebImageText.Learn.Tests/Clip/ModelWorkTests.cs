using WebImageText.Learn.Clip;

namespace WebImageText.Learn.Tests.Clip;

public sealed class ModelWorkTests
{
    // GFLOP of a forward pass with 77 tokens, as open_clip's docs/model_profile.csv counts them; RN50 with one query in its pool.
    [Theory]
    [InlineData("RN50", 11.59, 5.96)]
    [InlineData("ViT-B/32", 8.82, 5.96)]
    [InlineData("ViT-B/16", 35.13, 5.96)]
    [InlineData("ViT-L/14", 162.03, 13.30)]
    [InlineData("ViT-L/14@336", 381.92, 13.30)]
    public void Counts_what_others_count(string name, double image, double text)
    {
        var model = ClipConfiguration.Named(name);

        Assert.Equal(image, ModelWork.Image(model) / 1e9, 0.005 * image);
        Assert.Equal(text, ModelWork.Text(model, 77) / 1e9, 0.005 * text);
    }
}
