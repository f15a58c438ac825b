using System.Diagnostics;
using System.IO.Compression;
using SharpCompress.Compressors.BZip2;
using WebImageText.Crawl.Queries;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Queries;

public sealed class QueryListBuilderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("queries").FullName;

    [Fact]
    public async Task Counts_on_the_sample_agree_with_a_slow_independent_count()
    {
        var sample = SharedData.Require("wiki/enwiki-sample.xml.bz2");
        var python = await PythonAsync(Path.Combine(AppContext.BaseDirectory, "Queries", "slow_count.py"), sample, At("words"), At("pairs"));
        var totals = python.Split().Select(long.Parse).ToArray();

        var result = await BuildAsync(new() { Wikipedia = [sample], WorkFolder = At("work"), MinCount = 5, MinPmi = 3, Limit = int.MaxValue });

        var words = ReadCounts("words");
        var pairs = ReadCounts("pairs");
        Assert.Equal(totals[0], result.Words);
        var expected = words.Where(word => word.Value.Count >= 5).ToDictionary(word => word.Key, word => word.Value);
        foreach (var (pair, counted) in pairs.Where(pair => pair.Value.Count >= 5))
        {
            var parts = pair.Split(' ');
            var pmi = Math.Log2((double)counted.Count / totals[1] / ((double)words[parts[0]].Count / totals[0]) / ((double)words[parts[1]].Count / totals[0]));
            if (pmi >= 3)
                expected[pair] = counted;
        }
        Assert.Equal(
            expected.OrderBy(term => term.Key, StringComparer.Ordinal).Select(term => $"{term.Value.Written} {term.Value.Count}"),
            result.Rows.OrderBy(row => QueryFold.Of(row.Query), StringComparer.Ordinal).Select(row => $"{row.Query} {row.Count}"));
    }

    [Fact]
    public async Task The_same_inputs_give_the_same_bytes_with_any_amount_of_memory()
    {
        var sample = SharedData.Require("wiki/enwiki-sample.xml.bz2");
        var settings = new QueryListSettings { Wikipedia = [sample], WorkFolder = At("work"), MinCount = 20, MinPmi = 6 };

        var result = await BuildAsync(settings);
        var small = await BuildAsync(settings with { WorkFolder = At("small"), Memory = 2 << 20 });
        await QueryListWriter.WriteAsync(At("a.tsv"), result.Rows, default);
        await QueryListWriter.WriteAsync(At("b.tsv"), small.Rows, default);
        await QueryListWriter.WriteAsync(At("a.parquet"), result.Rows, default);
        await QueryListWriter.WriteAsync(At("b.parquet"), small.Rows, default);

        Assert.True(Directory.GetFiles(At("small"), "*.run").Length > 20);
        Assert.Equal(File.ReadAllBytes(At("a.tsv")), File.ReadAllBytes(At("b.tsv")));
        Assert.Equal(File.ReadAllBytes(At("a.parquet")), File.ReadAllBytes(At("b.parquet")));
        Assert.Equal(QueryList.Load(At("a.tsv")), QueryList.Load(At("a.parquet")));
        Assert.Equal(QueryList.Load(At("a.tsv")).Sources, QueryList.Load(At("a.parquet")).Sources);
    }

    [Fact]
    public async Task All_packings_of_a_dump_give_the_same_list()
    {
        var dump = Dump(("Dog", "The dog barks at a dog."), ("Cat", "A cat."));
        Write("plain", dump);
        using (var gz = new GZipStream(File.Create(At("d.gz")), CompressionLevel.Fastest))
            gz.Write(dump);
        using (var zst = new ZstdSharp.CompressionStream(File.Create(At("d.zst")), leaveOpen: false))
            zst.Write(dump);
        using (var bz2 = File.Create(At("d.bz2"))) // multistream: one after the other
        {
            foreach (var part in (byte[][])[dump[..20], dump[20..90], dump[90..]])
            {
                using var stream = BZip2Stream.Create(bz2, SharpCompress.Compressors.CompressionMode.Compress, false, leaveOpen: true);
                stream.Write(part);
            }
        }

        var plain = await WordsOf("plain");

        Assert.Equal(["A 2", "dog 2", "at 1", "barks 1", "cat 1", "The 1"], plain);
        Assert.Equal(plain, await WordsOf("d.gz"));
        Assert.Equal(plain, await WordsOf("d.zst"));
        Assert.Equal(plain, await WordsOf("d.bz2"));
    }

    [Fact]
    public async Task A_stopped_build_goes_on_where_it_was()
    {
        Write("a", Dump(("Dog", "dog dog")));
        Write("b", Dump(("Cat", "cat")));
        var settings = new QueryListSettings { Wikipedia = [At("a"), At("b")], WorkFolder = At("work"), MinCount = 1 };
        using var stop = new CancellationTokenSource();

        // Stopped as soon as the second file is begun.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => QueryListBuilder.BuildAsync(settings,
            progress =>
            {
                if (progress.Text.EndsWith('b'))
                    stop.Cancel();
            }, stop.Token));
        File.WriteAllText(Path.Combine(At("work"), "words.000099.run"), "left behind by a kill");
        var begun = new List<string>();
        var result = await QueryListBuilder.BuildAsync(settings, progress => begun.Add(progress.Text), default);

        Assert.DoesNotContain(begun, text => text.EndsWith('a'));
        Assert.Equal(["dog 2", "cat 1"], result.Rows.Select(row => $"{row.Query} {row.Count}"));
        Assert.Equal(2, result.Articles);
    }

    [Fact]
    public async Task A_build_that_is_stopped_in_the_middle_of_a_dump_ends_as_if_it_had_not_been()
    {
        var random = new Random(1);
        Write("dump", Dump([.. Enumerable.Range(0, 400).Select(at => ($"Page {at}",
            string.Join(' ', Enumerable.Range(0, 10_000).Select(_ => $"w{(int)Math.Exp(random.NextDouble() * 8)}"))))]));
        var settings = new QueryListSettings { Wikipedia = [At("dump")], WorkFolder = At("stopped"), MinCount = 5, MinPmi = 0, Memory = 1 << 20 };
        var whole = await BuildAsync(settings with { WorkFolder = At("whole") });
        var stops = 0;
        QueryListResult? result = null;

        for (var place = 2L << 20; result is null; place += 6 << 20)
        {
            using var stop = new CancellationTokenSource();
            try
            {
                result = await QueryListBuilder.BuildAsync(settings, progress =>
                {
                    if (progress.Done > place)
                        stop.Cancel();
                }, stop.Token);
            }
            catch (OperationCanceledException)
            {
                stops++;
            }
        }

        Assert.InRange(stops, 2, 20);
        Assert.Equal((whole.Articles, whole.Words), (result.Articles, result.Words));
        Assert.Equal(whole.Rows, result.Rows);
    }

    [Fact]
    public async Task Views_are_averaged_over_days_and_joined_with_articles()
    {
        Write("dump", Dump(("Dog", "x"), ("Mercury (planet)", "x"), ("Rare", "x")));
        File.WriteAllText(At("pageviews-20240101-000000"), "en Dog 10 0\nen.m Dog 90 0\nde Dog 900 0\nen Not_there 5000 0\nen Mercury_(planet) 71 0\nbroken\n");
        File.WriteAllText(At("pageviews-20240102-user"), "en.wikipedia Dog 4269567 desktop 60 A60\nen.wikipedia Dog null mobile-web 40 B40\nen.wikipedia Rare 7 desktop 3 A3\n"
            + "en.wikipedia Mercury_%28planet%29 1 desktop 71 A71\n");

        var result = await BuildAsync(new()
        {
            Wikipedia = [At("dump")],
            PageViews = [At("pageviews-20240101-000000"), At("pageviews-20240102-user")],
            WorkFolder = At("work"),
            MinCount = 100,
            Explain = ["dog", "rare", "unheard of"],
        });

        Assert.Equal([new("Dog", "wiki_title", 0, null, 100), new("Mercury", "wiki_title", 0, null, 71)], result.Rows);
        Assert.Equal(1, result.UnreadableViews);
        Assert.StartsWith("'dog': in, at rank 1, as wiki_title.", result.Explanations[0], StringComparison.Ordinal);
        Assert.Contains("'rare': out, it is below every threshold", result.Explanations[1], StringComparison.Ordinal);
        Assert.Contains("1.5 views a day (least 70)", result.Explanations[1], StringComparison.Ordinal);
        Assert.Contains("'unheard of': out, no source has it", result.Explanations[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wordnet_gives_every_lemma_once_as_it_is_written()
    {
        if (!File.Exists("/usr/share/wordnet/data.noun"))
            Assert.Skip("WordNet is not installed (Debian: wordnet-base)");

        var result = await BuildAsync(new() { WordNet = "/usr/share/wordnet", WorkFolder = At("work") });

        await QueryListWriter.WriteAsync(At("wordnet.tsv"), result.Rows, default);
        Assert.Equal(File.ReadAllBytes(Checkout.PathOf("queries/wordnet.tsv")), File.ReadAllBytes(At("wordnet.tsv")));
        // 147,306 distinct strings: the statistics of WordNet 3.0 (wnstats(7WN)) say 155,287, over the parts of speech.
        Assert.Equal(147_306, result.Rows.Count);
        Assert.Contains(result.Rows, row => row.Query == "Dead Sea scrolls");
        Assert.Contains(result.Rows, row => row.Query == "afloat");
        Assert.DoesNotContain(result.Rows, row => row.Query.Contains('_', StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_block_list_and_the_limit_keep_queries_out_and_say_so()
    {
        Write("dump", Dump(("Dog", "dog dog dog cat cat elk")));
        File.WriteAllText(At("blocked"), "DOG\n");

        var result = await BuildAsync(new()
        {
            Wikipedia = [At("dump")],
            BlockList = At("blocked"),
            WorkFolder = At("work"),
            MinCount = 1,
            MinPmi = 100,
            Limit = 1,
            Explain = ["dog", "elk", "hen"],
        });

        Assert.Equal("cat", Assert.Single(result.Rows).Query);
        Assert.Equal((1, 1), (result.Blocked, result.OverLimit));
        Assert.Contains("'dog': out, it is on the block list", result.Explanations[0], StringComparison.Ordinal);
        Assert.Contains("'hen': out, no source has it", result.Explanations[2], StringComparison.Ordinal);
        Assert.Contains("'elk': out, it has rank 2 and the limit is 1", result.Explanations[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_list_that_is_no_text_is_refused_with_its_line()
    {
        File.WriteAllBytes(At("blocked"), [.. "dog\nc"u8, 0xE9, .. "\n"u8]);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => BuildAsync(new() { BlockList = At("blocked"), WorkFolder = At("work") }));

        Assert.Contains("line 2: this is not valid UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>Not found</body></html>", "byte 0: a MediaWiki export begins with '<mediawiki'")]
    [InlineData("", "byte 0")]
    [InlineData("<mediawiki><page><title>Dog</title><ns>0</ns><revision><text>dog", "it ends before '</mediawiki>'")]
    [InlineData("<mediawiki><page></page>", "it ends before '</mediawiki>'")]
    [InlineData("<mediawiki><page></page><p>what is this</p></mediawiki>", "byte 24: a page is expected here")]
    public async Task What_is_no_dump_or_is_cut_is_refused_with_the_byte(string content, string message)
    {
        File.WriteAllText(At("dump"), content);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => BuildAsync(new() { Wikipedia = [At("dump")], WorkFolder = At("work") }));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(At("dump"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d.gz")]
    [InlineData("d.zst")]
    public async Task A_cut_download_is_refused(string name)
    {
        var random = new Random(1);
        var dump = Dump(("Dog", new string([.. Enumerable.Range(0, 100_000).Select(_ => (char)random.Next('a', 'z'))])));
        using (Stream packed = name == "d.gz" ? new GZipStream(File.Create(At("whole")), CompressionLevel.Fastest) : new ZstdSharp.CompressionStream(File.Create(At("whole")), leaveOpen: false))
            packed.Write(dump);
        File.WriteAllBytes(At(name), File.ReadAllBytes(At("whole"))[..30_000]);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => BuildAsync(new() { Wikipedia = [At(name)], WorkFolder = At("work") }));

        Assert.Contains(At(name), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_not_well_formed_is_passed_over_and_counted()
    {
        Write("dump", [.. "<mediawiki><page><title>Dog</oops></page><page><title>"u8, 0xE9, .. "</title></page>"u8, .. Dump(("Cat", "cat"))[11..]]);

        var result = await BuildAsync(new() { Wikipedia = [At("dump")], WorkFolder = At("work"), MinCount = 1 });

        Assert.Equal("cat", Assert.Single(result.Rows).Query);
        Assert.Equal(2, result.UnreadablePages);
    }

    private static byte[] Dump(params (string Title, string Text)[] pages) => System.Text.Encoding.UTF8.GetBytes(
        "<mediawiki>" + string.Concat(pages.Select(page => $"<page><title>{page.Title}</title><ns>0</ns><revision><text>{page.Text}</text></revision></page>")) + "</mediawiki>");

    private static Task<QueryListResult> BuildAsync(QueryListSettings settings) => QueryListBuilder.BuildAsync(settings, _ => { }, default);

    private async Task<List<string>> WordsOf(string dump)
    {
        var result = await BuildAsync(new() { Wikipedia = [At(dump)], WorkFolder = At(dump + ".work"), MinCount = 1, MinPmi = 100 });
        return [.. result.Rows.Select(row => $"{row.Query} {row.Count}")];
    }

    private Dictionary<string, (long Count, string Written)> ReadCounts(string name) => File.ReadLines(At(name)).Select(line => line.Split('\t'))
        .ToDictionary(row => row[0], row => (long.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture), row[2]));

    private static async Task<string> PythonAsync(params string[] arguments)
    {
        if (!File.Exists("/usr/bin/python3"))
            Assert.Skip("python3 is not installed, which the slow count is written in");
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true })!;
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        return output.Trim();
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(At(name), bytes);

    private string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
