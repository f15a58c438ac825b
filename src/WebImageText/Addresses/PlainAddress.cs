using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace WebImageText.Addresses;

/// <summary>
/// The short way for most addresses of the web: http or https, a plain lower-case name, and nothing that the parser would
/// change, so that the text is its own serialisation. What is not plain is left to <see cref="AddressParser"/>, which gives
/// the same result for plain ones.
/// </summary>
internal static class PlainAddress
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz", Digits = "0123456789";

    private static readonly SearchValues<char> InHost = SearchValues.Create(Letters + Digits + "-_.");

    // Kept by the parser wherever they stand in a path; dots and escapes are looked at when found.
    private static readonly SearchValues<char> InPath =
        SearchValues.Create(Letters + Letters.ToUpperInvariant() + Digits + "-_~!$&()*+,;=@/.%:|'[]");

    private static readonly SearchValues<char> InQuery =
        SearchValues.Create(Letters + Letters.ToUpperInvariant() + Digits + "-_~!$&()*+,;=@/.%:|?[]{}^`\\");

    public static bool TryRead(
        string text, WebAddress? relativeTo, [NotNullWhen(true)] out string? href, out AddressParts parts)
    {
        var schemeEnd = text.StartsWith("https://", StringComparison.Ordinal) ? 5
            : text.StartsWith("http://", StringComparison.Ordinal) ? 4
            : 0;
        if (schemeEnd > 0)
            return TryReadAbsolute(text, schemeEnd, out href, out parts);
        if (relativeTo is { IsWeb: true })
            return TryReadRelative(text, relativeTo, out href, out parts);
        (href, parts) = (null, default);
        return false;
    }

    private static bool TryReadAbsolute(
        string text, int schemeEnd, [NotNullWhen(true)] out string? href, out AddressParts parts)
    {
        (href, parts) = (null, default);
        var hostStart = schemeEnd + 3;
        var length = text.AsSpan(hostStart).IndexOfAnyExcept(InHost);
        var hostEnd = length < 0 ? text.Length : hostStart + length;
        var host = text.AsSpan(hostStart..hostEnd);
        // A last label that begins with a letter is no number; a name in Punycode must be checked.
        if (host.IsEmpty || !char.IsAsciiLetterLower(host[(host.LastIndexOf('.') + 1)..] is [var first, ..] ? first : '.') ||
            host.Contains(Punycode.Prefix, StringComparison.Ordinal))
            return false;
        if (hostEnd < text.Length && (text[hostEnd] != '/' || !IsPlain(text.AsSpan(hostEnd))))
            return false;
        href = hostEnd < text.Length ? text : text + "/";
        parts = Parts(href, schemeEnd, hostStart, hostEnd, (ushort)(schemeEnd == 5 ? 443 : 80), hostEnd);
        return true;
    }

    private static bool TryReadRelative(
        string text, WebAddress relativeTo, [NotNullWhen(true)] out string? href, out AddressParts parts)
    {
        (href, parts) = (null, default);
        // Two slashes begin a host, a dot may be a segment of its own, a colon may end a scheme.
        if (text is [] or ['/' or '.' or '%' or '?', '/' or '.' or '%', ..] or ['.' or '%' or '?', ..] ||
            (text[0] != '/' && text.Contains(':')) || !IsPlain(text))
            return false;
        var from = relativeTo.Parts;
        var kept = text[0] == '/' ? from.PathStart : from.PathStart + relativeTo.PathSpan.LastIndexOf('/') + 1;
        href = string.Concat(relativeTo.Href.AsSpan(0, kept), text);
        parts = Parts(href, from.SchemeEnd, from.HostStart, from.HostEnd, from.Port, from.PathStart);
        return true;
    }

    /// <summary>Path and query that stand as they are: no fragment, no character to encode, no segment of dots.</summary>
    private static bool IsPlain(ReadOnlySpan<char> text)
    {
        var pathLength = text.IndexOfAnyExcept(InPath) is >= 0 and var end ? end : text.Length;
        var path = text[..pathLength];
        return (pathLength == text.Length || (text[pathLength] == '?' && text[pathLength..].IndexOfAnyExcept(InQuery) < 0)) &&
            !path.Contains("/.", StringComparison.Ordinal) && !path.Contains("/%2", StringComparison.Ordinal);
    }

    private static AddressParts Parts(string href, int schemeEnd, int hostStart, int hostEnd, ushort port, int pathStart)
    {
        var queryStart = href.IndexOf('?', pathStart) is >= 0 and var question ? question : href.Length;
        return new(schemeEnd, hostStart, hostEnd, port, pathStart, queryStart, href.Length);
    }
}
