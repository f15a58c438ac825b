using System.Text;
using System.Text.Json;
using WebImageText.Shards.Rows;

namespace WebImageText.Tests.Shards.Rows;

public class SampleJsonTests
{
    private const string Caption = "a \"quoted\" café \\ / <b>&amp;' \U0001F600 \u2028 tab\t nl\n cr\r \b\f \u0001 \u007f \u0080 end";

    private static readonly PairRow Row = new()
    {
        Url = "https://a.example/1.jpg",
        Caption = Caption,
        Key = "000120034",
        Status = "success",
        Width = 512,
        Height = 384,
        OriginalWidth = 1024,
        OriginalHeight = 768,
        Exif = "{\"Image Make\": \"Canon\"}",
        Sha256 = "ab",
        Uid = "00000000000000000000000000000000",
        Query = "café",
        QueryIds = [3, 7],
        FinalUrl = "x",
        TextSource = "alt",
        Provider = "pages",
        FetchedAt = SomePairs.Start,
        HttpStatus = 200,
        ETag = "\"1\"",
        StoredSha256 = "cd",
        EvalScore = 0.5f,
    };

    /// <summary>The right answer is what Python 3.11's <c>json.dumps(row, indent=4)</c> gave for the same fields.</summary>
    [Fact]
    public void It_writes_the_bytes_that_Python_writes() => Assert.Equal(
        """
        {
            "url": "https://a.example/1.jpg",
            "caption": "a \"quoted\" caf\u00e9 \\ / <b>&amp;' \ud83d\ude00 \u2028 tab\t nl\n cr\r \b\f \u0001 \u007f \u0080 end",
            "key": "000120034",
            "status": "success",
            "error_message": null,
            "width": 512,
            "height": 384,
            "original_width": 1024,
            "original_height": 768,
            "exif": "{\"Image Make\": \"Canon\"}",
            "sha256": "ab",
            "uid": "00000000000000000000000000000000",
            "query": "caf\u00e9",
            "query_ids": [
                3,
                7
            ],
            "page_url": null,
            "final_url": "x",
            "text_source": "alt",
            "provider": "pages",
            "fetched_at": "2025-06-07T08:09:10.123456Z",
            "http_status": 200,
            "content_type": null,
            "etag": "\"1\"",
            "stored_sha256": "cd",
            "pdq": null,
            "license": null,
            "robots": null,
            "nearest_eval": null,
            "eval_score": 0.5,
            "descriptor": null,
            "scores": null,
            "attribution": null,
            "texts": [
                [
                    "alt",
                    "a \"quoted\" caf\u00e9 \\ / <b>&amp;' \ud83d\ude00 \u2028 tab\t nl\n cr\r \b\f \u0001 \u007f \u0080 end"
                ],
                [
                    "og_image_alt",
                    "x"
                ]
            ]
        }
        """,
        Encoding.UTF8.GetString(SampleJson.Write(Row, [new(TextSource.Alt, Caption), new(TextSource.OgImageAlt, "x")])));

    [Fact]
    public void Empty_lists_stand_on_one_line_as_Python_writes_them()
    {
        var json = Encoding.UTF8.GetString(SampleJson.Write(Row with { QueryIds = [] }, []));

        Assert.Contains("\"query_ids\": [],\n", json, StringComparison.Ordinal);
        Assert.EndsWith("\"texts\": []\n}", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_texts_are_read_back()
    {
        ImageText[] texts = [new(TextSource.Alt, Caption), new(TextSource.OgImageAlt, "x")];

        Assert.Equal(texts, SampleJson.Texts(SampleJson.Write(Row, texts)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"texts\": 1}")]
    [InlineData("{\"texts\": [[\"alt\"]]}")]
    [InlineData("{\"texts\": [[\"nowhere\", \"x\"]]}")]
    [InlineData("{\"texts\": [[null, null]]}")]
    public void Texts_of_another_form_are_refused(string json) =>
        Assert.Throws<FormatException>(() => SampleJson.Texts(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_lone_surrogate_becomes_the_same_mark_in_every_form()
    {
        var row = PairRow.Of(SomePairs.Pair(1, caption: "broken \uD83D here"), "000000000");

        Assert.Equal("broken \uFFFD here", row.Caption);
        using var json = JsonDocument.Parse(SampleJson.Write(row, [new(TextSource.Alt, "\uDE00")]));
        Assert.Equal("\uFFFD", json.RootElement.GetProperty("texts")[0][1].GetString());
    }

    [Fact]
    public void A_hash_of_a_picture_without_features_is_not_stored()
    {
        var pair = SomePairs.Pair(1);

        Assert.Equal(pair.Picture.Pdq.ToString(), PairRow.Of(pair, "0").Pdq);
        Assert.Null(PairRow.Of(pair with { Picture = pair.Picture with { PdqQuality = 49 } }, "0").Pdq);
    }
}
