using System.Formats.Cbor;
using System.Text;
using System.Text.Json;
using WebImageText.Crawl.Extract;
using WebImageText.Crawl.OptOut;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.OptOut;

public class OptOutVectorTests
{
    private const string File = "optout_vectors.json";
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void X_Robots_Tag() => Check("x_robots_tag", item => HeaderSignals.Of(item.GetProperty("headers").EnumerateArray()
        .Select(header => KeyValuePair.Create(header[0].GetString()!, header[1].GetString()!))));

    [Fact]
    public void Metas()
    {
        Check("meta", item => Page(item.Text("html")!).Signals);
        foreach (var item in Vectors.Of(File, "meta").Where(item => item.GetProperty("follow_links").ValueKind != JsonValueKind.String))
        {
            var verdict = OptOutJudge.Judge(Page(item.Text("html")!).Signals, Now);
            Assert.Equal((item.Text("id"), item.GetProperty("follow_links").GetBoolean()), (item.Text("id"), verdict.FollowLinks));
        }
    }

    [Fact]
    public void TdmRep() => Check("tdmrep", item =>
    {
        var signals = new List<OptOutSignal>();
        if (item.GetProperty("tdmrep_json") is { ValueKind: not JsonValueKind.Null } json)
            signals.AddRange(TdmRepFile.Parse(Encoding.UTF8.GetBytes(json.GetRawText()))?.For(Address(item)) ?? []);
        if (item.Text("header") is { } header)
            signals.AddRange(HeaderSignals.Of([new("TDM-Reservation", header)]));
        if (item.Text("meta") is { } meta)
            signals.AddRange(Page($"<meta name=tdm-reservation content='{meta}'>").Signals);
        return signals;
    });

    [Fact]
    public void Content_Usage()
    {
        foreach (var item in Vectors.Of(File, "content_usage"))
            Assert.Equal((item.Text("id"), item.Text("train_ai")), (item.Text("id"), Word(UsagePreferences.OfContentUsage(item.Text("value")!))));
    }

    // Only those that one line decides; groups and paths belong to the reader of robots.txt.
    [Theory]
    [InlineData("rs01", "Content-Usage")]
    [InlineData("rs09", "Content-Signal")]
    [InlineData("rs11", "Content-Signal")]
    public void Values_of_robots_txt(string id, string field)
    {
        var item = Vectors.Of(File, "robots_signals").Single(item => item.Text("id") == id);
        var value = item.Text("robots")!.Split('\n').Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split(':', 2)[1];

        Assert.Equal(item.Text("train_ai"), Word(field == "Content-Usage"
            ? UsagePreferences.OfContentUsage(value) : UsagePreferences.OfContentSignal(value)));
    }

    [Fact]
    public void Xmp()
    {
        Check("xmp", item => ImageSignals.Of(Jpeg(Attribute(item))));
        Check("xmp", item => ImageSignals.Of(Jpeg(Element(item))));

        static string Attribute(JsonElement item) => $"""
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:p="http://ns.useplus.org/ldf/xmp/1.0/" p:DataMining="{item.Text("xmp_plus_DataMining")}"/>
            </rdf:RDF></x:xmpmeta>
            """;

        static string Element(JsonElement item) => $"""
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
            rdf:about=""><plus:DataMining xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/">{item.Text("xmp_plus_DataMining")}
            </plus:DataMining></rdf:Description></rdf:RDF></x:xmpmeta>
            """;

        static byte[] Jpeg(string xmp) => ImageFiles.Jpeg((0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(xmp)]));
    }

    [Fact]
    public void C2pa() => Check("c2pa", item => ImageSignals.Of(ImageFiles.Png(("caBX", ImageFiles.Manifest(item.Text("label")!, writer =>
    {
        var entries = item.GetProperty("entries").EnumerateObject().ToArray();
        writer.WriteStartMap(entries.Length);
        foreach (var entry in entries)
        {
            writer.WriteTextString(entry.Name);
            writer.WriteStartMap(null);
            foreach (var member in entry.Value.EnumerateObject())
            {
                writer.WriteTextString(member.Name);
                writer.WriteTextString(member.Value.GetString()!);
            }
            writer.WriteEndMap();
        }
        writer.WriteEndMap();
    })))));

    [Fact]
    public void Ai_txt() => Check("ai_txt", item => AiTxtFile.Parse(item.Text("ai_txt")!)?.For(Address(item)) is { } signal ? [signal] : []);

    private static void Check(string list, Func<JsonElement, IReadOnlyCollection<OptOutSignal>> signals)
    {
        var wrong = Vectors.Of(File, list)
            .Where(item => item.Text("image_use") != "either")
            .Select(item => (Id: item.Text("id"), Want: item.Text("image_use"), Verdict: OptOutJudge.Judge(signals(item), Now)))
            .Where(item => item.Want != (item.Verdict.Drop is null ? "keep" : "refuse"))
            .ToArray();

        Assert.Empty(wrong);
    }

    private static string Word(UsagePreference preference) => preference switch
    {
        UsagePreference.Allowed => "y",
        UsagePreference.Disallowed => "n",
        _ => "unknown",
    };

    private static WebAddress Address(JsonElement item) => WebAddress.Parse("http://h.example" + item.Text("path"));

    private static PageContent Page(string html) => PageReader.Read(
        Encoding.UTF8.GetBytes(html), "text/html", WebAddress.Parse("http://h.example/"), "pages", new(), CancellationToken.None);
}
