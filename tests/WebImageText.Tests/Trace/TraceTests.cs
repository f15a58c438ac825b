using System.Text;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Trace;
using WebImageText.Tests.Providers;
using WebImageText.Tests.Shards;
using static WebImageText.Tests.Providers.LoopbackService;

namespace WebImageText.Tests.Trace;

public sealed class TraceTests : IDisposable
{
    private static readonly FetchOptions Options = new() { Contact = "test@example.org" };
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    private static Reply Answer(Asked asked) => asked.Path switch
    {
        "/page" => new(200, Encoding.UTF8.GetBytes("<img alt=ü>"), "text/html", ("X-Robots-Tag", "noai"), ("X-Robots-Tag", "noindex")),
        "/packed" => new(200, SomeGzip, "text/plain", ("Content-Encoding", "gzip")),
        "/moved" => Reply.None(301, ("Location", "/page#part")),
        "/busy" => Reply.None(503, ("Retry-After", "7")),
        "/file" => Reply.Part([1, 2, 3, 4, 5], asked),
        _ => Reply.None(404),
    };

    private static byte[] SomeGzip => Archives.SomeArchives.Gzip("plain text"u8.ToArray());

    private static FetchRequest[] Requests(LoopbackService web) =>
    [
        new(web.At("/page"), FetchKind.Page), new(web.At("/packed"), FetchKind.Page), new(web.At("/moved"), FetchKind.Page),
        new(web.At("/busy"), FetchKind.Page), new(web.At("/gone"), FetchKind.Image), new(web.At("/file"), FetchKind.Data) { Range = new(1, 2) },
        new(web.At("/file"), FetchKind.Data) { Range = new(9, 10) }, new(WebAddress.Parse("http://10.0.0.1/"), FetchKind.Page),
        new(web.At("/page?key=1"), FetchKind.Page) { Headers = [new("Authorization", "Bearer secret-key")] },
    ];

    private static string Show(FetchResult result) => result switch
    {
        FetchResult.Answer answer => $"{answer.Status} {Convert.ToHexString(answer.Body.Span)} {answer.At:O} {string.Join('|', answer.Headers.Fields.Where(field => field.Key is not "Date"))}",
        _ => result.ToString(),
    };

    [Theory]
    [InlineData("t.warc")]
    [InlineData("t.warc.gz")]
    public async Task What_was_answered_is_answered_again(string name)
    {
        List<string> live = [], again = [];
        using var web = new LoopbackService(Answer);
        await using (var trace = await TraceWriter.OpenAsync(_folder.File(name), Options, Now, Stop))
        {
            var recording = new RecordingFetcher(web.Fetcher, trace, TimeProvider.System);
            foreach (var request in Requests(web))
                live.Add(Show(await recording.FetchAsync(request, Stop)));
            Assert.False(trace.Broken.IsCompleted);
        }

        var replay = await ReplayFetcher.OpenAsync(_folder.File(name), Options, Stop);
        foreach (var request in Requests(web))
            again.Add(Show(await replay.FetchAsync(request, Stop)));

        Assert.Equal(live, again);
        Assert.Equal(Requests(web).Length - 1, web.Log.Count);
        Assert.InRange(replay.Clock.GetUtcNow(), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Answers_to_the_same_request_come_in_their_order_and_the_last_one_stays()
    {
        var asked = 0;
        using var web = new LoopbackService(_ => Reply.Text($"{++asked}"));
        await using (var trace = await TraceWriter.OpenAsync(_folder.File("t.warc"), Options, Now, Stop))
        {
            var recording = new RecordingFetcher(web.Fetcher, trace, TimeProvider.System);
            await recording.FetchAsync(web.At("/"), FetchKind.Page, Stop);
            await recording.FetchAsync(web.At("/"), FetchKind.Page, Stop);
        }

        var replay = await ReplayFetcher.OpenAsync(_folder.File("t.warc"), Options, Stop);
        List<string> texts = [];
        for (var time = 0; time < 3; time++)
            texts.Add(Encoding.UTF8.GetString(Assert.IsType<FetchResult.Answer>(await replay.FetchAsync(web.At("/"), FetchKind.Page, Stop)).Body.Span));

        Assert.Equal(["1", "2", "2"], texts);
    }

    [Fact]
    public async Task What_was_not_asked_for_is_refused_again_and_what_is_unknown_is_no_answer()
    {
        await using (var trace = await TraceWriter.OpenAsync(_folder.File("t.warc.gz"), Options, Now, Stop))
            trace.AddRefusal(WebAddress.Parse("http://a.test/x"), new(DropReason.RobotsDisallowed, "Disallow: /x"), Now);

        var replay = await ReplayFetcher.OpenAsync(_folder.File("t.warc.gz"), Options, Stop);

        Assert.Equal(new Drop(DropReason.RobotsDisallowed, "Disallow: /x"), Assert.IsType<FetchResult.Failed>(await replay.FetchAsync(WebAddress.Parse("http://a.test/x"), FetchKind.Image, Stop)).Drop);
        Assert.Equal("not in the trace", Assert.IsType<FetchResult.Failed>(await replay.FetchAsync(WebAddress.Parse("http://a.test/y"), FetchKind.Image, Stop)).Drop.Detail);
    }

    [Theory]
    [InlineData("t.warc")]
    [InlineData("t.warc.gz")]
    public async Task A_torn_trace_is_gone_on_with_after_its_last_whole_exchange(string name)
    {
        using var web = new LoopbackService(Answer);
        var path = _folder.File(name);
        foreach (var torn in new[] { true, false })
        {
            await using (var trace = await TraceWriter.OpenAsync(path, Options, Now, Stop))
            {
                var recording = new RecordingFetcher(web.Fetcher, trace, TimeProvider.System);
                await recording.FetchAsync(web.At(torn ? "/page" : "/gone"), FetchKind.Page, Stop);
                await recording.FetchAsync(web.At("/packed"), FetchKind.Page, Stop);
            }
            if (torn)
            {
                using var file = File.OpenWrite(path);
                file.SetLength(file.Length - 60);
            }
        }

        var replay = await ReplayFetcher.OpenAsync(path, Options, Stop);

        foreach (var (address, status) in new[] { ("/page", 200), ("/packed", 200), ("/gone", 404) })
            Assert.Equal(status, Assert.IsType<FetchResult.Answer>(await replay.FetchAsync(web.At(address), FetchKind.Page, Stop)).Status);
    }

    [Fact]
    public async Task A_key_is_not_kept()
    {
        using var web = new LoopbackService(Answer);
        await using (var trace = await TraceWriter.OpenAsync(_folder.File("t.warc"), Options, Now, Stop))
            await new RecordingFetcher(web.Fetcher, trace, TimeProvider.System).FetchAsync(Requests(web)[^1], Stop);

        var text = await File.ReadAllTextAsync(_folder.File("t.warc"), Stop);

        Assert.DoesNotContain("secret-key", text, StringComparison.Ordinal);
        Assert.Contains("Authorization: [kept out]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_is_an_archive_that_others_read()
    {
        using var web = new LoopbackService(Answer);
        await using (var trace = await TraceWriter.OpenAsync(_folder.File("t.warc.gz"), Options, Now, Stop))
        {
            var recording = new RecordingFetcher(web.Fetcher, trace, TimeProvider.System);
            foreach (var request in Requests(web))
                await recording.FetchAsync(request, Stop);
        }

        // Field by field, as the standard has it: every record says what it is, when, and how long.
        using var file = new SharpCompress.Compressors.Deflate.GZipStream(File.OpenRead(_folder.File("t.warc.gz")), SharpCompress.Compressors.CompressionMode.Decompress);
        using var plain = new MemoryStream();
        await file.CopyToAsync(plain, Stop);
        var text = Encoding.Latin1.GetString(plain.ToArray());
        for (var at = 0; at < text.Length;)
        {
            var head = text[at..text.IndexOf("\r\n\r\n", at, StringComparison.Ordinal)].Split("\r\n");
            Assert.Equal("WARC/1.1", head[0]);
            var fields = head[1..].Select(line => line.Split(": ", 2)).ToDictionary(field => field[0], field => field[1]);
            Assert.Contains(fields["WARC-Type"], new[] { "warcinfo", "request", "response", "metadata" });
            Assert.Matches("^<urn:uuid:[0-9a-f-]{36}>$", fields["WARC-Record-ID"]);
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", fields["WARC-Date"]);
            at += head.Sum(line => line.Length + 2) + 2 + int.Parse(fields["Content-Length"], null);
            Assert.Equal("\r\n\r\n", text[at..(at + 4)]);
            at += 4;
        }
    }
}
