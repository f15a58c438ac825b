namespace WebImageText.Addresses;

/// <summary>The form of an address under which copies are found.</summary>
internal static class CanonicalForm
{
    public static string Of(WebAddress address)
    {
        var parts = address.Parts;
        if (parts.FragmentStart == address.Href.Length && !address.HasCredentials && !address.Href.Contains('%'))
            return address.Href;
        Span<char> stack = stackalloc char[256];
        var canonical = new HrefBuffer(stack);
        try
        {
            if (address.HasCredentials)
            {
                canonical.Append(address.SchemeSpan);
                canonical.Append("://");
                canonical.Append(address.Href.AsSpan(parts.HostStart..parts.PathStart));
            }
            else
                canonical.Append(address.Href.AsSpan(..parts.PathStart));
            AppendNormalised(address.Href.AsSpan(parts.PathStart..parts.FragmentStart), ref canonical);
            return canonical.Written.ToString();
        }
        finally
        {
            canonical.Dispose();
        }
    }

    /// <summary>Unreserved characters lose their escapes, other escapes get capital digits: RFC 3986, section 6.2.2.</summary>
    private static void AppendNormalised(ReadOnlySpan<char> text, ref HrefBuffer to)
    {
        while (text.IndexOf('%') is >= 0 and var percent)
        {
            to.Append(text[..percent]);
            text = text[percent..];
            if (!PercentEncoding.TryReadEscape(text, out var octet))
            {
                to.Append('%');
                text = text[1..];
                continue;
            }
            // After a stray %, as in %%41f, a decoded digit would make an escape that was none.
            if (PercentEncoding.IsUnreserved(octet) && !to.Written[^2..].Contains('%'))
                to.Append((char)octet);
            else
                PercentEncoding.Append(octet, ref to);
            text = text[3..];
        }
        to.Append(text);
    }
}
