namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>Leaves of a link what a reader sees.</summary>
internal static class WikiLinks
{
    /// <summary>Links within links (a file's caption has them); deeper ones are text.</summary>
    private const int MaxDepth = 8;

    private static readonly System.Buffers.SearchValues<char> Marks = System.Buffers.SearchValues.Create("[]h_");
    private static readonly System.Buffers.SearchValues<char> AfterAddress = System.Buffers.SearchValues.Create(" \t\n<>[]|{}\"");

    public static void Remove(ReadOnlySpan<char> text, IReadOnlySet<string> hidden, CharBuffer plain)
    {
        Span<int> opened = stackalloc int[MaxDepth];
        var depth = 0;
        var end = -1; // the next ']' or line feed, where it is known
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(Marks);
            if (next < 0)
            {
                plain.Append(text[at..]);
                return;
            }
            plain.Append(text.Slice(at, next));
            at += next;
            var mark = text[at..];
            if (mark.StartsWith("[[") && depth < MaxDepth)
            {
                opened[depth++] = plain.Length;
                at += 2;
            }
            else if (mark.StartsWith("]]") && depth > 0)
            {
                Close(plain, opened[--depth], hidden);
                at += 2;
            }
            else if (mark[0] == '[' && StartsAddress(mark[1..]))
            {
                // [address label]: an end on the same line, or it is no link
                if (end < at)
                    end = mark.IndexOfAny(']', '\n') is >= 0 and var found ? at + found : int.MaxValue;
                var label = end < text.Length && text[end] == ']' ? text[(at + 1)..end] : default;
                var space = label.IndexOf(' ');
                if (label.IsEmpty)
                    plain.Append('[');
                at = label.IsEmpty ? at + 1 : space < 0 ? end + 1 : at + space + 2; // the label itself is read like any text
            }
            else if (mark[0] == 'h' && StartsAddress(mark))
                at += LengthOfAddress(mark);
            else if (mark.StartsWith("__") && LengthOfSwitch(mark) is > 0 and var length)
                at += length;
            else
            {
                plain.Append(text[at]);
                at++;
            }
        }
    }

    private static void Close(CharBuffer plain, int from, IReadOnlySet<string> hidden)
    {
        var content = plain.Span[from..];
        var colon = content.IndexOfAny(':', '|');
        if (colon > 0 && content[colon] == ':' && hidden.Contains(content[..colon].Trim().ToString().ToLowerInvariant()))
        {
            plain.Length = from;
            return;
        }
        var bar = content.LastIndexOf('|');
        var seen = bar >= 0 ? content[(bar + 1)..] : content.StartsWith(":") ? content[1..] : content;
        seen.CopyTo(content);
        plain.Length = from + seen.Length;
    }

    private static bool StartsAddress(ReadOnlySpan<char> text) => text.StartsWith("http://") || text.StartsWith("https://");

    private static int LengthOfAddress(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(AfterAddress);
        return end < 0 ? text.Length : end;
    }

    // __NOTOC__ and the like
    private static int LengthOfSwitch(ReadOnlySpan<char> text)
    {
        var end = 2;
        while (end < text.Length && char.IsAsciiLetterUpper(text[end]))
            end++;
        return end > 2 && text[end..].StartsWith("__") ? end + 2 : 0;
    }
}
