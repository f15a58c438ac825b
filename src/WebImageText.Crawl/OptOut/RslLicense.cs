using System.Xml;

namespace WebImageText.Crawl.OptOut;

/// <summary>An RSL document: licences for the addresses of a site.</summary>
/// <remarks>
/// Really Simple Licensing 1.0 (rslstandard.org/rsl). Usages that are training: <c>all</c>, <c>ai-all</c>, <c>ai-train</c>, and
/// <c>train-ai</c> of its drafts. A licence that asks for payment is an offer, and an offer is no permission.
/// </remarks>
public sealed class RslLicense
{
    private const int MostLength = 1_000_000;
    private const int MostContents = 5_000;

    private static readonly char[] Separators = [' ', ',', '\t', '\r', '\n'];

    private readonly List<Content> _contents = [];

    private RslLicense() { }

    private sealed record Content(string Url, PathPattern Path)
    {
        public List<Terms> Licenses { get; } = [];
    }

    private sealed class Terms
    {
        public List<string> Permits { get; } = [];

        public List<string> Prohibits { get; } = [];

        public string Payment { get; set; } = "free";

        // what decides, in words that IsRefusal reads
        public string Statement => Prohibits.Exists(IsTraining) ? $"prohibits {string.Join(' ', Prohibits)}"
            : Permits.Count > 0 && !Permits.Exists(IsTraining) ? $"permits {string.Join(' ', Permits)}"
            : $"payment {Payment}";
    }

    /// <summary>Reads a document; null when it is no XML, has a DTD, or is longer than 1,000,000 characters.</summary>
    public static RslLicense? Parse(Stream xml) => Parse(settings => XmlReader.Create(xml, settings));

    /// <summary>Reads a document that stands in a page.</summary>
    public static RslLicense? Parse(string xml) => Parse(settings => XmlReader.Create(new StringReader(xml), settings));

    /// <summary>
    /// What the licences for an address say about training: the one that prohibits it, else the one that lets it, else the first
    /// of those that do not; null when there is none.
    /// </summary>
    public OptOutSignal? For(WebAddress address)
    {
        var path = address.PathAndQuery;
        var statements = _contents
            .Where(content => IsSite(content.Url, address) && content.Path.Matches(path))
            .SelectMany(content => content.Licenses).Select(license => license.Statement).ToList();
        var decides = statements.Find(statement => statement.StartsWith("prohibits", StringComparison.Ordinal))
            ?? statements.Find(statement => !IsRefusal(statement)) ?? statements.FirstOrDefault();
        return decides is null ? null : new(OptOutSource.Rsl, decides);
    }

    /// <summary>A statement that <see cref="For"/> gave forbids training.</summary>
    internal static bool IsRefusal(string statement) => statement.Split(' ') switch
    {
        ["prohibits", ..] => true,
        ["permits", .. var usages] => !usages.Any(IsTraining),
        ["payment", var type] => type is not ("free" or "attribution"),
        _ => false,
    };

    private static RslLicense? Parse(Func<XmlReaderSettings, XmlReader> open)
    {
        var license = new RslLicense();
        try
        {
            using var reader = open(new()
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MostLength,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
            });
            license.Read(reader);
            return license;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private void Read(XmlReader reader)
    {
        List<string>? usages = null;
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                usages = null;
                var license = _contents.Count > 0 && _contents[^1].Licenses.Count > 0 ? _contents[^1].Licenses[^1] : null;
                switch (reader.LocalName)
                {
                    case "content" when _contents.Count < MostContents:
                        var url = reader.GetAttribute("url") ?? "/";
                        _contents.Add(new(url, new(PathOf(url))));
                        break;
                    case "license" when _contents.Count > 0:
                        _contents[^1].Licenses.Add(new());
                        break;
                    case "permits" when reader.GetAttribute("type") == "usage":
                        usages = license?.Permits;
                        break;
                    case "prohibits" when reader.GetAttribute("type") == "usage":
                        usages = license?.Prohibits;
                        break;
                    case "payment" when license is not null:
                        license.Payment = (reader.GetAttribute("type") ?? "free").Trim().ToLowerInvariant();
                        break;
                }
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                usages?.AddRange(reader.Value.ToLowerInvariant().Split(Separators, StringSplitOptions.RemoveEmptyEntries));
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                usages = null;
            }
        }
    }

    private static bool IsTraining(string usage) => usage is "all" or "ai-all" or "ai-train" or "train-ai";

    private static bool IsWhole(string url) => url.Contains("://", StringComparison.Ordinal);

    private static bool IsSite(string url, WebAddress address) =>
        !IsWhole(url) || (WebAddress.TryParse(url, null, out var site) && site.Authority == address.Authority);

    private static string PathOf(string url) => !IsWhole(url) ? url
        : url.IndexOf('/', url.IndexOf("://", StringComparison.Ordinal) + 3) is >= 0 and var path ? url[path..] : "/";
}
