using System.Xml;

namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>A page of a dump.</summary>
/// <param name="Title">As it is written.</param>
/// <param name="IsArticle">In the namespace of articles, and no redirect.</param>
/// <param name="Markup">Its wiki mark-up; empty for what is no article.</param>
internal readonly record struct DumpPage(string Title, bool IsArticle, string Markup)
{
    public static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        ConformanceLevel = ConformanceLevel.Document,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <summary>Reads one <c>page</c> element.</summary>
    /// <exception cref="XmlException">It is not well-formed.</exception>
    public static DumpPage Read(byte[] bytes, int from, int length)
    {
        using var xml = XmlReader.Create(new MemoryStream(bytes, from, length), Settings);
        var (title, space, isRedirect, markup) = ("", "", false, "");
        xml.MoveToContent();
        xml.Read();
        while (!xml.EOF)
        {
            if (xml.NodeType != XmlNodeType.Element)
                xml.Read();
            else if (xml.LocalName == "title")
                title = xml.ReadElementContentAsString();
            else if (xml.LocalName == "ns")
                space = xml.ReadElementContentAsString();
            else if (xml.LocalName == "redirect")
            {
                isRedirect = true;
                xml.Skip();
            }
            else if (xml.LocalName == "text")
                markup = isRedirect || space != "0" ? Skipped(xml) : xml.ReadElementContentAsString();
            else if (xml.LocalName is "revision")
                xml.Read();
            else
                xml.Skip();
        }
        var isArticle = space == "0" && !isRedirect && !markup.AsSpan().TrimStart().StartsWith("#REDIRECT", StringComparison.OrdinalIgnoreCase);
        return new(title, isArticle, isArticle ? markup : "");
    }

    private static string Skipped(XmlReader xml)
    {
        xml.Skip();
        return "";
    }
}
