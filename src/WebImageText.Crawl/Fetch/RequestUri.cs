namespace WebImageText.Crawl.Fetch;

/// <summary>The address as the HTTP client takes it: path and query go out as the address has them, byte for byte.</summary>
internal static class RequestUri
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static Uri Of(FetchRequest request)
    {
        var address = request.Address;
        var secret = request.Secret is var (name, value) ? $"{(address.PathAndQuery.Contains('?') ? '&' : '?')}{name}={Uri.EscapeDataString(value)}" : "";
        return new($"{address.Scheme}://{address.Authority}{address.PathAndQuery}{secret}", AsIs);
    }

    /// <summary>A text of the answer without the key that the request had, should it say it again.</summary>
    public static string WithoutSecret(FetchRequest request, string text) => request.Secret is var (_, value) && value.Length > 0
        ? text.Replace(Uri.EscapeDataString(value), "[kept-out]", StringComparison.Ordinal).Replace(value, "[kept-out]", StringComparison.Ordinal)
        : text;
}
