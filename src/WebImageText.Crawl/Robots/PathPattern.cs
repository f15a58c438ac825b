namespace WebImageText.Crawl.Robots;

/// <summary>A path of robots.txt, with <c>*</c> for any characters and <c>$</c> for the end (RFC 9309, section 2.2.3).</summary>
/// <param name="Text">Normalised (<see cref="NormalPath"/>), without the <c>$</c>.</param>
/// <param name="IsAnchored">It ends with <c>$</c>.</param>
internal sealed record PathPattern(string Text, bool IsAnchored)
{
    /// <summary>In characters, wildcards included: the longer of two patterns is the more specific.</summary>
    public int Length => Text.Length + (IsAnchored ? 1 : 0);

    /// <summary>Reads a pattern as it stands in the file.</summary>
    public static PathPattern Parse(ReadOnlySpan<byte> text)
    {
        var isAnchored = text.EndsWith((byte)'$');
        return new(NormalPath.OfPattern(isAnchored ? text[..^1] : text), isAnchored);
    }

    /// <summary>The path begins as the pattern says.</summary>
    /// <param name="path">Normalised: <see cref="NormalPath"/>.</param>
    /// <remarks>Each piece between two stars is taken where it first occurs: a later place leaves less for the others.</remarks>
    public bool Matches(ReadOnlySpan<char> path)
    {
        var rest = Text.AsSpan();
        var star = rest.IndexOf('*');
        if (!path.StartsWith(star < 0 ? rest : rest[..star]))
            return false;
        if (star < 0)
            return !IsAnchored || path.Length == rest.Length;
        path = path[star..];
        while (true)
        {
            rest = rest[(star + 1)..];
            star = rest.IndexOf('*');
            if (star < 0 && IsAnchored)
                return path.EndsWith(rest);
            var piece = star < 0 ? rest : rest[..star];
            var at = path.IndexOf(piece);
            if (at < 0 || star < 0)
                return at >= 0;
            path = path[(at + piece.Length)..];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => NormalPath.Shown(Text) + (IsAnchored ? "$" : "");
}
