using WebImageText.Curate.Filter;

namespace WebImageText.Tests.Curate.Filter;

public class HotPicturesTests
{
    [Fact]
    public void A_picture_of_many_texts_is_a_placeholder_and_one_of_many_copies_is_not()
    {
        var hot = new HotPictures(mostTexts: 3);
        var (placeholder, popular) = (new string('a', 64), new string('b', 64));
        for (var at = 0; at < 4; at++)
        {
            hot.Count(placeholder, $"product number {at}");
            hot.Count(popular, $"the Eiffel tower {at % 3}");
        }

        Assert.True(hot.IsHot(placeholder));
        Assert.False(hot.IsHot(popular));
        Assert.False(hot.IsHot(new string('c', 64)));
    }
}
