namespace WebImageText.Crawl.Providers.Feeds;

/// <summary>Whose word the name of an element is.</summary>
internal enum FeedVocabulary
{
    /// <summary>Of nobody that is read here.</summary>
    Other,
    /// <summary>RSS 2.0 and its forerunners without a namespace, RSS 0.9 and 1.0 with theirs.</summary>
    Rss,
    /// <summary>Atom 1.0 (RFC 4287) and 0.3.</summary>
    Atom,
    /// <summary>Media RSS.</summary>
    Media,
    /// <summary>RSS 1.0 module content: <c>content:encoded</c>.</summary>
    Content,
    /// <summary>Dublin Core.</summary>
    DublinCore,
    /// <summary>Licences of Creative Commons, in RSS 2.0 and in RDF.</summary>
    CreativeCommons,
    /// <summary>RSS 1.0 module enclosure.</summary>
    Enclosure,
    /// <summary>XHTML in the feed itself.</summary>
    Xhtml,
    /// <summary>RSL, as its licence feeds have it.</summary>
    Rsl,
}

/// <summary>The namespaces of feeds.</summary>
internal static class FeedVocabularies
{
    /// <summary>The vocabulary of a namespace. Media RSS is found under several spellings of its own.</summary>
    public static FeedVocabulary Of(string name) => name switch
    {
        "" or "http://purl.org/rss/1.0/" or "http://my.netscape.com/rdf/simple/0.9/" or "http://channel.netscape.com/rdf/simple/0.9/"
            or "http://backend.userland.com/rss2" or "http://blogs.law.harvard.edu/tech/rss" => FeedVocabulary.Rss,
        "http://www.w3.org/2005/Atom" or "http://purl.org/atom/ns#" => FeedVocabulary.Atom,
        "http://purl.org/rss/1.0/modules/content/" => FeedVocabulary.Content,
        "http://purl.org/dc/elements/1.1/" or "http://purl.org/dc/terms/" => FeedVocabulary.DublinCore,
        "http://backend.userland.com/creativeCommonsRssModule" or "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html"
            or "http://web.resource.org/cc/" or "http://creativecommons.org/ns#" => FeedVocabulary.CreativeCommons,
        "http://purl.oclc.org/net/rss_2.0/enc#" => FeedVocabulary.Enclosure,
        "http://www.w3.org/1999/xhtml" => FeedVocabulary.Xhtml,
        _ when name.Contains("search.yahoo.com/mrss", StringComparison.OrdinalIgnoreCase) => FeedVocabulary.Media,
        _ when name.EndsWith("//rslstandard.org/rsl", StringComparison.OrdinalIgnoreCase) => FeedVocabulary.Rsl,
        _ => FeedVocabulary.Other,
    };
}
