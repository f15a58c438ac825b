using System.Xml;

namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>What the head of a dump says of its wiki.</summary>
internal sealed class DumpSite
{
    private static readonly int[] HiddenNamespaces = [-2, 6, 14]; // Media, File, Category

    /// <summary>Names of namespaces whose links show nothing to read, in small letters.</summary>
    public HashSet<string> HiddenPrefixes { get; } = ["file", "image", "category", "media"];

    /// <summary>Names of all namespaces but the articles', as titles begin with them.</summary>
    public HashSet<string> Namespaces { get; } = new(StringComparer.OrdinalIgnoreCase) { "Special", "Media", "File", "Image", "Category" };

    /// <summary>Reads what stands before the first page.</summary>
    /// <exception cref="InvalidDataException">This is no MediaWiki export.</exception>
    public static DumpSite Read(ReadOnlySpan<byte> head, string name)
    {
        var text = System.Text.Encoding.UTF8.GetString(head).TrimStart('\uFEFF');
        if (!text.TrimStart().StartsWith("<mediawiki", StringComparison.Ordinal))
        {
            var start = text.TrimStart();
            throw new InvalidDataException($"Dump '{name}', byte 0: a MediaWiki export begins with '<mediawiki', and this begins with "
                + $"'{start[..Math.Min(start.Length, 40)]}'. Download the file named ...-pages-articles.xml.bz2.");
        }
        var site = new DumpSite();
        try
        {
            using var xml = XmlReader.Create(new StringReader(text + "</mediawiki>"), DumpPage.Settings);
            while (xml.Read())
            {
                if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "namespace" || !int.TryParse(xml.GetAttribute("key"), out var key) || key == 0)
                    continue;
                var prefix = xml.ReadElementContentAsString();
                site.Namespaces.Add(prefix);
                if (HiddenNamespaces.Contains(key))
                    site.HiddenPrefixes.Add(prefix.ToLowerInvariant());
            }
        }
        catch (XmlException broken)
        {
            throw new InvalidDataException($"Dump '{name}': its head is not well-formed XML: {broken.Message}", broken);
        }
        return site;
    }
}
