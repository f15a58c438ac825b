namespace WebImageText.Crawl.Fetch;

/// <summary>The address as the HTTP client takes it: path and query go out as the address has them, byte for byte.</summary>
internal static class RequestUri
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static Uri Of(WebAddress address) => new($"{address.Scheme}://{address.Authority}{address.PathAndQuery}", AsIs);
}
