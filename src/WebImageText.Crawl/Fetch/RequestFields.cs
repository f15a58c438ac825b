namespace WebImageText.Crawl.Fetch;

/// <summary>The header fields of our requests.</summary>
internal static class RequestFields
{
    /// <summary>Every field but Host and those that the connection adds, the request's own included.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(FetchRequest request, FetchOptions options)
    {
        yield return new("User-Agent", options.UserAgent);
        if (!request.Headers.Any(field => field.Key == "Accept"))
            yield return new("Accept", request.Kind == FetchKind.Image ? "image/*, */*;q=0.1" : "text/html, application/json, */*;q=0.5");
        // Part of an encoded body cannot be decoded.
        yield return new("Accept-Encoding", request.Range is null ? BodyDecoder.Accepted : "identity");
        if (request.Range is { } range)
            yield return new("Range", range.ToString());
        foreach (var field in request.Headers)
            yield return field;
    }
}
