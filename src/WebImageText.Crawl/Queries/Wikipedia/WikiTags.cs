namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>Removes comments and tags, some of them with what they hold.</summary>
internal static class WikiTags
{
    // Their content is no prose.
    private static readonly HashSet<string> WithContent = new(StringComparer.OrdinalIgnoreCase)
    {
        "ref", "math", "chem", "gallery", "timeline", "code", "syntaxhighlight", "source", "score", "imagemap", "hiero",
        "templatedata", "graph", "mapframe", "maplink", "pre", "references", "style", "script",
    };

    private static readonly HashSet<string> Breaking = new(StringComparer.OrdinalIgnoreCase)
    {
        "br", "p", "div", "li", "ul", "ol", "dl", "dd", "dt", "table", "tr", "td", "th", "hr", "blockquote", "center",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> WithContentLookup = WithContent.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> BreakingLookup = Breaking.GetAlternateLookup<ReadOnlySpan<char>>();

    public static void Remove(ReadOnlySpan<char> text, CharBuffer plain)
    {
        HashSet<string>? unclosed = null; // elements that no later tag closes: not looked for again
        while (true)
        {
            var at = text.IndexOf('<');
            if (at < 0)
                break;
            plain.Append(text[..at]);
            text = text[at..];
            if (text.StartsWith("<!--"))
            {
                var end = text[4..].IndexOf("-->");
                text = end < 0 ? default : text[(4 + end + 3)..];
                continue;
            }
            var isEnd = text.Length > 1 && text[1] == '/';
            var first = isEnd ? 2 : 1;
            var name = text[first..];
            name = name[..LettersOf(name)];
            var close = name.IsEmpty ? -1 : text[1..].IndexOfAny('<', '>') + 1;
            if (close <= 0 || text[close] == '<')
            {
                plain.Append('<');
                text = text[1..];
                continue;
            }
            if (BreakingLookup.Contains(name))
                plain.Append('\n');
            var isEmpty = text[close - 1] == '/';
            text = text[(close + 1)..];
            if (isEnd || isEmpty || !WithContentLookup.TryGetValue(name, out var element) || unclosed?.Contains(element) == true)
                continue;
            var end2 = EndOf(text, element);
            if (end2 < 0)
                (unclosed ??= []).Add(element);
            else
                text = text[end2..];
        }
        plain.Append(text);
    }

    /// <summary>Where the text goes on after an element's end tag, or -1.</summary>
    private static int EndOf(ReadOnlySpan<char> text, string element)
    {
        for (var from = 0; ;)
        {
            var at = text[from..].IndexOf($"</{element}", StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return -1;
            from += at + 2 + element.Length;
            if (from < text.Length && char.IsAsciiLetter(text[from]))
                continue; // </references> does not end <ref>
            var close = text[from..].IndexOf('>');
            return close < 0 ? text.Length : from + close + 1;
        }
    }

    private static int LettersOf(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiLetter(text[count]))
            count++;
        return count;
    }
}
