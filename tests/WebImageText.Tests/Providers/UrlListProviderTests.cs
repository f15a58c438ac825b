using System.IO.Compression;
using System.Text;
using WebImageText.Crawl.Providers;
using WebImageText.Crawl.Providers.Lists;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Providers;

public sealed class UrlListProviderTests : IDisposable
{
    private const string Md5 = "d41d8cd98f00b204e9800998ecf8427e";
    private const string Sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string text)
    {
        using Stream file = File.Create(_folder.File(name));
        using Stream packed = Path.GetExtension(name) switch
        {
            ".gz" => new GZipStream(file, CompressionLevel.Optimal),
            ".zst" => new ZstdSharp.CompressionStream(file),
            _ => file,
        };
        packed.Write(Encoding.UTF8.GetBytes(text));
        return _folder.File(name);
    }

    private static Task<List<ProviderPage>> ReadAsync(string place, ListColumns? columns = null) =>
        Providing.AllAsync(() => new UrlListProvider([place], columns ?? new()), Providing.Nothing);

    [Theory]
    [InlineData("a.csv", "url,caption,md5\nhttps://i.example/1.jpg,\"A cat, and\na \"\"dog\"\"\"," + Md5 + "\nftp://i.example/2.jpg,no,\n")]
    [InlineData("a.tsv", "URL\tTEXT\tmd5\nhttps://i.example/1.jpg\tA cat, and a \"dog\"\t" + Md5 + "\nnothing\tno\t\n")]
    [InlineData("a.csv.gz", "url,caption,md5\nhttps://i.example/1.jpg,\"A cat, and a \"\"dog\"\"\"," + Md5 + "\n,no,\n")]
    [InlineData("a.tsv.zst", "url\tcaption\tMD5\nhttps://i.example/1.jpg\tA cat, and a \"dog\"\t" + Md5 + "\n\tno\t\n")]
    [InlineData("a.jsonl", "{\"url\":\"https://i.example/1.jpg\",\"caption\":\"A cat, and a \\\"dog\\\"\",\"md5\":\"" + Md5 + "\"}\n\n{\"url\":7}\n")]
    [InlineData("a.jsonl.gz", "{\"URL\":\"https://i.example/1.jpg\",\"TEXT\":\"A cat, and a \\\"dog\\\"\",\"md5\":\"" + Md5 + "\"}\n{\"caption\":\"no\"}\n")]
    public async Task Lists_of_every_form_give_the_same(string name, string text)
    {
        var pages = await ReadAsync(Write(name, text));

        var candidate = Assert.Single(pages.Candidates());
        Assert.Equal("https://i.example/1.jpg", candidate.Image.Href);
        Assert.Equal(new ImageText(TextSource.ListCaption, "A cat, and a \"dog\""), candidate.Caption);
        Assert.Equal(new ImageDigest("md5", Md5), candidate.Digest);
        Assert.Equal(1, pages.Sum(page => page.Skipped.GetValueOrDefault("row without an http or https address")));
    }

    [Fact]
    public async Task LAIONs_parquet_is_read_from_row_group_to_row_group_and_entered_again()
    {
        var path = _folder.File("laion.parquet");
        Duck.Ask(
            $"""
            copy (select 42::bigint as SAMPLE_ID, 'https://i.example/' || i || '.jpg' as URL, case when i % 7 = 0 then null else 'Picture number ' || i end as TEXT,
              600 as HEIGHT, 800 as WIDTH, '?' as LICENSE, 'UNLIKELY' as NSFW, 0.3::double as similarity, '{Sha256}' as sha256 from range(5000) t(i))
            to '{path}' (format parquet, row_group_size 2048)
            """);

        var pages = await ReadAsync(path);

        Assert.Equal(6, pages.Count);
        Assert.Equal(Enumerable.Range(0, 5000).Select(number => $"/{number}.jpg"), pages.Candidates().Select(candidate => candidate.Image.Path));
        Assert.Empty(pages.Candidates().First().Texts);
        Assert.Equal("Picture number 1", pages.Candidates().ElementAt(1).Caption?.Text);
        Assert.All(pages.Candidates(), candidate => Assert.Equal(Sha256, candidate.Digest?.Hex));
    }

    [Fact]
    public async Task Our_own_sidecars_are_lists_too()
    {
        var path = _folder.File("00000.parquet");
        await using (var file = File.Create(path))
            await WebImageText.Shards.Rows.ParquetTable.WriteAsync(file, WebImageText.Shards.Rows.PairColumns.All,
                [new() { Url = "https://i.example/1.jpg", Caption = "A duck", Sha256 = Sha256, PageUrl = "https://p.example/", License = "CC0" }], TestContext.Current.CancellationToken);

        var candidate = Assert.Single((await ReadAsync(path)).Candidates());

        Assert.Equal(("A duck", "https://p.example/", "CC0", Sha256), (candidate.Caption?.Text, candidate.Page?.Href, candidate.License, candidate.Digest?.Hex));
    }

    [Fact]
    public async Task A_folder_of_lists_is_read_in_the_order_of_names()
    {
        Write("b.txt", "https://i.example/3.jpg\n");
        Write("a.csv", "url\nhttps://i.example/1.jpg\nhttps://i.example/2.jpg\n");
        Write("ignored.log", "https://i.example/4.jpg\n");

        var pages = await ReadAsync(_folder.Path);

        Assert.Equal(["/1.jpg", "/2.jpg", "/3.jpg"], pages.Candidates().Select(candidate => candidate.Image.Path));
    }

    [Fact]
    public async Task Columns_of_other_names_are_named()
    {
        var list = Write("a.csv", "link,words\nhttps://i.example/1.jpg,A cat\n");

        var unknown = await Assert.ThrowsAsync<InvalidDataException>(() => new UrlListProvider([list], new()).CheckAsync(TestContext.Current.CancellationToken));
        var wrong = await Assert.ThrowsAsync<InvalidDataException>(() => new UrlListProvider([list], new("link", "word")).CheckAsync(TestContext.Current.CancellationToken));

        Assert.Contains("link, words. Name it with --url-column", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("no column 'word' (--caption-column)", wrong.Message, StringComparison.Ordinal);
        Assert.Equal("A cat", (await ReadAsync(list, new("link", "words"))).Candidates().Single().Caption?.Text);
    }

    [Fact]
    public async Task A_damaged_list_gives_what_came_before_the_damage_and_says_where()
    {
        var whole = File.ReadAllBytes(Write("a.jsonl.gz", string.Concat(Enumerable.Range(0, 60_000).Select(number => $"{{\"url\":\"https://i.example/{number}-{number * 7919 % 10007}.jpg\"}}\n"))));
        File.WriteAllBytes(_folder.File("cut.jsonl.gz"), whole[..(whole.Length / 2)]);
        File.WriteAllBytes(_folder.File("no.parquet"), "PAR1 no parquet PAR1"u8.ToArray());

        var cut = await ReadAsync(_folder.File("cut.jsonl.gz"));
        var none = await ReadAsync(_folder.File("no.parquet"));

        Assert.True(cut.Count > 5);
        Assert.Contains("cut.jsonl.gz", cut[^1].Fault, StringComparison.Ordinal);
        Assert.Contains("no.parquet", Assert.Single(none).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_rows_are_counted_and_do_not_end_a_list()
    {
        var pages = await ReadAsync(Write("a.jsonl", $"{{\"url\":\"https://i.example/1.jpg\"}}\nnot json\n[1]\n{{\"url\":\"{new string('a', 3_000_000)}\"}}\n{{\"url\":\"https://i.example/2.jpg\",\"sha256\":\"short\"}}\n"));

        Assert.Equal(["/1.jpg", "/2.jpg"], pages.Candidates().Select(candidate => candidate.Image.Path));
        Assert.Equal((1, 1, 1), (pages[0].Skipped["line is no JSON"], pages[0].Skipped["line is no object"], pages[0].Skipped["line too long"]));
        Assert.Null(pages.Candidates().Last().Digest);
    }

    [Fact]
    public async Task A_bomb_ends_the_list()
    {
        var bomb = Write("a.txt.gz", new string('\n', 120_000_000));

        Assert.Contains("expands", (await ReadAsync(bomb))[^1].Fault, StringComparison.Ordinal);
    }
}
