using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace WebImageText.Crawl.Archives;

/// <summary>Writes records of WARC 1.1, each a gzip member of its own where the name ends in <c>.gz</c>. Not thread-safe.</summary>
/// <remarks>Records that are written together are written by one call, so that a crash cuts off all of them or none but the last.</remarks>
internal sealed class WarcWriter(Stream file, bool gzip) : IAsyncDisposable
{
    private readonly MemoryStream _batch = new();

    /// <summary>Adds a record to the batch.</summary>
    /// <returns>Its identifier.</returns>
    public string Add(string type, DateTimeOffset at, string? contentType, ReadOnlySpan<byte> block, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var id = $"<urn:uuid:{Guid.NewGuid():D}>";
        var head = new StringBuilder("WARC/1.1\r\n");
        Line(head, "WARC-Type", type);
        Line(head, "WARC-Record-ID", id);
        Line(head, "WARC-Date", Date(at));
        foreach (var (name, value) in fields)
        {
            if (value is not null)
                Line(head, name, value);
        }
        if (contentType is not null)
            Line(head, "Content-Type", contentType);
        Line(head, "Content-Length", block.Length.ToString(CultureInfo.InvariantCulture));
        head.Append("\r\n");
        if (!gzip)
        {
            Write(_batch, head.ToString(), block);
            return id;
        }
        using var member = new GZipStream(_batch, CompressionLevel.Fastest, leaveOpen: true);
        Write(member, head.ToString(), block);
        return id;
    }

    /// <summary>Writes the batch.</summary>
    public async Task FlushAsync(CancellationToken stop)
    {
        await file.WriteAsync(_batch.GetBuffer().AsMemory(0, (int)_batch.Length), stop).ConfigureAwait(false);
        await file.FlushAsync(stop).ConfigureAwait(false);
        _batch.SetLength(0);
    }

    public ValueTask DisposeAsync()
    {
        _batch.Dispose();
        return file.DisposeAsync();
    }

    /// <summary>As WARC 1.1 has moments: with fractions of a second, in UTC.</summary>
    public static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder head, string name, string value) => head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");

    private static void Write(Stream to, string head, ReadOnlySpan<byte> block)
    {
        to.Write(Encoding.UTF8.GetBytes(head));
        to.Write(block);
        to.Write("\r\n\r\n"u8);
    }
}
