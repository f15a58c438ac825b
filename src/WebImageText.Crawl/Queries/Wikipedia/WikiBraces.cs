namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>Removes what stands between two marks, nested to any depth; an opening that is never closed stays.</summary>
internal static class WikiBraces
{
    /// <param name="text">What to read.</param>
    /// <param name="open">Two characters.</param>
    /// <param name="close">Two characters.</param>
    /// <param name="atLineStart">Whether the marks count only as the first on their line.</param>
    /// <param name="plain">Receives the rest.</param>
    public static void Remove(ReadOnlySpan<char> text, string open, string close, bool atLineStart, CharBuffer plain)
    {
        Stack<int>? opened = null; // where in plain
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(open[0], close[0]);
            if (next < 0)
            {
                plain.Append(text[at..]);
                return;
            }
            plain.Append(text.Slice(at, next));
            at += next;
            var mark = text[at..];
            if (mark.StartsWith(open) && (!atLineStart || IsAtLineStart(text[..at])))
            {
                (opened ??= []).Push(plain.Length);
                plain.Append(open);
                at += 2;
            }
            else if (mark.StartsWith(close) && (!atLineStart || IsAtLineStart(text[..at])) && opened?.Count > 0)
            {
                plain.Length = opened.Pop();
                plain.Append(WikiText.Gone);
                at += 2;
            }
            else
            {
                plain.Append(text[at]);
                at++;
            }
        }
    }

    private static bool IsAtLineStart(ReadOnlySpan<char> before)
    {
        var last = before.LastIndexOfAnyExcept(' ', ':', '\t');
        return last < 0 || before[last] == '\n';
    }
}
