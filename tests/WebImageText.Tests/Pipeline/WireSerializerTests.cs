using System.Text;
using Akka.Actor;
using WebImageText.Crawl.Fetch;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Tests.Pipeline;

/// <summary>Nodes of two neighbouring versions understand each other: these texts are never edited.</summary>
public sealed class WireSerializerTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("frozen-wire", "akka.loglevel = OFF");
    private readonly WireSerializer _serializer;

    public WireSerializerTests() => _serializer = new((ExtendedActorSystem)_system);

    public static TheoryData<string, string> Frozen => new()
    {
        {
            "host.data/1",
            """{"Id":"warc x","Provider":"commoncrawl","IsService":true,"Request":{"Address":"https://data.test/a.warc.gz","Kind":2,"Headers":[{"Key":"A","Value":"b"}],"Range":{"First":5,"Last":9}}}"""
        },
        {
            "host.data/1",
            """{"Id":"q","Provider":"searxng","IsService":false,"Request":{"Address":"http://s.test/?q=a","Kind":0,"Headers":[]}}"""
        },
        {
            "host.data.answer/1",
            """{"Id":"q","Result":{"At":"2026-01-02T03:04:05+00:00","Status":206,"Headers":[{"Key":"Content-Range","Value":"bytes 0-1/2"}],"Body":"YWI="}}"""
        },
        { "host.data.answer/1", """{"Id":"q","Result":{"At":"0001-01-01T00:00:00+00:00","Status":302,"To":"http://b.test/"}}""" },
        { "host.data.answer/1", """{"Id":"q","Result":{"At":"0001-01-01T00:00:00+00:00","Status":0,"Drop":{"Reason":"timeout","Detail":"late"}}}""" },
        { "run.provider-failed/1", """{"Provider":"urls","Query":null,"Fault":"gone"}""" },
        { "run.provider-failed/1", """{"Provider":"openverse","Query":7,"Fault":"gone"}""" },
        {
            "copy.look/2",
            """{"Uid":"000000000000000000000000000000ff","Keys":{"Bytes":1,"Pixels":340282366920938463463374607431768211455,"Look":"f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f"}}"""
        },
        {
            "copy.look/2",
            """{"Uid":"000000000000000000000000000000ff","Keys":{"Bytes":1,"Pixels":2,"Look":"f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f","Descriptor":"VVVVVVVVVVUAPAAA"}}"""
        },
        {
            "copy.findings/1",
            """{"Range":10,"Number":7,"Copies":[{"Uid":"000000000000000000000000000000ff","Of":{"Kind":3,"Distance":0,"Uid":"00000000000000000000000000000001","Score":0.9375}}],"Waits":[]}"""
        },
        { "copy.answer/1", """{"Drop":null}""" },
        { "copy.answer/1", """{"Drop":{"Reason":"near_duplicate","Detail":"3 of 256 bits from 000000000000000000000000000000ff"}}""" },
        {
            "copy.question/1",
            """{"EntityId":"a","From":3,"Number":7,"Pictures":[{"Uid":"000000000000000000000000000000ff","Keys":{"Bytes":1,"Pixels":2,"Look":null}}]}"""
        },
        {
            "copy.findings/1",
            """{"Range":10,"Number":7,"Copies":[{"Uid":"000000000000000000000000000000ff","Of":{"Kind":2,"Distance":5,"Uid":"00000000000000000000000000000001"}}],"Waits":["000000000000000000000000000000fe"]}"""
        },
        { "copy.confirm/2", """{"EntityId":"f","Commit":"c","Pictures":[{"Uid":"000000000000000000000000000000ff","Keys":{"Bytes":1,"Pixels":2,"Look":null}}]}""" },
        { "copy.confirmed/2", """{"Copies":[{"Uid":"000000000000000000000000000000ff","Drop":{"Reason":"exact_duplicate","Detail":"same bytes as 00000000000000000000000000000001"},"Of":"00000000000000000000000000000001"}]}""" },
        { "copy.recheck/1", """{"EntityId":"f","Pictures":[{"Uid":"000000000000000000000000000000ff","Keys":{"Bytes":1,"Pixels":2,"Look":null}}]}""" },
        { "copy.forget/1", """{"EntityId":"f","Uids":["000000000000000000000000000000ff"]}""" },
        { "claim.free/1", """{"EntityId":"f","Uids":["f00000000000000000000000000000ff"]}""" },
        { "claim.ask-progress/1", """{"EntityId":"f","Uids":["f00000000000000000000000000000ff"]}""" },
        { "claim.progress/1", """{"Settled":["f00000000000000000000000000000ff"],"Unknown":[]}""" },
        { "node.ping/1", """{"Number":7}""" },
        { "node.pong/1", """{"Number":7}""" },
        { "copy.published/3", """{"EntityId":"f","Commit":"c","Rejected":["000000000000000000000000000000ff"]}""" },
        { "copy.wake/1", """{"EntityId":"f"}""" },
    };

    [Theory]
    [MemberData(nameof(Frozen))]
    public void A_message_of_another_version_is_read_and_written_as_it_was(string manifest, string json)
    {
        var read = _serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest);

        Assert.Equal(manifest, _serializer.Manifest(read));
        Assert.Equal(json, Encoding.UTF8.GetString(_serializer.ToBinary(read)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("page 2026-01-02T03:04:05Z: tdm-reservation: 0")]
    public void A_pair_on_its_way_by_its_page_keeps_what_is_said_of_it(string? said)
    {
        var candidate = new Candidate { Image = WebAddress.Parse("http://i.test/a.jpg"), Page = WebAddress.Parse("http://p.test/"), Provider = "openverse", PageUse = said };
        var sent = new HostEntity.JudgePage(new(candidate.Uid, new(JobKind.Search, "1", "a"), candidate, null, candidate.Image, [], []));

        var bytes = _serializer.ToBinary(sent);
        var read = Assert.IsType<HostEntity.JudgePage>(_serializer.FromBinary(bytes, "host.page-use/1"));

        Assert.Equal(("host.page-use/1", "p.test", said), (_serializer.Manifest(sent), read.EntityId, read.Work.Candidate.PageUse));
        // A node of the version before knows the word only where it is used.
        Assert.Equal(said is not null, Encoding.UTF8.GetString(bytes).Contains("PageUse", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sitemap_of_full_size_fits_in_a_message()
    {
        var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 500_000).Select(page => $"<url><loc>http://site.test/gallery/page-{page}.html</loc></url>\n")));
        var answer = new HostEntity.Data("q", new FetchResult.Answer(200, ResponseHeaders.None, body, DateTimeOffset.UnixEpoch));

        var bytes = _serializer.ToBinary(answer);
        var read = Assert.IsType<FetchResult.Answer>(Assert.IsType<HostEntity.Data>(_serializer.FromBinary(bytes, "host.data.answer/1")).Result);

        Assert.InRange(bytes.Length, 0, 8 << 20);
        Assert.True(read.Body.Span.SequenceEqual(body));
    }

    [Fact]
    public void What_does_not_fit_in_a_message_is_said_to_be_too_large()
    {
        var noise = new byte[6_000_000];
        new Random(1).NextBytes(noise);
        var answer = new HostEntity.Data("q", new FetchResult.Answer(200, ResponseHeaders.None, noise, DateTimeOffset.UnixEpoch));

        var read = Assert.IsType<HostEntity.Data>(_serializer.FromBinary(_serializer.ToBinary(answer), "host.data.answer/1"));

        Assert.Equal(DropReason.TooLarge, Assert.IsType<FetchResult.Failed>(read.Result).Drop.Reason);
    }

    public void Dispose() => _system.Dispose();
}
