using System.Globalization;
using System.Text;
using WebImageText.Crawl.Providers;
using WebImageText.Tests.Providers;
using WebImageText.Tests.Shards;
using static WebImageText.Tests.Providers.LoopbackService;

namespace WebImageText.Tests.Archives;

public sealed class ArchiveProviderTests : IDisposable
{
    private static readonly (string, string)[] Pages =
    [
        ("https://one.example/p", "<base href='/img/'><figure><img src=a.jpg><figcaption>A red kite</figcaption></figure>"),
        ("https://two.example/q", "<meta name=robots content=noimageindex><img src=/b.jpg alt='A blue kite'>"),
        ("https://three.example/r", "<p>no image"),
        ("https://four.example/s", "<img src=//cdn.example/c.jpg alt='Ein grüner Drachen'>"),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    private static void AssertThoseOfThePages(IEnumerable<ProviderPage> pages, string provider)
    {
        Assert.All(pages, page => Assert.Null(page.Fault));
        var found = pages.Candidates().ToList();
        Assert.Equal(
            ["https://one.example/img/a.jpg A red kite", "https://two.example/b.jpg A blue kite", "https://cdn.example/c.jpg Ein grüner Drachen"],
            found.Select(candidate => $"{candidate.Image.Href} {candidate.Caption?.Text}"));
        Assert.Equal([false, true, false], found.Select(candidate => candidate.OptOut is not null));
        Assert.All(found, candidate => Assert.Equal(provider, candidate.Provider));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_warc_file_gives_the_images_of_its_pages(bool gzip)
    {
        var file = gzip ? SomeArchives.Warc(Pages).File
            : [.. Pages.SelectMany(page => SomeArchives.Record("response", $"<{page.Item1}>", "application/http;msgtype=response", SomeArchives.Answer(page.Item2, "Content-Type: text/html; charset=utf-8")))];
        var path = Write(gzip ? "a.warc.gz" : "a.warc", file);

        var pages = await Providing.AllAsync(() => ArchiveProvider.Warc([path]), Providing.Nothing);

        AssertThoseOfThePages(pages, "warc");
    }

    [Fact]
    public async Task Bodies_as_they_were_on_the_wire_are_undone()
    {
        var body = SomeArchives.Gzip("<img src=/a.jpg alt='A red kite'>"u8.ToArray());
        byte[] chunked = [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];
        var path = Write("a.warc.gz", SomeArchives.Gzip(SomeArchives.Record("response", "http://w.example/", "application/http; msgtype=response",
            [.. "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"u8, .. chunked])));

        var candidate = Assert.Single((await Providing.AllAsync(() => ArchiveProvider.Warc([path]), Providing.Nothing)).Candidates());

        Assert.Equal("A red kite", candidate.Caption?.Text);
    }

    [Fact]
    public async Task A_large_archive_is_entered_again_at_any_page()
    {
        var path = Write("a.warc.gz", SomeArchives.Warc([.. Enumerable.Range(0, 60).Select(page => ($"https://h{page}.example/",
            string.Concat(Enumerable.Range(0, 50).Select(image => $"<img src=/{image}.jpg alt='Image {image} of page {page}'>"))))]).File);

        var restarted = await Providing.AllAsync(() => ArchiveProvider.Warc([path]), Providing.Nothing);
        var straight = await Providing.AllAsync(() => ArchiveProvider.Warc([path]), Providing.Nothing, restart: false);

        Assert.True(restarted.Count > 2);
        Assert.Equal(3_000, restarted.Candidates().Select(candidate => candidate.Uid).Distinct().Count());
        Assert.Equal(straight.Candidates().Select(candidate => candidate.Uid), restarted.Candidates().Select(candidate => candidate.Uid));
    }

    [Fact]
    public async Task A_damaged_archive_gives_what_is_whole_and_the_next_one_is_read()
    {
        var whole = SomeArchives.Warc(Pages).File;
        Write("a.warc.gz", whole[..(whole.Length - 200)]);
        Write("b.warc.gz", SomeArchives.Warc(("https://five.example/", "<img src=/d.jpg alt='The last one'>")).File);

        var pages = await Providing.AllAsync(() => ArchiveProvider.Warc([_folder.Path]), Providing.Nothing);

        Assert.Contains(pages.Candidates(), candidate => candidate.Image.Host == "one.example");
        Assert.Equal("five.example", pages.Candidates().Last().Image.Host);
        Assert.Contains("a.warc.gz", Assert.Single(pages.SelectMany(page => page.Notes)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzip_bomb_in_an_archive_is_not_unpacked()
    {
        var bomb = Write("a.warc.gz", SomeArchives.Gzip(SomeArchives.Record("response", "http://b.example/", "application/http", new byte[200_000_000])));

        var pages = await Providing.AllAsync(() => ArchiveProvider.Warc([bomb]), Providing.Nothing);

        Assert.Contains("expands", Assert.Single(pages[0].Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wat_file_gives_images_with_alt_and_title()
    {
        var path = Write("a.warc.wat.gz", SomeArchives.Wat(
            ("https://one.example/p", """{"Base":"/img/","Title":"T"}""", """[{"path":"A@/href","url":"/x"},{"path":"IMG@/src","url":"a.jpg","alt":"A red kite"},{"path":"IMG@/src","url":"/t.jpg","title":"Only a title"},{"path":"IMG@/longdesc","url":"/y"}]"""),
            ("https://two.example/q", """{"Metas":[{"name":"robots","content":"noai"}]}""", """[{"path":"IMG@/src","url":"/b.jpg","alt":"A blue kite"}]""")));

        var found = (await Providing.AllAsync(() => ArchiveProvider.CommonCrawl([path], WebAddress.Parse("https://data.example/")), Providing.Nothing)).Candidates().ToList();

        Assert.Equal(
            ["https://one.example/img/a.jpg A red kite", "https://one.example/t.jpg Only a title", "https://two.example/b.jpg A blue kite"],
            found.Select(candidate => $"{candidate.Image.Href} {candidate.Caption?.Text}"));
        Assert.Equal([false, false, true], found.Select(candidate => candidate.OptOut is not null));
    }

    [Fact]
    public async Task A_list_of_paths_leads_to_archives_on_a_server()
    {
        var warc = SomeArchives.Warc(Pages).File;
        using var service = new LoopbackService(asked => asked.Path switch
        {
            "/crawl-data/warc.paths.gz" => new(200, SomeArchives.Gzip("crawl-data/a.warc.gz\n"u8.ToArray()), "application/gzip"),
            "/crawl-data/a.warc.gz" => Reply.Part(warc, asked),
            _ => Reply.None(404),
        });

        var pages = await Providing.AllAsync(
            () => ArchiveProvider.CommonCrawl([service.At("/crawl-data/warc.paths.gz").Href], service.At("/")), service.FetchAsync);

        AssertThoseOfThePages(pages, "commoncrawl");
    }

    [Fact]
    public async Task A_list_of_paths_here_leads_to_files_beside_it_and_to_the_server()
    {
        using var service = new LoopbackService(asked => asked.Path == "/b.warc.gz" ? Reply.Part(SomeArchives.Warc(Pages[1..]).File, asked) : Reply.None(404));
        Write("a.warc.gz", SomeArchives.Warc(Pages[0]).File);
        var list = Write("warc.paths", "a.warc.gz\n\nb.warc.gz\n"u8.ToArray());

        var pages = await Providing.AllAsync(() => ArchiveProvider.CommonCrawl([list], service.At("/")), service.FetchAsync);

        AssertThoseOfThePages(pages, "commoncrawl");
        Assert.Single(service.Log);
    }

    [Fact]
    public async Task An_index_leads_to_single_records()
    {
        var (warc, places) = SomeArchives.Warc(Pages);
        using var service = new LoopbackService(asked => asked.Path switch
        {
            // Two pages of an index; past the end it answers 400.
            "/CC-MAIN-2024-22-index" when asked.Query["output"] == "json" && int.Parse(asked.Query["page"], CultureInfo.InvariantCulture) is var page => page > 1
                ? Reply.Json("""{"message": "Page 2 invalid: First Page is 0, Last Page is 1"}""", 400)
                : Reply.Text(string.Concat(places.Skip(page * 2).Take(2).Select(place =>
                    $$"""{"urlkey": "x", "filename": "cd/a.warc.gz", "offset": "{{place.Offset}}", "length": "{{place.Length}}"}""" + "\n"))),
            "/data/cd/a.warc.gz" => Reply.Part(warc, asked),
            _ => Reply.None(404),
        });

        var pages = await Providing.AllAsync(
            () => ArchiveProvider.CommonCrawl([service.At("/CC-MAIN-2024-22-index?url=*.example/*").Href], service.At("/data/")), service.FetchAsync);

        AssertThoseOfThePages(pages, "commoncrawl");
        Assert.Equal(places.Count, service.Log.Count(asked => asked.Path == "/data/cd/a.warc.gz"));
    }

    [Fact]
    public async Task An_index_that_is_overloaded_is_left_for_another_run()
    {
        using var service = new LoopbackService(_ => Reply.Text("Please reduce your request rate.", 503));

        var page = await ArchiveProvider.CommonCrawl([service.At("/index?url=x").Href], service.At("/")).FindAsync(null, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Contains("503", page.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_columnar_index_leads_to_single_records()
    {
        var (warc, places) = SomeArchives.Warc(Pages);
        using var service = new LoopbackService(asked => asked.Path == "/cd/a.warc.gz" ? Reply.Part(warc, asked) : Reply.None(404));
        var rows = string.Join(" union all ", places.Select((place, at) =>
            $"select {at} as n, 'cd/a.warc.gz' as warc_filename, {place.Offset}::int as warc_record_offset, {place.Length}::int as warc_record_length, 200::smallint as fetch_status, 'text/html' as content_mime_detected"));
        Duck.Ask($"copy (select * from ({rows} union all select 8, 'cd/a.warc.gz', 0, 10, 404::smallint, 'text/html' union all select 9, 'cd/gone.warc.gz', 0, 10, 200::smallint, 'text/html') order by n) to '{_folder.File("part-0.parquet")}' (format parquet)");

        var pages = await Providing.AllAsync(() => ArchiveProvider.CommonCrawl([_folder.Path], service.At("/")), service.FetchAsync);

        AssertThoseOfThePages(pages, "commoncrawl");
        Assert.Equal(1, pages.Sum(page => page.Skipped.GetValueOrDefault("record 404")));
    }

    [Fact]
    public void A_place_without_archives_is_told_at_once()
    {
        Assert.Contains(_folder.Path, Assert.Throws<IOException>(() => ArchiveProvider.Warc([_folder.Path])).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => ArchiveProvider.CommonCrawl([_folder.File("no")], WebAddress.Parse("https://data.example/")));
    }
}
