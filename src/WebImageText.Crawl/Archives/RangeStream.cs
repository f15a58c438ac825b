using System.Globalization;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers;

namespace WebImageText.Crawl.Archives;

/// <summary>A file on a server, read in parts as they are needed; forward only.</summary>
internal sealed class RangeStream(WebAddress address, ProviderFetch fetch) : Stream
{
    /// <summary>Bytes of one request: below what one answer may have.</summary>
    private const int Part = 4_000_000;

    private ReadOnlyMemory<byte> _part;
    private long _next;
    private bool _isLast;

    /// <exception cref="IOException">The server does not answer as it should.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_part.IsEmpty && !_isLast)
            await NextPartAsync(cancellationToken).ConfigureAwait(false);
        var count = Math.Min(buffer.Length, _part.Length);
        _part[..count].CopyTo(buffer);
        _part = _part[count..];
        return count;
    }

    private async Task NextPartAsync(CancellationToken stop)
    {
        var request = new FetchRequest(address, FetchKind.Data) { Range = new(_next, _next + Part - 1) };
        var result = await fetch(new(request, IsService: true), stop).ConfigureAwait(false);
        switch (result)
        {
            case FetchResult.Answer { Status: 206 } part:
                _part = part.Body;
                _next += part.Body.Length;
                // Content-Range: bytes FIRST-LAST/TOTAL
                _isLast = part.Body.Length < Part
                    || (part.Headers["Content-Range"]?.Split('/') is [_, var total] && long.TryParse(total, CultureInfo.InvariantCulture, out var length) && _next >= length);
                break;
            case FetchResult.Answer { Status: 200 } whole when _next == 0:
                (_part, _isLast) = (whole.Body, true);
                break;
            case FetchResult.Answer { Status: 416 } when _next > 0:
                _isLast = true;
                break;
            default:
                throw new IOException($"'{address}' at byte {_next}: {Words.Of(result)}");
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>Where the next part begins; to be set before anything is read.</summary>
    public override long Position { get => _next - _part.Length; set => (_next, _part, _isLast) = (value, default, false); }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }
}

/// <summary>How a request ended, in words.</summary>
internal static class Words
{
    public static string Of(FetchResult result) => result switch
    {
        FetchResult.Answer answer => string.Create(CultureInfo.InvariantCulture, $"the server answered {answer.Status}"),
        FetchResult.Redirect redirect => $"the server redirects to '{redirect.To}'",
        FetchResult.Failed failed => failed.Drop.ToString(),
        _ => "no answer",
    };
}
