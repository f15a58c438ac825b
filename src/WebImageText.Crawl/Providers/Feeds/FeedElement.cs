using System.Net;
using System.Text;
using System.Xml;

namespace WebImageText.Crawl.Providers.Feeds;

/// <summary>What relative addresses mean at a place in a feed.</summary>
/// <param name="Address">Null where neither <c>xml:base</c> nor an address of the feed tells.</param>
/// <param name="IsStated"><c>xml:base</c> says so.</param>
internal readonly record struct FeedBase(WebAddress? Address, bool IsStated)
{
    private const string Xml = "http://www.w3.org/XML/1998/namespace";

    /// <summary>What <c>xml:base</c> of the element under the reader makes of it. Only an address of the web is one.</summary>
    public FeedBase In(XmlReader xml) =>
        xml.GetAttribute("base", Xml) is { Length: > 0 and <= 8_192 } stated && WebAddress.TryParse(stated.Trim(), Address, out var address) && address.IsWeb && !address.HasCredentials
            ? new(address, true) : this;
}

/// <summary>An element of a feed with all that stands in it.</summary>
internal sealed class FeedElement
{
    /// <summary>Elements open inside each other.</summary>
    public const int Deepest = 64;

    private readonly List<(string Name, string Value)> _attributes = [];
    private readonly List<object> _content = []; // text, and elements

    private FeedElement(XmlReader xml, FeedBase from)
    {
        (Vocabulary, Name) = (FeedVocabularies.Of(xml.NamespaceURI), xml.LocalName);
        Base = from.In(xml);
        while (xml.MoveToNextAttribute())
        {
            if (xml.Prefix != "xmlns" && xml.Name != "xmlns")
                _attributes.Add((xml.LocalName, xml.Value));
        }
        xml.MoveToElement();
    }

    public FeedVocabulary Vocabulary { get; }

    public string Name { get; }

    /// <summary>What relative addresses mean in it.</summary>
    public FeedBase Base { get; }

    public IEnumerable<FeedElement> Children => _content.OfType<FeedElement>();

    /// <summary>The value of an attribute, whatever its namespace; empty when there is none.</summary>
    public string this[string attribute] => _attributes.Find(one => one.Name == attribute).Value ?? "";

    /// <summary>All text in it.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            AddText(text);
            return text.ToString();
        }
    }

    /// <summary>What stands in it as markup of HTML, namespaces left out.</summary>
    public string Markup
    {
        get
        {
            var html = new StringBuilder();
            AddMarkup(html);
            return html.ToString();
        }
    }

    /// <summary>It and all that is in it as markup.</summary>
    public string OuterMarkup
    {
        get
        {
            var html = new StringBuilder();
            AddOuter(html);
            return html.ToString();
        }
    }

    public bool Is(FeedVocabulary vocabulary, string name) => Vocabulary == vocabulary && Name == name;

    /// <summary>The children of that name.</summary>
    public IEnumerable<FeedElement> All(FeedVocabulary vocabulary, string name) => Children.Where(child => child.Is(vocabulary, name));

    /// <summary>The element on which the reader stands; it then stands on its end.</summary>
    /// <param name="xml">The reader.</param>
    /// <param name="from">The base outside.</param>
    /// <exception cref="InvalidDataException">It is nested deeper than <see cref="Deepest"/>.</exception>
    /// <exception cref="XmlException">It is no XML.</exception>
    public static FeedElement Read(XmlReader xml, FeedBase from)
    {
        var root = new FeedElement(xml, from);
        var open = new Stack<FeedElement>();
        if (!xml.IsEmptyElement)
            open.Push(root);
        while (open.Count > 0 && xml.Read())
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    if (xml.Depth > Deepest)
                        throw new InvalidDataException($"line {((IXmlLineInfo)xml).LineNumber}: elements are nested deeper than {Deepest}");
                    var child = new FeedElement(xml, open.Peek().Base);
                    open.Peek()._content.Add(child);
                    if (!xml.IsEmptyElement)
                        open.Push(child);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    open.Peek()._content.Add(xml.Value);
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
            }
        }
        return root;
    }

    private void AddText(StringBuilder text)
    {
        foreach (var part in _content)
        {
            if (part is FeedElement child)
                child.AddText(text);
            else
                text.Append((string)part);
        }
    }

    private void AddMarkup(StringBuilder html)
    {
        foreach (var part in _content)
        {
            if (part is FeedElement child)
                child.AddOuter(html);
            else
                html.Append(WebUtility.HtmlEncode((string)part));
        }
    }

    private void AddOuter(StringBuilder html)
    {
        html.Append('<').Append(Name);
        foreach (var (name, value) in _attributes.DistinctBy(one => one.Name))
            html.Append(' ').Append(name).Append("=\"").Append(WebUtility.HtmlEncode(value)).Append('"');
        html.Append('>');
        AddMarkup(html);
        if (!IsVoid)
            html.Append("</").Append(Name).Append('>');
    }

    // HTML knows no end of these.
    private bool IsVoid => Vocabulary == FeedVocabulary.Xhtml && Name is "img" or "br" or "hr" or "source" or "input" or "link" or "meta";
}
