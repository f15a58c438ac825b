using System.Buffers;
using System.Globalization;
using System.Text;

namespace WebImageText.Crawl.Robots;

/// <summary>
/// The form in which paths and patterns are compared (RFC 9309, section 2.2.2): escapes of unreserved characters undone, all
/// others in capital digits, and what may not stand in an address escaped.
/// </summary>
internal static class NormalPath
{
    // An escaped * or $ is the character itself (RFC 9309, section 2.2.3), so a * that is no wildcard needs another sign.
    private const char Star = '∗';

    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string Reserved = ":/?[]@!$&'()+,;=";

    private static readonly SearchValues<char> Plain = SearchValues.Create(Unreserved + Reserved);

    private static readonly SearchValues<byte> PlainInPattern =
        SearchValues.Create(Encoding.ASCII.GetBytes(Unreserved + Reserved + "*"));

    /// <summary>The normal form of a path and query; of a fragment nothing is left.</summary>
    public static string Of(string pathAndQuery)
    {
        var fragment = pathAndQuery.IndexOf('#');
        var path = fragment < 0 ? pathAndQuery : pathAndQuery[..fragment];
        return path.Length == 0 ? "/" : path.AsSpan().ContainsAnyExcept(Plain) ? Of(Encoding.UTF8.GetBytes(path), Star) : path;
    }

    /// <summary>The normal form of a pattern; its wildcards stay.</summary>
    public static string OfPattern(ReadOnlySpan<byte> pattern) =>
        pattern.ContainsAnyExcept(PlainInPattern) ? Of(pattern, '*') : Encoding.ASCII.GetString(pattern);

    /// <summary>A normal form for a reader.</summary>
    public static string Shown(string normal) => normal.Replace(Star.ToString(), "%2A");

    private static string Of(ReadOnlySpan<byte> text, char star)
    {
        var normal = new StringBuilder(text.Length);
        for (; !text.IsEmpty; text = text[1..])
        {
            var escaped = (byte)0;
            var isEscape = text[0] == '%' && text.Length > 2 &&
                byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out escaped);
            var octet = isEscape ? escaped : text[0];
            var letter = (char)octet;
            if (isEscape)
                text = text[2..];
            if (letter == '*')
                normal.Append(isEscape ? Star : star);
            else if (letter == '$' || Unreserved.Contains(letter) || (!isEscape && (letter == '%' || Reserved.Contains(letter))))
                normal.Append(letter);
            else
                normal.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }
        return normal.ToString();
    }
}
