using System.Text.Json;
using WebImageText.Crawl.Extract;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Extract;

public class PhotoWebTests
{
    [Fact]
    public void Every_image_of_real_pages_has_its_caption_and_address()
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("photo-web/expected.json")));
        var hosts = SharedData.Require("photo-web/hosts");
        var pages = expected.RootElement.EnumerateArray().GroupBy(item => item.Text("page")!).ToArray();
        var wrong = new List<string>();
        foreach (var page in pages)
        {
            var found = PageReader.Read(
                File.ReadAllBytes(Path.Combine(hosts, page.Key["http://".Length..])), "text/html", WebAddress.Parse(page.Key), "pages",
                new PageLimits(), TestContext.Current.CancellationToken).Images.ToDictionary(image => image.Image.Href);
            foreach (var item in page)
            {
                var caption = found.GetValueOrDefault(item.Text("url")!)?.Caption?.Text ?? "";
                if (caption != item.Text("text"))
                    wrong.Add($"{item.Text("idiom")} {item.Text("url")}: '{caption}'");
            }
            // each page shows its icon, too
            Assert.Equal(page.Count() + 1, found.Count);
        }

        Assert.Empty(wrong);
        Assert.NotEmpty(pages);
    }
}
