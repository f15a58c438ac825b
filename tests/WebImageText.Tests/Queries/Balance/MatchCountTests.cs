using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CsCheck;
using WebImageText.Crawl.Queries;
using WebImageText.Crawl.Queries.Balance;

namespace WebImageText.Tests.Queries.Balance;

public sealed class MatchCountTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("counts").FullName;

    [Fact]
    public async Task Counts_and_lists_are_those_of_matching_text_by_text()
    {
        var matcher = QueryMatcher.Build(QueryList.Of(["dog", "cat", "hot dog", "elk"]));
        var random = new Random(1);
        string[] words = ["dog", "cat", "hot", "and"];
        string[] texts = [.. Enumerable.Range(0, 5000).Select(_ => string.Join(' ', Enumerable.Range(0, 4).Select(_ => words[random.Next(4)])))];

        File.WriteAllLines(At("texts"), texts);
        MatchCount count;
        using (var lists = new MatchLists.Writer(At("lists"), 4))
            count = await MatchCount.RunAsync(matcher, CaptionFiles.ReadAsync([At("texts")], () => { }, default), lists, _ => { }, default);

        var expected = texts.Select(text => matcher.Match(text).Select(id => id.Row).ToArray()).Where(rows => rows.Length > 0).ToArray();
        Assert.Equal(texts.Length, count.Texts);
        Assert.Equal(expected.Length, count.Matched);
        Assert.Equal(Enumerable.Range(0, 4).Select(row => expected.LongCount(rows => rows.Contains(row))), count.Counts);
        Assert.Equal(expected, MatchLists.Read(At("lists"), 4).Select(list => list.ToArray()));
    }

    [Fact]
    public void Lists_that_are_cut_changed_or_of_another_list_are_refused()
    {
        using (var writer = new MatchLists.Writer(At("lists"), 300))
        {
            writer.Add([new(0), new(299)]);
            writer.Add([new(128)]);
        }
        var good = File.ReadAllBytes(At("lists"));

        Assert.Throws<InvalidDataException>(() => Read(good, 301));
        Assert.Throws<InvalidDataException>(() => Read(good[..^1], 300));
        Gen.Select(Gen.Int[8, good.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] bad = [.. good];
            bad[at] = value;
            try
            {
                Assert.All(Read(bad, 300), rows => Assert.All(rows, row => Assert.InRange(row, 0, 299)));
            }
            catch (InvalidDataException)
            {
                // refused: good
            }
        }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task Texts_come_out_of_shards_tables_and_lines()
    {
        using (var tar = new TarWriter(File.Create(At("00000.tar")), TarEntryFormat.Ustar))
        {
            foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[("0.jpg", "no text"), ("0.txt", "a dog"), ("1.txt", "dwa\nkoty")])
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }
        File.WriteAllBytes(At("lines.tsv"), [.. "elk\tx\n"u8, 0xFF, .. "\n"u8]);
        using (var gz = new GZipStream(File.Create(At("lines.gz")), CompressionLevel.Fastest))
            gz.Write("one\ntwo"u8);

        Assert.Equal(["a dog", "dwa\nkoty", "0 dirty"], await ReadAsync(_folder));
        Assert.Equal(["elk", "\uFFFD", "1 dirty"], await ReadAsync(At("lines.tsv")));
        Assert.Equal(["one", "two", "0 dirty"], await ReadAsync(At("lines.gz")));
    }

    [Theory]
    [InlineData("x.tar")]
    [InlineData("x.parquet")]
    [InlineData("x.gz")]
    public async Task A_file_that_is_none_of_its_kind_is_refused_by_name(string name)
    {
        File.WriteAllText(At(name), new string('<', 2000));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(At(name)));

        Assert.Contains(At(name), error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> ReadAsync(string path)
    {
        var dirty = 0;
        List<string> texts = [];
        await foreach (var text in CaptionFiles.ReadAsync([path], () => dirty++, default))
            texts.Add(text);
        return [.. texts, $"{dirty} dirty"];
    }

    private List<int[]> Read(byte[] bytes, int queries)
    {
        File.WriteAllBytes(At("bad"), bytes);
        return [.. MatchLists.Read(At("bad"), queries).Select(list => list.ToArray())];
    }

    private string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
