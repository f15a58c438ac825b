using System.Text;
using System.Xml;

namespace WebImageText.Crawl.OptOut;

/// <summary>Reads what an XMP packet says about data mining.</summary>
/// <remarks>
/// <c>plus:DataMining</c> of the IPTC Photo Metadata Standard 2023.1, as an attribute or an element of RDF. Bounded by
/// the length of the packet; DTDs, and with them entities, are refused.
/// </remarks>
internal static class XmpPacket
{
    private const string Plus = "http://ns.useplus.org/ldf/xmp/1.0/";
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string Property = "DataMining";
    private const string Prohibited = "DMI-PROHIBITED";
    private const int MostValues = 8;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        ConformanceLevel = ConformanceLevel.Fragment,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Every value of the property, for example <c>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED</c>.</summary>
    public static List<string> DataMining(ReadOnlySpan<byte> packet)
    {
        var values = new List<string>();
        var text = Decode(packet);
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            Read(reader, values);
        }
        catch (XmlException) when (values.Count == 0)
        {
            // damaged, but what it means to say may stand there in plain sight
            var at = text.IndexOf(Property, StringComparison.Ordinal);
            var near = at < 0 ? "" : text[at..Math.Min(text.Length, at + 256)];
            if (near.IndexOf(Prohibited, StringComparison.Ordinal) is >= 0 and var found)
                values.Add(near[found..].Split('"', '\'', '<', '>', ' ')[0]);
        }
        catch (XmlException)
        {
            // cut after the value was read
        }
        return values;
    }

    /// <summary>A value forbids training: every DMI-PROHIBITED does, whatever it excepts.</summary>
    public static bool IsRefusal(string value) => value.AsSpan(value.LastIndexOf('/') + 1).Trim() is var term
        && (term.StartsWith(Prohibited, StringComparison.OrdinalIgnoreCase)
            || term.StartsWith("PROHIBITED", StringComparison.OrdinalIgnoreCase));

    private static void Read(XmlReader reader, List<string> values)
    {
        var inside = -1;
        while (values.Count < MostValues && reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    Add(values, reader.GetAttribute(Property, Plus));
                    if (reader.LocalName == Property && reader.NamespaceURI == Plus && !reader.IsEmptyElement)
                        inside = reader.Depth;
                    if (inside >= 0 || (reader.LocalName == Property && reader.NamespaceURI == Plus))
                        Add(values, reader.GetAttribute("resource", Rdf) ?? reader.GetAttribute("value", Rdf));
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when inside >= 0:
                    Add(values, reader.Value);
                    break;
                case XmlNodeType.EndElement when reader.Depth == inside:
                    inside = -1;
                    break;
            }
        }
    }

    private static void Add(List<string> values, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            values.Add(value.Trim());
    }

    // UTF-8 nearly always; the others are known by their first bytes, as XML says. Padding of NULs is no XML.
    private static string Decode(ReadOnlySpan<byte> packet) => (packet switch
    {
        [0xFE, 0xFF, ..] or [0, (byte)'<', ..] => Encoding.BigEndianUnicode,
        [0xFF, 0xFE, ..] or [(byte)'<', 0, ..] => Encoding.Unicode,
        _ => Encoding.UTF8,
    }).GetString(packet).Trim('\0', '\uFEFF', ' ', '\t', '\r', '\n');
}
