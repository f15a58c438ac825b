using System.Text.Json;
using CsCheck;
using WebImageText.Crawl.Extract;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Extract;

public class SrcSetTests
{
    [Fact]
    public void Attributes_are_read_as_the_HTML_Standard_says()
    {
        var wrong = Vectors.Of("srcset_vectors.json", "cases")
            .Select(item => (Id: item.Text("id"), Want: item.GetProperty("candidates").EnumerateArray().Select(Image).ToList(),
                Got: SrcSet.Parse(item.Text("srcset"))))
            .Where(item => !item.Want.SequenceEqual(item.Got))
            .ToArray();

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_largest_is_the_first_choice()
    {
        var wrong = Vectors.Of("srcset_vectors.json", "choice")
            .Select(item => (Id: item.Text("id"), Want: item.GetProperty("order").EnumerateArray().Select(url => url.GetString()),
                Got: SrcSet.LargestFirst(SrcSet.Parse(item.Text("srcset")), item.Text("src"))))
            .Where(item => !item.Want.SequenceEqual(item.Got))
            .ToArray();

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("a .5x", 0.5)]
    [InlineData("a -0x", -0.0)]
    [InlineData("a 1E+1x", 10)]
    [InlineData("a 5e-1x", 0.5)]
    public void Densities_are_valid_floating_point_numbers(string attribute, double density) =>
        Assert.Equal(density, Assert.Single(SrcSet.Parse(attribute)).Density);

    [Theory]
    [InlineData("a +1x")]
    [InlineData("a x")]
    [InlineData("a 1.e2x")]
    [InlineData("a Infinityx")]
    [InlineData("a NaNx")]
    [InlineData("a 0w")]
    [InlineData("a 1.5w")]
    [InlineData("a 50h")]
    [InlineData("a 0h 100w")]
    [InlineData("a 100w 100w")]
    [InlineData("a 2x 100w")]
    [InlineData("a 1,5x")]
    public void A_wrong_descriptor_drops_its_image(string attribute) =>
        Assert.DoesNotContain(SrcSet.Parse(attribute), image => image.Url == "a");

    [Fact]
    public void No_attribute_costs_more_than_its_length()
    {
        var bomb = string.Concat(Enumerable.Repeat("a 1x (", 200_000)) + string.Concat(Enumerable.Repeat(",,a 100w", 200_000));
        Assert.Equal(100, SrcSet.Parse(string.Concat(Enumerable.Repeat("a 100w,", 200_000)), most: 100).Count);
        Assert.Empty(SrcSet.Parse(bomb));
    }

    [Fact]
    public void Any_text_is_read() => Gen.String[Gen.Char["ab,() \t.0159wxhe+-"], 0, 60].Sample(text =>
        SrcSet.Parse(text).All(image => image.Url.Length > 0 && !image.Url.EndsWith(',')));

    private static SrcSetImage Image(JsonElement item) => new(
        item.Text("url")!,
        item.TryGetProperty("w", out var width) ? width.GetInt64() : null,
        item.TryGetProperty("d", out var density) ? density.GetDouble() : null,
        item.TryGetProperty("h", out var height) ? height.GetInt64() : null);
}
