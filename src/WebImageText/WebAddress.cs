using System.Diagnostics.CodeAnalysis;
using WebImageText.Addresses;

namespace WebImageText;

/// <summary>An absolute address, parsed as browsers parse it (WHATWG URL Standard).</summary>
/// <remarks>System.Uri is not used for web text: it differs from the standard on a quarter of the hostile cases.</remarks>
public sealed class WebAddress : IEquatable<WebAddress>
{
    private WebAddress(string href, in AddressParts parts) => (Href, Parts) = (href, parts);

    /// <summary>Parses an address as it stands on a page.</summary>
    /// <param name="text">Absolute, or relative to <paramref name="relativeTo"/>.</param>
    /// <param name="relativeTo">The page's address or its <c>base</c>.</param>
    /// <param name="address">The absolute address, or null when the standard calls it a failure.</param>
    public static bool TryParse(string text, WebAddress? relativeTo, [NotNullWhen(true)] out WebAddress? address)
    {
        address = PlainAddress.TryRead(text, relativeTo, out var href, out var parts) ||
            AddressParser.TryParse(text, relativeTo, out href, out parts)
                ? new(href, parts)
                : null;
        return address is not null;
    }

    /// <summary>Parses an absolute address.</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static WebAddress Parse(string text) => TryParse(text, null, out var address)
        ? address
        : throw new FormatException($"'{text}' is no absolute address.");

    /// <summary>The whole address, serialised by the standard.</summary>
    public string Href { get; }

    /// <summary>Without the colon, lower case: <c>http</c>.</summary>
    public string Scheme => SchemeSpan switch { "https" => "https", "http" => "http", var other => other.ToString() };

    /// <summary>The scheme is http or https.</summary>
    public bool IsWeb => SchemeSpan is "https" or "http";

    /// <summary>Host in ASCII (punycode), an IPv4 or a bracketed IPv6 address; empty when there is none.</summary>
    public string Host => HostSpan.ToString();

    /// <summary>The host is an IPv4 or IPv6 address, however it was written.</summary>
    public bool IsIpAddress => HostSpan.StartsWith('[') ||
        (Addresses.Scheme.DefaultPort(SchemeSpan) is not null && Ipv4Host.EndsInNumber(HostSpan));

    /// <summary>The port in use: the given one, or the scheme's own; 0 for a scheme without ports.</summary>
    public int Port => Parts.Port;

    /// <summary>Host, and port where it is not the scheme's own: what the Host header says.</summary>
    public string Authority => Href[Parts.HostStart..AuthorityEnd];

    /// <summary>Path with its leading slash, percent-encoded.</summary>
    public string Path => PathSpan.ToString();

    /// <summary>What follows the question mark, percent-encoded; null when there is no question mark.</summary>
    public string? Query => QuerySpan.IsEmpty ? null : QuerySpan[1..].ToString();

    /// <summary>What follows the number sign, percent-encoded; null when there is no number sign.</summary>
    public string? Fragment => Parts.FragmentStart == Href.Length ? null : Href[(Parts.FragmentStart + 1)..];

    /// <summary>Path and query: what is sent in the request line.</summary>
    public string PathAndQuery => Href[Parts.PathStart..Parts.FragmentStart];

    /// <summary>User name or password are part of the address.</summary>
    public bool HasCredentials => Parts.HostStart > 0 && Href[Parts.HostStart - 1] == '@';

    /// <summary>
    /// The form under which two addresses of one resource are equal: no fragment, no credentials, escapes normalised as
    /// RFC 3986, section 6.2.2 has them. What a server may tell apart stays apart.
    /// </summary>
    public string Canonical => CanonicalForm.Of(this);

    /// <summary>
    /// The name under which an address is worked on: <see cref="Canonical"/>. One with credentials, which is never fetched, has
    /// another, so that it does not stand for the same address without.
    /// </summary>
    public string Key => HasCredentials ? Href : Canonical;

    internal AddressParts Parts { get; }

    internal ReadOnlySpan<char> SchemeSpan => Href.AsSpan(0, Parts.SchemeEnd);

    internal ReadOnlySpan<char> HostSpan => Href.AsSpan(Parts.HostStart, Parts.HostEnd - Parts.HostStart);

    internal ReadOnlySpan<char> PathSpan => Href.AsSpan(Parts.PathStart, Parts.QueryStart - Parts.PathStart);

    /// <summary>With its question mark; empty when there is none.</summary>
    internal ReadOnlySpan<char> QuerySpan => Href.AsSpan(Parts.QueryStart, Parts.FragmentStart - Parts.QueryStart);

    /// <summary>From the two slashes to the port; empty when there is no host.</summary>
    internal ReadOnlySpan<char> AuthoritySpan => Href.AsSpan((Parts.SchemeEnd + 1)..AuthorityEnd);

    /// <summary>The path is plain text and no list of segments, as in <c>mailto:</c> and <c>data:</c>.</summary>
    internal bool HasOpaquePath => !HasHost && !PathSpan.StartsWith('/');

    private bool HasHost => Parts.HostStart > Parts.SchemeEnd + 1;

    // Without a host, "/." may stand between scheme and path.
    private int AuthorityEnd => HasHost ? Parts.PathStart : Parts.HostEnd;

    /// <inheritdoc/>
    public bool Equals(WebAddress? other) => other is not null && other.Href == Href;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WebAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Href.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Href;
}
