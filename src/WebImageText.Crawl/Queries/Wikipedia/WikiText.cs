using System.Net;

namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>Wiki mark-up to plain text, in five passes, each linear in the text whatever the text. Not for several threads.</summary>
/// <remarks>
/// What goes: comments; elements that are no prose (references, formulas, source code, galleries) with their content, other
/// tags alone; templates and tables, nested; files and categories; addresses. What stays of a link is what a reader sees.
/// Where a template or table stood, <see cref="Gone"/> stands, so that the words around it are not taken for neighbours.
/// </remarks>
internal sealed class WikiText
{
    /// <summary>Stands for what was there: OBJECT REPLACEMENT CHARACTER.</summary>
    public const char Gone = '\uFFFC';

    private readonly IReadOnlySet<string> _hiddenPrefixes;
    private CharBuffer _from = new();
    private CharBuffer _to = new();

    /// <param name="hiddenPrefixes">Names, in small letters, of the namespaces whose links show nothing to read: "file", "category".</param>
    public WikiText(IReadOnlySet<string> hiddenPrefixes) => _hiddenPrefixes = hiddenPrefixes;

    /// <summary>The plain text; valid until the next call.</summary>
    public ReadOnlySpan<char> ToPlain(ReadOnlySpan<char> markup)
    {
        WikiTags.Remove(markup, _to);
        Next();
        WikiBraces.Remove(_from.Span, "{{", "}}", atLineStart: false, _to);
        Next();
        WikiBraces.Remove(_from.Span, "{|", "|}", atLineStart: true, _to);
        Next();
        WikiLinks.Remove(_from.Span, _hiddenPrefixes, _to);
        Next();
        RemoveQuotes(_from.Span, _to);
        Next();
        return _from.Span.Contains('&') ? WebUtility.HtmlDecode(_from.Span.ToString()) : _from.Span;
    }

    // Two or more apostrophes are bold or italic.
    private static void RemoveQuotes(ReadOnlySpan<char> text, CharBuffer plain)
    {
        while (!text.IsEmpty)
        {
            var at = text.IndexOf("''");
            if (at < 0)
                break;
            plain.Append(text[..at]);
            text = text[at..].TrimStart('\'');
        }
        plain.Append(text);
    }

    private void Next()
    {
        (_from, _to) = (_to, _from);
        _to.Length = 0;
    }
}

/// <summary>Characters that grow at their end and can be cut there.</summary>
internal sealed class CharBuffer
{
    private char[] _chars = new char[1 << 16];

    public int Length { get; set; }

    public Span<char> Span => _chars.AsSpan(0, Length);

    public void Append(ReadOnlySpan<char> text)
    {
        if (text.Length > _chars.Length - Length)
            Array.Resize(ref _chars, Math.Max(_chars.Length * 2, Length + text.Length));
        text.CopyTo(_chars.AsSpan(Length));
        Length += text.Length;
    }

    public void Append(char c) => Append([c]);
}
