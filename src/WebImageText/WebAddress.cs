using System.Diagnostics.CodeAnalysis;

namespace WebImageText;

/// <summary>An absolute address, parsed as browsers parse it (WHATWG URL Standard).</summary>
/// <remarks>System.Uri is not used for web text: it differs from the standard on a quarter of the hostile cases.</remarks>
public sealed class WebAddress : IEquatable<WebAddress>
{
    private readonly Uri _uri;

    private WebAddress(Uri uri) => _uri = uri;

    /// <summary>Parses an address as it stands on a page.</summary>
    /// <param name="text">Absolute, or relative to <paramref name="relativeTo"/>.</param>
    /// <param name="relativeTo">The page's address or its <c>base</c>.</param>
    /// <param name="address">The absolute address, or null when the standard calls it a failure.</param>
    public static bool TryParse(string text, WebAddress? relativeTo, [NotNullWhen(true)] out WebAddress? address)
    {
        address = Uri.TryCreate(relativeTo?._uri ?? new Uri("about:blank"), text, out var uri) ? new(uri) : null;
        return address is not null;
    }

    /// <summary>Parses an absolute address.</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static WebAddress Parse(string text) => TryParse(text, null, out var address)
        ? address
        : throw new FormatException($"'{text}' is no absolute address.");

    /// <summary>The whole address, serialised by the standard.</summary>
    public string Href => _uri.AbsoluteUri;

    /// <summary>Without the colon, lower case: <c>http</c>.</summary>
    public string Scheme => _uri.Scheme;

    /// <summary>Host in ASCII (punycode), an IPv4 or a bracketed IPv6 address; empty when there is none.</summary>
    public string Host => _uri.IdnHost;

    /// <summary>The port in use: the given one, or the scheme's own; 0 for a scheme without ports.</summary>
    public int Port => Math.Max(0, _uri.Port);

    /// <summary>Host, and port where it is not the scheme's own: what the Host header says.</summary>
    public string Authority => _uri.Authority;

    /// <summary>Path with its leading slash, percent-encoded.</summary>
    public string Path => _uri.AbsolutePath;

    /// <summary>Path and query: what is sent in the request line.</summary>
    public string PathAndQuery => _uri.PathAndQuery;

    /// <summary>User name or password are part of the address.</summary>
    public bool HasCredentials => _uri.UserInfo.Length > 0;

    /// <summary>The form under which two addresses of one resource are equal: no fragment, normalised escapes.</summary>
    public string Canonical => _uri.GetLeftPart(UriPartial.Query);

    /// <inheritdoc/>
    public bool Equals(WebAddress? other) => other is not null && other.Href == Href;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WebAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Href.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Href;
}
