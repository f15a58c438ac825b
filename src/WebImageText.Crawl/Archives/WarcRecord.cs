namespace WebImageText.Crawl.Archives;

/// <summary>Where a record stands: the place from which it can be reached, and how many records come first there.</summary>
/// <param name="Entry">Offset of its gzip member, or its own in a plain archive.</param>
/// <param name="Index">Records before it in that member.</param>
internal readonly record struct WarcPlace(long Entry, int Index);

/// <summary>A record of a WARC file (ISO 28500), as it stands there.</summary>
internal sealed class WarcRecord
{
    public required WarcPlace Place { get; init; }

    /// <summary>The named fields, in order.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; }

    /// <summary>The block; only its beginning when it is longer than the reader keeps.</summary>
    public required ReadOnlyMemory<byte> Block { get; init; }

    /// <summary>Bytes that the block has.</summary>
    public required long Length { get; init; }

    /// <summary>The whole block is here.</summary>
    public bool IsWhole => Block.Length == Length;

    public string Type => this["WARC-Type"] ?? "";

    /// <summary>The address that the record is about, or null. Some writers put it in angle brackets.</summary>
    public WebAddress? Target => this["WARC-Target-URI"] is { } text
        && WebAddress.TryParse(text.TrimStart('<').TrimEnd('>'), null, out var address) && address.IsWeb ? address : null;

    /// <summary>When what the record holds came to be, or null.</summary>
    public DateTimeOffset? Date => DateTimeOffset.TryParse(
        this["WARC-Date"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    public bool HasContentType(string type) => this["Content-Type"]?.AsSpan().Trim().StartsWith(type, StringComparison.OrdinalIgnoreCase) == true;

    public string? this[string name] => Fields.FirstOrDefault(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
