namespace WebImageText.Crawl.Extract;

/// <summary>What the names of elements mean to a reader that builds no tree.</summary>
internal static class HtmlTags
{
    /// <summary>The element stands inside a line of text: no space is read where it begins or ends.</summary>
    public static bool IsInline(ReadOnlySpan<char> name) => name is
        "a" or "abbr" or "acronym" or "b" or "bdi" or "bdo" or "big" or "cite" or "code" or "data" or "del" or "dfn" or "em" or
        "font" or "i" or "img" or "ins" or "kbd" or "label" or "mark" or "nobr" or "q" or "rp" or "rt" or "ruby" or "s" or
        "samp" or "small" or "span" or "strike" or "strong" or "sub" or "sup" or "time" or "tt" or "u" or "var" or "wbr";

    /// <summary>The tag ends an <c>svg</c> or <c>math</c> element that was left open.</summary>
    /// <remarks>WHATWG HTML Standard, section 13.2.6.5, "The rules for parsing tokens in foreign content".</remarks>
    public static bool EndsForeign(ReadOnlySpan<char> name) => name is
        "b" or "big" or "blockquote" or "body" or "br" or "center" or "code" or "dd" or "div" or "dl" or "dt" or "em" or
        "embed" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "head" or "hr" or "i" or "img" or "li" or "listing" or
        "menu" or "meta" or "nobr" or "ol" or "p" or "pre" or "ruby" or "s" or "small" or "span" or "strong" or "strike" or
        "sub" or "sup" or "table" or "tt" or "u" or "ul" or "var";

    /// <summary>The end tag of no drawing or formula: one that was left open is over.</summary>
    public static bool IsOfHtmlAlone(ReadOnlySpan<char> name) => EndsForeign(name) || name is
        "article" or "aside" or "button" or "footer" or "form" or "header" or "html" or "label" or "main" or "nav" or
        "noscript" or "section" or "td" or "th" or "tr";

    /// <summary>The attributes that are read; the others are skipped before they cost anything.</summary>
    public static bool IsRead(ReadOnlySpan<char> tag, ReadOnlySpan<char> attribute) => tag switch
    {
        "img" or "image" => attribute is "src" or "srcset" or "alt" or "title" or "aria-label" || IsLazy(attribute) ||
            IsLazySet(attribute),
        "source" => attribute is "srcset" or "type" || IsLazySet(attribute),
        "a" or "area" => attribute is "href" or "rel",
        "link" => attribute is "href" or "rel" or "type",
        "meta" => attribute is "name" or "property" or "http-equiv" or "content",
        "base" => attribute is "href",
        "html" => attribute is "lang" or "xml:lang",
        "script" => attribute is "type",
        "template" => attribute is "shadowrootmode",
        _ => false,
    };

    /// <summary>Scripts that load images late keep the address in one of these, the best one first.</summary>
    public static readonly string[] Lazy =
        ["data-full-src", "data-original", "data-lazy-src", "data-lazy", "data-src", "data-src-medium"];

    /// <summary>The same for <c>srcset</c>.</summary>
    public static readonly string[] LazySet = ["data-srcset", "data-lazy-srcset"];

    private static bool IsLazy(ReadOnlySpan<char> name) => name.StartsWith("data-") && IsOneOf(Lazy, name);

    private static bool IsLazySet(ReadOnlySpan<char> name) => name.StartsWith("data-") && IsOneOf(LazySet, name);

    private static bool IsOneOf(string[] names, ReadOnlySpan<char> name)
    {
        foreach (var one in names)
        {
            if (name.SequenceEqual(one))
                return true;
        }
        return false;
    }
}
