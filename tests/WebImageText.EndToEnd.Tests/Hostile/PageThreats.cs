using System.IO.Compression;
using System.Text;

namespace WebImageText.Tests.Hostile;

/// <summary>Pages that want more of a reader than it should give. Each shows one good picture, last of all.</summary>
internal static class PageThreats
{
    private const string Head = "<!doctype html><html lang=en><title>A page</title><body>";

    public static IEnumerable<Threat> All()
    {
        return
        [
            Of("deep-div", Repeat("<div>", 60_000)),
            Of("deep-b", Repeat("<b>", 100_000)),
            Of("deep-dl", Repeat("<dd><dl>", 40_000)),
            Of("deep-table", Repeat("<table><tr><td>", 30_000)),
            Of("deep-svg", Repeat("<svg><g>", 40_000), Threat.Kept, Threat.Unseen),
            Of("deep-template", Repeat("<template>", 40_000), Threat.Kept, Threat.Unseen),
            Of("deep-figure", Repeat("<figure><figcaption>", 40_000)),
            Of("deep-noscript", Repeat("<noscript>", 40_000)),
            Of("misnested", Repeat("<b><i><u></b></i>", 30_000)),
            Of("attribute", $"<p title=\"{new string('x', 3_000_000)}\">"),
            Of("attributes", $"<p {Repeat("a=1 ", 200_000)}>"),
            Of("attribute-names", $"<p {string.Concat(Enumerable.Range(0, 100_000).Select(n => $"a{n} "))}>"),
            Of("tag-name", $"<{new string('x', 3_000_000)}>"),
            Of("title", $"<h1 title=x>{new string('&', 2_000_000)}</h1>"),
            Of("entities", Repeat("&CounterClockwiseContourIntegral;&#xFFFFFFFF;&#0;", 50_000)),
            Of("comments", Repeat("<!---->", 300_000)),
            Of("comment-open", Repeat("<!-- ", 100_000) + "-->"),
            Of("nul", Repeat("\0<p\0>\0", 100_000)),
            Of("doctype", Repeat("<!doctype html>", 100_000)),
            Of("slashes", $"<p {new string('/', 1_000_000)}>"),
            Of("links", Repeat("<a href=/x>x</a>", 100_000)),
            Of("links-differ", string.Concat(Enumerable.Range(0, 100_000).Select(n => $"<a href=/{n}>x</a>"))),
            Of("images", string.Concat(Enumerable.Range(0, 50_000).Select(n => $"<img src=http://page-images.{Threat.Domain}/{n}>")), Threat.Unseen),
            Of("srcset", $"<img alt=x srcset=\"{string.Concat(Enumerable.Range(0, 100_000).Select(n => $"/{n} {n + 1}w, "))}\">"),
            Of("pictures", Repeat("<picture><source srcset='/a 1x'>", 20_000), Threat.Kept, Threat.Unseen),
            Of("json-deep", $"<script type=application/ld+json>{new string('[', 100_000)}</script>"),
            Of("json-wide", $"<script type=application/ld+json>[{Repeat("{\"@type\":\"ImageObject\"},", 100_000)}{{}}]</script>"),
            Of("json-many", Repeat("<script type=application/ld+json>{}</script>", 50_000)),
            Of("metas", Repeat("<meta name=robots content=all>", 100_000)),
            Of("regex-bait", $"<img alt=\"{new string(' ', 200_000)}!\" src=/a><img alt=\"{Repeat("a ", 200_000)}\" src=/b>"),
            Of("refresh", $"<meta http-equiv=refresh content=\"0;url=http://127.0.0.1/\">"),
            Of("base-file", "<base href=file:///etc/>"),
            Of("base-script", "<base href=javascript:alert(1)>"),
            Of("escape", "<img alt='\u001b[31mred\u001b]0;title\u0007 letters on the old wall' src=http://page-escape.hostile.test/none>"),
            Of("surrogates", $"<p>{Repeat("\U0001F4A9\u202E\u200B", 50_000)}</p>"),
            Of("trap", string.Concat(Enumerable.Range(0, 50).Select(n => $"<a href=/trap/{n}/{n}/{n}/>deeper</a>"))),
            Coded("utf-7", "text/html; charset=utf-7", Threat.Kept, Threat.Unseen),
            Coded("iso-2022-kr", "text/html; charset=iso-2022-kr", Threat.Unseen),
            Coded("utf-16", "text/html; charset=utf-16le", Threat.Unseen),
            Coded("hz", "text/html; charset=hz-gb-2312", Threat.Unseen),
            Coded("words", $"text/html; charset={new string('x', 20_000)}", Threat.Kept),
            new("page-endless", Wire.File(HostileImages.Good()), Threat.Unseen)
            {
                Page = "/", Other = Wire.Endless(Wire.Head(200, "Content-Type: text/html"), Encoding.ASCII.GetBytes(Repeat("<p>more", 10_000))),
            },
            new("page-bomb", Wire.File(HostileImages.Good()), Threat.Unseen)
            {
                Page = "/",
                Other = Wire.File(CodingThreats.Packed(new byte[200_000_000], stream => new GZipStream(stream, CompressionLevel.SmallestSize)), "text/html", "Content-Encoding: gzip"),
            },
            new("page-picture", Wire.File(HostileImages.Good()), Threat.Unseen) { Page = "/", Other = Wire.File(HostileImages.Good(), "text/html") },
            new("page-tags", Wire.File(HostileImages.Good()), "opted_out")
            {
                Page = "/", Other = Shown("page-tags", "<p>", [.. Enumerable.Range(0, 60).Select(n => $"X-Robots-Tag: bot{n}: all"), "X-Robots-Tag: webimagetext: noai"]),
            },
        ];
    }

    private static Threat Of(string name, string html, params string[] outcomes) =>
        new($"page-{name}", Wire.File(HostileImages.Good()), outcomes.Length > 0 ? outcomes : [Threat.Kept]) { Page = "/", Other = Shown($"page-{name}", html) };

    private static Threat Coded(string name, string type, params string[] outcomes) => new($"page-{name}", Wire.File(HostileImages.Good()), outcomes)
    {
        Page = "/",
        Other = Wire.File(Encoding.UTF8.GetBytes($"{Head}{Picture($"page-{name}")}"), type),
    };

    private static Answer Shown(string name, string html, params string[] fields)
    {
        var page = Wire.Page($"{Head}{html}\n\"'--></p></script></svg></template></noscript></picture>{Picture(name)}", fields);
        return (wire, asked, stop) => (asked.Target == "/" ? page : Wire.Status(404))(wire, asked, stop);
    }

    private static string Picture(string name) =>
        $"<img src=http://{name}.{Threat.Domain}/picture alt=\"the last picture of a page that is called {name.Replace('-', ' ')}\">";

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}
