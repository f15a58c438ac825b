using System.Buffers;

namespace WebImageText.Shards.Tar;

/// <summary>
/// Writes samples as a WebDataset tar: for every key its image, JSON and text side by side, nothing else in the file, and the
/// same bytes for the same samples.
/// </summary>
/// <param name="destination">Written forward only; stays open. A buffer of 1 MiB under it pays.</param>
public sealed class ShardTar(Stream destination)
{
    private static readonly SearchValues<char> InKey = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz_-");

    private readonly UstarWriter _tar = new(destination);
    private string _last = "";

    /// <summary>Samples written.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes written.</summary>
    public long Length => _tar.Length;

    /// <summary>Adds a sample: members <c>KEY.jpg</c> (or png, webp), <c>KEY.json</c>, <c>KEY.txt</c>.</summary>
    /// <param name="key">Lower-case letters, digits, <c>_</c> and <c>-</c>; after the previous key in ordinal order.</param>
    /// <param name="image">Encoded JPEG, PNG or WebP.</param>
    /// <param name="json">One object, UTF-8.</param>
    /// <param name="text">The caption, UTF-8.</param>
    /// <param name="stop">Gives up; the file is then not whole.</param>
    /// <exception cref="ArgumentException">
    /// The key could be split or grouped differently by some reader, or the image is of no format that readers look for.
    /// </exception>
    public async ValueTask AddAsync(
        string key, ReadOnlyMemory<byte> image, ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> text, CancellationToken stop = default)
    {
        if (key.Length == 0 || key.AsSpan().ContainsAnyExcept(InKey))
            throw new ArgumentException($"'{key}' is no key: readers agree on lower-case letters, digits, '_' and '-' only.", nameof(key));
        if (string.CompareOrdinal(key, _last) <= 0)
            throw new ArgumentException($"Key '{key}' after '{_last}': keys must ascend, so that none comes twice.", nameof(key));
        var extension = ImageExtension.Of(image.Span) ?? throw new ArgumentException(
            $"Key '{key}': the image is neither JPEG nor PNG nor WebP. Encode it before it is written.", nameof(image));
        await _tar.AddAsync($"{key}.{extension}", image, stop);
        await _tar.AddAsync($"{key}.json", json, stop);
        await _tar.AddAsync($"{key}.txt", text, stop);
        _last = key;
        Count++;
    }

    /// <summary>Ends the archive. Without this it reads as cut short.</summary>
    public ValueTask FinishAsync(CancellationToken stop = default) => _tar.FinishAsync(stop);
}
