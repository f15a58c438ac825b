using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using AngleSharp;
using AngleSharp.Dom;
using WebImageText.Cli.Demo;

namespace WebImageText.Tests.Demo;

/// <summary>One web for all tests here; they only read.</summary>
public sealed class DemoWebFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-demo-web-").FullName;

    internal DemoWeb Web { get; private set; } = null!;

    internal HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Web = await DemoWeb.StartAsync(new() { Folder = _folder, HugeBytes = 1 << 20 }, TestContext.Current.CancellationToken);
        Client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, Web.Port, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Web.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

[Collection(OneAtATime.Name)]
public class DemoWebTests(DemoWebFixture fixture) : IClassFixture<DemoWebFixture>
{
    private DemoWeb Web => fixture.Web;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_picture_of_the_pages_is_reached_from_the_seeds_with_its_text()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var level = Web.Seeds.ToHashSet();
        HashSet<string> seen = [];
        for (var depth = 0; depth <= DemoWeb.Depth; depth++)
        {
            HashSet<string> next = [];
            foreach (var address in level.Where(address => !Web.Untouchable.Contains(address) && seen.Add(address)))
            {
                using var answer = await fixture.Client.GetAsync(address, Stop);
                if (answer.Content.Headers.ContentType?.MediaType != "text/html")
                    continue;
                var page = await BrowsingContext.New(Configuration.Default).OpenAsync(response => response.Address(address)
                    .Header("Content-Type", answer.Content.Headers.ContentType.ToString()).Content(answer.Content.ReadAsStream(Stop), shouldDispose: false), Stop);
                next.UnionWith(page.QuerySelectorAll("a[href]").Select(link => link.BaseUrl is { } from ? new Url(from, link.GetAttribute("href")!).Href : ""));
                foreach (var (image, text) in PageReader.Shown(page))
                    found.TryAdd(image.Split('#')[0], text);
            }
            level = next;
        }

        var expected = Web.Expected.Where(item => item.Value.Provider == DemoExpectation.ByPages && item.Value.Drop != DropReason.NoText);
        foreach (var (address, item) in expected)
            Assert.True(item.Caption == found.GetValueOrDefault(address), $"{address}: expected '{item.Caption}', shown '{found.GetValueOrDefault(address)}'");
        Assert.DoesNotContain(found.Keys, address => address.Contains("/never/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_search_engine_finds_the_rest_page_by_page()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var query in await File.ReadAllLinesAsync(Web.QueriesPath, Stop))
        {
            for (var page = 1; ; page++)
            {
                var results = await SearchAsync(query.Split('\t')[0], page);
                if (results.Count == 0)
                    break;
                Assert.InRange(results.Count, 1, 20);
                foreach (var result in results)
                    found[result.GetProperty("img_src").GetString()!] = result.GetProperty("content").GetString() is { Length: > 0 } content ? content : result.GetProperty("title").GetString()!;
            }
        }

        var expected = Web.Expected.Where(item => item.Value.Provider == DemoExpectation.BySearch).ToDictionary(item => item.Key, item => item.Value.Caption);
        Assert.True(expected.Count > 200);
        Assert.Equal(expected.OrderBy(item => item.Key, StringComparer.Ordinal), found.OrderBy(item => item.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_long_search_goes_over_two_pages()
    {
        var (first, second) = (await SearchAsync("drawing", 1), await SearchAsync("drawing", 2));

        Assert.Equal((20, 20), (first.Count, second.Count));
        Assert.NotEqual(first[0].GetRawText(), second[0].GetRawText());
    }

    [Fact]
    public async Task Every_address_answers_as_its_outcome_says()
    {
        foreach (var (address, expected) in Web.Expected.Where((_, at) => at % 5 == 0).Concat(Web.Expected.Where(item => item.Value.Drop is not null)))
        {
            if (expected.Drop is DropReason.PrivateAddress or DropReason.Timeout or DropReason.TooLarge or DropReason.ConnectError)
                continue;
            using var answer = await fixture.Client.GetAsync(address, Stop);
            var status = (int)answer.StatusCode;
            Assert.True(expected.Drop switch
            {
                DropReason.HttpError => status >= 400,
                DropReason.RedirectLoop => status == 302,
                _ => status == 200 || status == 302 && address.Contains("/old/", StringComparison.Ordinal),
            }, $"{address} is to be {expected.Status} and answers {status}");
        }
    }

    [Fact]
    public async Task Pictures_have_the_faults_that_their_outcome_names()
    {
        foreach (var (address, expected) in Web.Expected)
        {
            if (expected.Drop is DropReason.TooSmall)
                Assert.True(Shorter(await SizeAsync(address)) < 200);
            else if (expected.Drop is DropReason.BadAspectRatio)
                Assert.True(await SizeAsync(address) is var (wide, high) && wide > 3 * high);
            else if (expected.Drop is DropReason.TooManyPixels)
                Assert.Equal((40_000, 40_000), await SizeAsync(address));
            else if (expected.Drop is DropReason.Undecodable && Web.Picture(address) is { } damaged) // the others are no pictures at all
                Assert.ThrowsAny<NetVips.VipsException>(() => Average(damaged));
            else if (expected.Drop is DropReason.NearDuplicate or DropReason.ExactDuplicate or DropReason.NearDuplicateOfEvaluationImage)
                Assert.True(Shorter(await SizeAsync(address)) >= 200);
        }
    }

    [Fact]
    public void Exact_copies_have_the_same_pixels()
    {
        foreach (var group in Web.Groups.Values.Where(group => Web.Expected[group.Addresses[0]].Drop == DropReason.ExactDuplicate))
        {
            var pictures = group.Addresses.Select(address => Web.Picture(address)!).ToArray();
            using var first = NetVips.Image.NewFromBuffer(pictures[0]);
            using var second = NetVips.Image.NewFromBuffer(pictures[1]);

            Assert.Equal(first.WriteToMemory<byte>(), second.WriteToMemory<byte>());
        }
    }

    [Fact]
    public async Task Served_bytes_are_the_same_each_time()
    {
        foreach (var address in Web.Expected.Keys.Where(address => Web.Picture(address) is not null).Take(10))
            Assert.Equal(SHA256.HashData(await fixture.Client.GetByteArrayAsync(address, Stop)), SHA256.HashData(Web.Picture(address)!));
    }

    [Fact]
    public async Task An_opted_out_picture_or_its_page_says_so()
    {
        foreach (var address in Web.Expected.Where(item => item.Value.Drop == DropReason.OptedOut && !Web.Untouchable.Contains(item.Key)).Select(item => item.Key))
        {
            using var answer = await fixture.Client.GetAsync(address, Stop);
            Assert.True(answer.Headers.Contains("X-Robots-Tag") || answer.Headers.Contains("TDM-Reservation"), address);
        }
        Assert.Contains("noai", await fixture.Client.GetStringAsync("http://gate.demo.test/gallery/studio.html", Stop));
    }

    [Theory]
    [InlineData("cellar", new byte[] { (byte)'o', 0xeb, 0x92, (byte)'s' })] // windows-1252
    [InlineData("pantry", new byte[] { (byte)'o', 0xeb, 0x92, (byte)'s' })]
    [InlineData("lantern", new byte[] { (byte)'o', 0, 0xeb, 0, 0x19, 0x20, (byte)'s', 0 })] // UTF-16, little end first
    [InlineData("parasol", new byte[] { (byte)'o', 0xc3, 0xab, 0xe2, 0x80, 0x99, (byte)'s' })] // UTF-8
    public async Task Pages_hold_their_letters_as_bytes_of_their_charset(string site, byte[] letters)
    {
        var page = await fixture.Client.GetByteArrayAsync($"http://{site}.demo.test/gallery/1.html", Stop);

        Assert.NotEqual(-1, page.AsSpan().IndexOf(letters));
    }

    [Fact]
    public async Task Robots_differ_by_host()
    {
        Assert.Contains("Disallow: /private/", await fixture.Client.GetStringAsync("http://fence.demo.test/robots.txt", Stop));
        Assert.Contains("Crawl-delay: 0.1", await fixture.Client.GetStringAsync("http://patience.demo.test/robots.txt", Stop));
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Client.GetAsync("http://market.demo.test/robots.txt", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.Client.GetAsync("http://closed.demo.test/robots.txt", Stop)).StatusCode);
        Assert.Contains("<loc>http://chalk.demo.test/gallery/1.html</loc>", await fixture.Client.GetStringAsync("http://chalk.demo.test/sitemap.xml", Stop));
    }

    [Fact]
    public async Task A_broken_answer_breaks_and_a_huge_one_is_as_large_as_told()
    {
        var cut = Web.Expected.Single(item => item.Value.Drop == DropReason.ConnectError).Key;
        await Assert.ThrowsAsync<HttpRequestException>(() => fixture.Client.GetByteArrayAsync(cut, Stop));

        foreach (var huge in Web.Expected.Where(item => item.Value.Drop == DropReason.TooLarge).Select(item => item.Key))
            Assert.Equal(1 << 20, (await fixture.Client.GetByteArrayAsync(huge, Stop)).Length);
    }

    [Fact]
    public async Task A_stalled_answer_begins_and_does_not_hold_up_the_end()
    {
        var folder = Directory.CreateTempSubdirectory("wit-demo-stall-").FullName;
        var web = await DemoWeb.StartAsync(new() { Folder = folder, Stall = TimeSpan.FromMinutes(5) }, Stop);
        using var socket = new TcpClient("127.0.0.1", web.Port);
        await socket.GetStream().WriteAsync("GET /0.jpg HTTP/1.1\r\nHost: tortoise.demo.test\r\n\r\n"u8.ToArray(), Stop);
        Assert.NotEqual(0, await socket.GetStream().ReadAsync(new byte[4], Stop));

        var clock = Stopwatch.StartNew();
        await web.DisposeAsync();

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"the end took {clock.Elapsed}");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Requests_are_logged_in_order()
    {
        using var ask = new HttpRequestMessage(HttpMethod.Head, "http://easel.demo.test/gallery/1.html?q=logged");
        ask.Headers.TryAddWithoutValidation("User-Agent", "WebImageText/0.1 (+test)");
        using var answer = await fixture.Client.SendAsync(ask, Stop);

        var entry = Assert.Single(Web.Log, request => request.Target.EndsWith("q=logged", StringComparison.Ordinal));
        Assert.Equal(("HEAD", "easel.demo.test", "WebImageText/0.1 (+test)"), (entry.Method, entry.Host, entry.UserAgent));
    }

    [Fact]
    public async Task The_evaluation_set_is_written_with_its_labels()
    {
        using var labels = JsonDocument.Parse(await File.ReadAllBytesAsync(Web.Evaluation.LabelsPath, Stop));
        var images = labels.RootElement.GetProperty("images").EnumerateArray().ToArray();

        Assert.Equal(46, labels.RootElement.GetProperty("classes").GetArrayLength());
        Assert.Equal(184, images.Length);
        Assert.Equal(46, Directory.GetDirectories(Web.Evaluation.Folder).Length);
        foreach (var image in images)
        {
            using var picture = NetVips.Image.NewFromFile(Path.Combine(Web.Evaluation.Folder, image.GetProperty("file").GetString()!));
            Assert.True(Shorter((picture.Width, picture.Height)) >= 200);
            Assert.Contains(image.GetProperty("colour").GetString()!, image.GetProperty("caption").GetString()!);
        }
    }

    private static int Shorter((int Width, int Height) size) => Math.Min(size.Width, size.Height);

    private static double Average(byte[] bytes)
    {
        NetVips.Log.SetLogHandler("VIPS", NetVips.Enums.LogLevelFlags.Warning, (_, _, _) => { });
        using var image = NetVips.Image.NewFromBuffer(bytes, failOn: NetVips.Enums.FailOn.Truncated);
        return image.Avg();
    }

    private async Task<(int Width, int Height)> SizeAsync(string address)
    {
        using var image = NetVips.Image.NewFromBuffer(await fixture.Client.GetByteArrayAsync(address, Stop));
        return (image.Width, image.Height);
    }

    private async Task<List<JsonElement>> SearchAsync(string words, int page)
    {
        using var answer = JsonDocument.Parse(await fixture.Client.GetByteArrayAsync(
            $"{DemoWeb.SearchUrl}?q={Uri.EscapeDataString(words)}&format=json&categories=images&pageno={page}", Stop));
        return [.. answer.RootElement.GetProperty("results").EnumerateArray().Select(result => result.Clone())];
    }
}
