namespace WebImageText.Crawl.Fetch;

/// <summary>What is asked for; it decides how large the answer may be.</summary>
public enum FetchKind
{
    /// <summary>A page, the answer of a search.</summary>
    Page,
    /// <summary>An image.</summary>
    Image,
    /// <summary>A sitemap, or part of an archive.</summary>
    Data,
    /// <summary>A robots.txt, or another file in which a site says how it may be used: the beginning of a longer one is enough.</summary>
    Robots,
}

/// <summary>How one request ended. Redirects are not followed here: every hop goes through policy, robots and pace of its host.</summary>
public abstract record FetchResult
{
    private FetchResult() { }

    /// <summary>An answer with its whole body.</summary>
    /// <param name="Status">HTTP status code, any but a redirect.</param>
    /// <param name="Headers">Of the answer, in order, repeated ones kept.</param>
    /// <param name="Body">Decoded; empty when the status says that there is nothing to use.</param>
    /// <param name="At">When the headers came.</param>
    public sealed record Answer(int Status, ResponseHeaders Headers, ReadOnlyMemory<byte> Body, DateTimeOffset At) : FetchResult
    {
        /// <summary>What the body has of the budget of bytes; whoever is done with the body disposes it. Null for an answer that did not just come.</summary>
        public IDisposable? Held { get; init; }
    }

    /// <summary>The server sends us elsewhere.</summary>
    /// <param name="Status">301, 302, 303, 307 or 308.</param>
    /// <param name="To">Absolute address, not yet judged.</param>
    public sealed record Redirect(int Status, WebAddress To) : FetchResult;

    /// <summary>No usable answer.</summary>
    public sealed record Failed(Drop Drop) : FetchResult
    {
        /// <summary>This machine or its network failed: it says nothing of the host.</summary>
        public bool IsLocal { get; init; }
    }
}

/// <summary>Header fields in the order in which they came.</summary>
public sealed class ResponseHeaders(IReadOnlyList<KeyValuePair<string, string>> fields)
{
    /// <summary>No fields.</summary>
    public static ResponseHeaders None { get; } = new([]);

    /// <summary>Every field line, repeated names included.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields => fields;

    /// <summary>The first value of a name, or null.</summary>
    public string? this[string name] => All(name).FirstOrDefault();

    /// <summary>Every value of a name, one a field line.</summary>
    public IEnumerable<string> All(string name) =>
        fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);
}
