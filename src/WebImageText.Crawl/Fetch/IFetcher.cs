using System.Text.Json.Serialization;

namespace WebImageText.Crawl.Fetch;

/// <summary>Asks the web, or a recording of it: one request, one answer.</summary>
public interface IFetcher
{
    /// <summary>Asks once. Every outcome but a stop is a value.</summary>
    /// <exception cref="OperationCanceledException">The run stops.</exception>
    Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken stop);
}

/// <summary>What is asked for.</summary>
/// <param name="Address">Where.</param>
/// <param name="Kind">How large the answer may be.</param>
public sealed record FetchRequest(WebAddress Address, FetchKind Kind)
{
    /// <summary>Fields beside our own, such as a key of the service that is asked. Never stored.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A parameter of the query that is a key of the service that is asked. Sent with the address, and never stored or shown.</summary>
    public KeyValuePair<string, string>? Secret { get; init; }

    /// <summary>The part that is wanted; a server that can do so answers 206. Null for the whole.</summary>
    public ByteRange? Range { get; init; }

    /// <summary>Sent with the request, which then is a POST; null for a GET. Such a request is neither recorded nor sent to another node.</summary>
    [JsonIgnore] public string? Text { get; init; }

    /// <summary>For a program, so that a recording can tell what was asked: the address without its fragment, and the part.</summary>
    internal string Key => $"{(Address.Fragment is null ? Address.Href : Address.Href[..Address.Href.IndexOf('#')])} {Range}";
}

/// <summary>Part of a resource.</summary>
/// <param name="First">Number of its first byte, from 0.</param>
/// <param name="Last">Number of its last byte.</param>
public readonly record struct ByteRange(long First, long Last)
{
    /// <summary>As the Range field has it: <c>bytes=0-99</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"bytes={First}-{Last}");
}

/// <summary>The usual request in short.</summary>
public static class Fetchers
{
    /// <summary>Asks for the whole of an address.</summary>
    public static Task<FetchResult> FetchAsync(this IFetcher fetcher, WebAddress address, FetchKind kind, CancellationToken stop) =>
        fetcher.FetchAsync(new FetchRequest(address, kind), stop);
}
