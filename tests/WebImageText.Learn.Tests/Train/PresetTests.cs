using WebImageText.Learn.Clip;
using WebImageText.Learn.Train;

namespace WebImageText.Learn.Tests.Train;

public sealed class PresetTests
{
    [Theory] // tables 18-20 of the paper
    [InlineData("RN50", 5e-4, 0.999, 1e-8, 32)]
    [InlineData("RN101", 5e-4, 0.999, 1e-8, 32)]
    [InlineData("RN50x4", 5e-4, 0.999, 1e-8, 32)]
    [InlineData("RN50x16", 4e-4, 0.999, 1e-8, 32)]
    [InlineData("RN50x64", 3.6e-4, 0.999, 1e-8, 32)]
    [InlineData("ViT-B/32", 5e-4, 0.98, 1e-6, 32)]
    [InlineData("ViT-B/16", 5e-4, 0.98, 1e-6, 32)]
    [InlineData("ViT-L/14", 4e-4, 0.98, 1e-6, 32)]
    [InlineData("ViT-L/14@336", 2e-5, 0.98, 1e-6, 1)]
    public void Each_model_of_the_paper_has_its_numbers(string name, double peak, double beta2, double epsilon, int epochs)
    {
        var preset = Preset.OfPaper(ClipConfiguration.Named(name));

        Assert.Equal(new Preset(32_768, epochs, peak, 2_000, new(0.9, beta2, epsilon, 0.2)), preset);
    }
}
