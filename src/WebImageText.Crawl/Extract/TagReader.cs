using System.Text;
using AngleSharp.Html.Parser.Tokens.Struct;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Crawl.Extract;

/// <summary>Notes what one tag says, by itself.</summary>
internal sealed class TagReader(PageFinds finds, PageLimits limits)
{
    private int _jsonLeft = limits.JsonLength;

    // A lazy page shows every image twice, as a placeholder and in noscript; what is twice is one candidate later.
    private int MostImageTags => 4 * limits.Images;

    /// <summary>An <c>img</c>.</summary>
    /// <param name="token">The tag.</param>
    /// <param name="sources">The <c>srcset</c> of every <c>source</c> so far.</param>
    /// <param name="picture">Number of the first that belongs to the picture around it, or -1.</param>
    /// <param name="figure">Number of the figure around it, or -1.</param>
    public void Image(ref StructHtmlToken token, List<ReadOnlyMemory<char>> sources, int picture, int figure)
    {
        if (finds.Images.Count >= MostImageTags)
        {
            finds.LimitsHit |= PageLimit.Images;
            return;
        }
        List<ReadOnlyMemory<char>> sets = picture < 0
            ? [] : sources.GetRange(picture, Math.Min(sources.Count - picture, limits.SrcSetImages));
        List<ReadOnlyMemory<char>> plain = [];
        AddPresent(ref token, sets, HtmlTags.LazySet);
        AddPresent(ref token, sets, "srcset");
        AddPresent(ref token, plain, HtmlTags.Lazy);
        AddPresent(ref token, plain, "src");
        ReadOnlyMemory<char>? alt = Has(ref token, "alt", out var stated) ? stated : default(ReadOnlyMemory<char>?);
        finds.Images.Add(new(
            alt, token.GetAttribute("aria-label").Memory, token.GetAttribute("title").Memory, plain, sets, figure));
    }

    /// <summary>A <c>source</c> of a picture; one of a type that is not decoded is not there.</summary>
    public static void Source(ref StructHtmlToken token, List<ReadOnlyMemory<char>> sources)
    {
        var type = token.GetAttribute("type").Memory.Span;
        if (!type.IsWhiteSpace() && !MediaFormats.IsDecodedType(type))
            return;
        AddPresent(ref token, sources, HtmlTags.LazySet);
        AddPresent(ref token, sources, "srcset");
    }

    /// <summary>An <c>a</c> or <c>area</c>, in a figure or not (-1).</summary>
    public void Anchor(ref StructHtmlToken token, int figure)
    {
        if (!Has(ref token, "href", out var address))
            return;
        var rel = token.GetAttribute("rel").Memory.Span;
        AddLink(address, rel);
        if (!HasWord(rel, "license"))
            return;
        if (figure < 0)
            finds.License = finds.License.IsEmpty ? address : finds.License;
        else if (finds.Figures[figure].License.IsEmpty)
            finds.Figures[figure].License = address;
    }

    /// <summary>A <c>link</c>: only the next and the previous page are links to follow.</summary>
    public void Link(ref StructHtmlToken token)
    {
        if (!Has(ref token, "href", out var address))
            return;
        var rel = token.GetAttribute("rel").Memory.Span;
        if (HasWord(rel, "next") || HasWord(rel, "prev"))
            AddLink(address, rel);
        if (HasWord(rel, "canonical") && finds.Canonical.IsEmpty)
            finds.Canonical = address;
        if (!HasWord(rel, "license"))
            return;
        var type = token.GetAttribute("type").Memory.Span.Trim();
        if (type.StartsWith("application/rsl+xml", StringComparison.OrdinalIgnoreCase))
            AddSignal(OptOutSource.RslLink, address.Span);
        else if (finds.License.IsEmpty)
            finds.License = address;
    }

    /// <summary>A <c>meta</c>: opt-outs and Open Graph.</summary>
    public void Meta(ref StructHtmlToken token)
    {
        if (!Has(ref token, "content", out var content))
            return;
        var pragma = token.GetAttribute("http-equiv").Memory.Span.Trim();
        if (pragma.Equals("x-robots-tag", StringComparison.OrdinalIgnoreCase))
            AddSignal(OptOutSource.XRobotsTag, content.Span);

        // each of the two attributes is in use for the other's names
        var name = token.GetAttribute("name").Memory;
        Named(name.Span.IsWhiteSpace() ? token.GetAttribute("property").Memory : name, content);
    }

    /// <summary>More text of a script that is read.</summary>
    public void Script(StringBuilder script, ReadOnlySpan<char> text)
    {
        if (text.Length > _jsonLeft)
        {
            finds.LimitsHit |= PageLimit.JsonLd;
            text = [];
        }
        script.Append(text);
        _jsonLeft -= text.Length;
    }

    /// <summary>The end of a script that is read.</summary>
    public void EndScript(StringBuilder script, bool isRsl)
    {
        if (isRsl)
            AddSignal(OptOutSource.Rsl, script.ToString());
        else if (script.Length > 0)
            finds.JsonLd.Add(script.ToString());
    }

    /// <summary>An attribute that is there, with or without a value.</summary>
    public static bool Has(ref StructHtmlToken token, string name, out ReadOnlyMemory<char> value)
    {
        var attributes = token.Attributes;
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = attributes[i];
            if (!attribute.Name.Memory.Span.SequenceEqual(name))
                continue;
            value = attribute.Value.Memory;
            return true;
        }
        value = default;
        return false;
    }

    private void Named(ReadOnlyMemory<char> attribute, ReadOnlyMemory<char> content)
    {
        Span<char> lower = stackalloc char[32];
        var name = attribute.Span.Trim();
        if (name.Length > lower.Length)
            return;
        name.ToLowerInvariant(lower);
        switch (lower[..name.Length])
        {
            case "robots" or RobotsWords.Token:
                AddSignal(OptOutSource.MetaRobots, content.Span);
                break;
            case "tdm-reservation":
                AddSignal(OptOutSource.TdmMeta, content.Span);
                break;
            case "tdm-policy":
                AddSignal(OptOutSource.TdmPolicy, content.Span);
                break;
            case "og:image" or "og:image:url" or "og:image:secure_url":
                if (finds.OpenGraph.Count < limits.Images)
                    finds.OpenGraph.Add(new(content));
                break;
            case "og:image:alt" when finds.OpenGraph.Count > 0:
                finds.OpenGraph[^1].Alt = content;
                break;
        }
    }

    private void AddLink(ReadOnlyMemory<char> address, ReadOnlySpan<char> rel)
    {
        var text = address.Span.Trim();
        if (text.StartsWith('#') || text.Length > limits.AddressLength)
            return;
        if (finds.Links.Count < limits.Links)
            finds.Links.Add((address, HasWord(rel, "nofollow")));
        else
            finds.LimitsHit |= PageLimit.Links;
    }

    private void AddSignal(OptOutSource source, ReadOnlySpan<char> value)
    {
        if (finds.Signals.Count < limits.Signals)
            finds.Signals.Add(new(source, value.ToString()));
        else
            finds.LimitsHit |= PageLimit.Signals;
    }

    private static void AddPresent(ref StructHtmlToken token, List<ReadOnlyMemory<char>> to, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Has(ref token, name, out var value) && !value.Span.IsWhiteSpace())
                to.Add(value);
        }
    }

    private static bool HasWord(ReadOnlySpan<char> words, ReadOnlySpan<char> word)
    {
        foreach (var range in words.SplitAny(" \t\n\f\r"))
        {
            if (words[range].Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
