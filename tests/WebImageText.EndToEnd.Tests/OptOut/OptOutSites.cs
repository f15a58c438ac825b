using System.Text;
using WebImageText.Tests.Hostile;
using static WebImageText.Tests.OptOut.OptOutSite;

namespace WebImageText.Tests.OptOut;

/// <summary>One site for each way of saying no, and for what only looks like one.</summary>
internal static class OptOutSites
{
    private const string Reserved = """[{"location": "*", "tdm-reservation": 1, "tdm-policy": "https://site.test/policy.json"}]""";

    private const string Prohibition = """<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license><prohibits type="usage">ai-train</prohibits></license></content></rsl>""";

    /// <summary>What the hosts and the pictures say themselves.</summary>
    public static IEnumerable<OptOutSite> OfPictures() =>
    [
        new("says-nothing", Kept),
        new("allows", Kept) { Fields = ["TDM-Reservation: 0", "Content-Usage: train-ai=y", "X-Robots-Tag: all"] },

        new("disallows", "robots_disallowed", "Disallow: /picture") { Files = Robots("Disallow: /picture"), IsUnasked = true },
        new("other-crawler", "robots_disallowed", "Disallow: /") { Files = new() { ["/robots.txt"] = Text("User-agent: CCBot\nDisallow: /\n") }, IsUnasked = true },
        new("unknown-crawler", Kept) { Files = new() { ["/robots.txt"] = Text("User-agent: OtherBot\nDisallow: /\n") } },
        new("slow", "robots_disallowed", "asks for 1.00:00:00") { Files = Robots("Crawl-delay: 86400"), IsUnasked = true },
        new("slow-rate", "robots_disallowed", "asks for 01:00:00") { Files = Robots("Request-rate: 1/1h"), IsUnasked = true },
        new("hours", "robots_disallowed", "Visit-time") { Files = Robots($"Visit-time: {Hours(TimeProvider.System.GetUtcNow())}"), IsUnasked = true },
        new("content-signal", "opted_out", "content-signal: search=yes, ai-train=no") { Files = Robots("Content-Signal: search=yes, ai-train=no"), IsUnasked = true },
        new("content-usage", "opted_out", "content-usage: train-ai=n") { Files = Robots("Content-Usage: /pic train-ai=n"), IsUnasked = true },
        new("usage-field", "opted_out", "content-usage: search=y, train-ai=n") { Fields = ["Content-Usage: search=y", "Content-Usage: train-ai=n"] },
        new("tag", "opted_out", "x-robots-tag: noimageai") { Fields = ["X-Robots-Tag: max-image-preview: large", "X-Robots-Tag: noimageai"] },

        new("reserves", "opted_out", "tdmrep.json: 1") { Files = new() { ["/.well-known/tdmrep.json"] = Text(Reserved) }, IsUnasked = true },
        new("reserves-else", Kept) { Files = new() { ["/.well-known/tdmrep.json"] = Text("""[{"location": "/books/*", "tdm-reservation": 1}]""") } },
        new("reserves-moved", "opted_out", "tdmrep.json: 1")
        {
            Files = new() { ["/.well-known/tdmrep.json"] = Wire.Status(302, "Location: /tdm"), ["/tdm"] = Text(Reserved) }, IsUnasked = true,
        },
        new("reserves-unread", Kept)
        {
            Files = new() { ["/robots.txt"] = Text("User-agent: *\nDisallow: /.well-known/\n"), ["/.well-known/tdmrep.json"] = Text(Reserved) },
        },
        new("reserves-later", "opted_out", "tdmrep.json: 1") { Files = new() { ["/.well-known/tdmrep.json"] = Wire.First(1, Wire.Status(503, "Retry-After: 1"), Text(Reserved)) }, IsUnasked = true },
        new("reserves-much-later", "http_error", "tdmrep.json: status 429; the host is left alone")
        {
            Files = new() { ["/.well-known/tdmrep.json"] = Wire.Status(429, "Retry-After: 86400") }, IsUnasked = true,
        },
        new("reserves-never", "http_error", "tdmrep.json: status 503") { Files = new() { ["/.well-known/tdmrep.json"] = Wire.Status(503) }, IsUnasked = true },
        new("reserves-nonsense", Kept) { Files = new() { ["/.well-known/tdmrep.json"] = Text("<!doctype html><title>Not found</title>") } },
        new("reserves-field", "opted_out", "tdm-reservation: 1") { Fields = ["TDM-Reservation: 1"] },

        new("ai-txt", "opted_out", "ai.txt: Disallow: *.jpg") { Files = new() { ["/ai.txt"] = Text("User-Agent: *\nDisallow: *.jpg\n") }, IsUnasked = true },
        new("ai-txt-else", Kept) { Files = new() { ["/ai.txt"] = Text("User-Agent: *\nDisallow: *.png\n") } },
        new("ai-txt-other", Kept) { Files = new() { ["/ai.txt"] = Text("Name: A site\nContact: mail@site.test\nTraining: no\n") } },

        new("licence", "opted_out", "rsl: prohibits ai-train") { Files = With(Robots("License: /licence.xml"), "/licence.xml", Text(Prohibition)), IsUnasked = true },
        new("licence-elsewhere", "opted_out", "rsl: prohibits ai-train") { Files = Robots($"License: http://terms.{Domain}/licence.xml"), IsUnasked = true },
        new("licence-field", "opted_out", "rsl: prohibits ai-train")
        {
            Files = new() { ["/licence.xml"] = Text(Prohibition) }, Fields = ["Link: </licence.xml>; rel=\"license\"; type=\"application/rsl+xml\""],
        },
        new("licence-gone", Kept) { Files = Robots("License: /licence.xml") },

        new("xmp", "opted_out", "DMI-PROHIBITED-AIMLTRAINING") { Picture = WithSegment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Xmp]) },
        new("c2pa", "opted_out", "c2pa.ai_training=notAllowed") { Picture = WithSegment(0xEB, [.. "JP"u8, 0, 1, 0, 0, 0, 1, .. Manifest]) },

        new("listed", "opted_out", "optOut") { IsUnasked = true },
        new("blocked", "blocked", "host blocked.optout.test") { IsUnasked = true },
    ];

    /// <summary>What pages say of pictures, which stand on hosts that say nothing.</summary>
    public static IEnumerable<OptOutSite> OfPages() =>
    [
        OfPage("page-tag", "opted_out", "x-robots-tag: webimagetext: noai") with { PageFields = ["X-Robots-Tag: webimagetext: noai"] },
        OfPage("page-meta", "opted_out", "meta robots: index, noml") with { Page = "<meta name=robots content=follow><meta name=ROBOTS content='index, noml'>" },
        OfPage("page-usage", "opted_out", "content-usage: train-ai=n") with { PageFields = ["Content-Usage: train-ai=n"] },
        OfPage("page-signal", "opted_out", "content-signal: ai-train=no") with { Files = Robots("Content-Signal: ai-train=no") },
        OfPage("page-reserves", "opted_out", "tdmrep.json: 1") with { Files = new() { ["/.well-known/tdmrep.json"] = Text(Reserved) } },
        OfPage("page-reserves-field", "opted_out", "tdm-reservation: 1") with { PageFields = ["TDM-Reservation: 1"] },
        OfPage("page-reserves-meta", "opted_out", "meta tdm-reservation: 1") with { Page = "<meta name=tdm-reservation content=1>" },
        OfPage("page-reserves-not", Kept) with { Files = new() { ["/.well-known/tdmrep.json"] = Text(Reserved) }, Page = "<meta name=tdm-reservation content=0>" },
        OfPage("page-ai-txt", "opted_out", "ai.txt: Disallow: /") with { Files = new() { ["/ai.txt"] = Text("User-Agent: *\nDisallow: /\n") } },
        OfPage("page-licence", "opted_out", "rsl: prohibits ai-train") with
        {
            Files = new() { ["/licence.xml"] = Text(Prohibition) }, Page = "<link rel=license type=application/rsl+xml href=/licence.xml>",
        },
        OfPage("page-no-follow", Kept) with { Page = "<a rel='nofollow noopener' href=/never>no</a><a href=/more>more</a>" },
        OfPage("page-follow-none", Kept) with { Page = "<meta name=robots content=nofollow><a href=/never>no</a>" },
        OfPage("page-terms", Kept) with { Page = "<link rel=license href=/terms>" },
        OfPage("page-credentials", Kept) with { Page = $"<img src=\"http://a:b@page-credentials-pictures.{Domain}/picture.jpg\" alt=\"a photograph of the old harbour and the boat that is called page credentials\">" },
    ];

    /// <summary>What sites say of pages that a list names, of pictures which stand on hosts that say nothing.</summary>
    public static IEnumerable<OptOutSite> OfListedPages() =>
    [
        OfListedPage("list-reserves", "opted_out", "its page: tdmrep.json: 1") with { Files = new() { ["/.well-known/tdmrep.json"] = Text(Reserved) } },
        OfListedPage("list-reserves-not", Kept) with { Files = new() { ["/.well-known/tdmrep.json"] = Text("""[{"location": "/page.html", "tdm-reservation": 0}, {"location": "*", "tdm-reservation": 1}]""") } },
        OfListedPage("list-ai-txt", "opted_out", "its page: ai.txt: Disallow: /page") with { Files = new() { ["/ai.txt"] = Text("User-Agent: *\nDisallow: /page\n") } },
        OfListedPage("list-signal", "opted_out", "its page: content-signal: ai-train=no") with { Files = Robots("Content-Signal: ai-train=no") },
        OfListedPage("list-licence", "opted_out", "its page: rsl: prohibits ai-train") with { Files = Robots($"License: http://terms.{Domain}/licence.xml") },
        OfListedPage("list-disallows", "robots_disallowed", "its page: Disallow: /page") with { Files = Robots("Disallow: /page") },
        OfListedPage("list-fails", "robots_disallowed", "its page: robots.txt: status 503") with { Files = new() { ["/robots.txt"] = Wire.Status(503) } },
        OfListedPage("list-says-nothing", Kept),
    ];

    private static OptOutSite OfListedPage(string name, string outcome, string words = "") => new(name, outcome, words) { IsListed = true, IsElsewhere = true, IsUnasked = outcome != Kept };

    private static OptOutSite OfPage(string name, string outcome, string words = "") => new(name, outcome, words) { Page = "", IsElsewhere = true, IsUnasked = outcome != Kept };

    private static Dictionary<string, Answer> With(Dictionary<string, Answer> files, string path, Answer answer) => new(files) { [path] = answer };

    /// <summary>An RSL licence for all sites.</summary>
    public static Answer Licence => Text(Prohibition);

    private static byte[] Xmp => Encoding.UTF8.GetBytes("""
        <x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/'>
        <rdf:Description plus:DataMining='http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING'/></rdf:RDF></x:xmpmeta>
        """);

    private static byte[] Manifest => ImageFiles.Manifest("c2pa.training-mining", writer =>
    {
        writer.WriteStartMap(1);
        writer.WriteTextString("c2pa.ai_training");
        writer.WriteStartMap(1);
        writer.WriteTextString("use");
        writer.WriteTextString("notAllowed");
        writer.WriteEndMap();
        writer.WriteEndMap();
    });

    private static byte[] WithSegment(byte marker, byte[] content)
    {
        var jpeg = HostileImages.Good();
        return [.. jpeg[..2], 0xFF, marker, .. ImageFiles.U16(content.Length + 2), .. content, .. jpeg[2..]];
    }
}
