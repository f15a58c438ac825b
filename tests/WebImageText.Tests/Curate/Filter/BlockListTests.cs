using WebImageText.Curate.Filter;

namespace WebImageText.Tests.Curate.Filter;

public sealed class BlockListTests : IDisposable
{
    private const string Hash = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_host_is_blocked_with_those_below_it()
    {
        var list = Load("# hosts", "", "host Example.COM", "  host bücher.test ");

        Assert.Equal("blocked (host example.com)", Judge(list, "https://img.example.com:8080/a.jpg")?.ToString());
        Assert.Equal(DropReason.Blocked, Judge(list, "https://example.com./a.jpg")?.Reason);
        Assert.Equal(DropReason.Blocked, Judge(list, "http://xn--bcher-kva.test/")?.Reason);
        Assert.Null(Judge(list, "https://notexample.com/a.jpg"));
        Assert.Null(Judge(list, "https://com/a.jpg"));
    }

    [Fact]
    public void Further_entries_block_for_a_reason_of_their_own()
    {
        var list = BlockList.With(
            Load("host a.test", $"pdq {Hash} 4"), ["host a.test", "host b.test", "address http://c.test/x"], "never-fetch.txt", DropReason.TakenDown);

        Assert.Equal(DropReason.Blocked, Judge(list, "http://a.test/1.jpg")?.Reason);
        Assert.Equal("taken_down (host b.test)", Judge(list, "http://b.test/1.jpg")?.ToString());
        Assert.Equal(DropReason.TakenDown, Judge(list, "http://c.test/x")?.Reason);
        Assert.Equal(4, list.Count);
        Assert.Contains("'never-fetch.txt', line 1", Assert.Throws<FormatException>(
            () => BlockList.With(null, ["what"], "never-fetch.txt", DropReason.TakenDown)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_blocked_in_any_spelling_and_as_a_page()
    {
        var list = Load("address http://a.test:80/x/../album.html#top");
        var candidate = new Candidate
        {
            Image = WebAddress.Parse("http://b.test/1.jpg"),
            Page = WebAddress.Parse("http://a.test/album.html"),
            Provider = "pages",
        };

        Assert.Equal("blocked (address http://a.test/album.html)", list.Judge(candidate)?.ToString());
        Assert.Null(list.Judge(candidate with { Page = WebAddress.Parse("http://a.test/album2.html") }));
        Assert.Null(list.Judge(candidate with { Page = null }));
    }

    [Fact]
    public void A_file_and_a_picture_are_blocked_by_their_hashes()
    {
        var list = Load($"sha256 {new string('A', 64)}", $"pdq {Hash} 8", $"pdq {Hash}");
        var picture = Facts(Hash);

        Assert.Equal(DropReason.Blocked, list.Judge(picture)?.Reason);
        Assert.Equal($"blocked (pdq {Hash}, 4 of 256 bits differ)",
            list.Judge(Facts("0" + Hash[1..]) with { PdqQuality = 50 })?.ToString());
        Assert.Null(list.Judge(picture with { PdqQuality = 49 }));
        Assert.Null(list.Judge(Facts(new string('0', 64))));
        Assert.Equal(DropReason.Blocked, list.Judge(Facts(new string('0', 64)) with { Sha256 = new string('a', 64) })?.Reason);
        Assert.Equal(3, list.Count);
    }

    [Fact]
    public void A_distance_is_kept_for_each_picture()
    {
        var near = Load($"pdq {Hash} 3");

        Assert.NotNull(near.Judge(Facts("f" + Hash[1..^1] + "3")));
        Assert.Null(near.Judge(Facts("00" + Hash[2..])));
        Assert.NotNull(Load($"pdq {Hash} 12").Judge(Facts("00" + Hash[2..])));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("host a b")]
    [InlineData("host exa mple")]
    [InlineData("host http://example.com/path")]
    [InlineData("address example.com/a.jpg")]
    [InlineData("sha256 abc")]
    [InlineData("sha256 zz86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("pdq f8f8")]
    [InlineData("pdq " + Hash + " 129")]
    [InlineData("pdq " + Hash + " -1")]
    [InlineData("uid 12")]
    public void A_wrong_line_is_named_by_file_and_number(string line)
    {
        var wrong = Assert.Throws<FormatException>(() => Load("# first", "host good.test", line));

        Assert.StartsWith($"Block list '{_file}', line 3: ", wrong.Message);
    }

    private BlockList Load(params string[] lines)
    {
        File.WriteAllLines(_file, lines);
        return BlockList.Load([_file]);
    }

    private static Drop? Judge(BlockList list, string address) => list.Judge(WebAddress.Parse(address));

    private static PictureFacts Facts(string pdq) => new(10, 10, 10, 10, new string('0', 64), "", 0, PdqHash.Parse(pdq), 100);
}
