using System.Diagnostics;

namespace WebImageText.Crawl.Fetch;

/// <summary>Reads a body within bounds of bytes and rate.</summary>
internal static class BodyReader
{
    /// <summary>What a lease has before the length of the body is known.</summary>
    public const int FirstBytes = 64 * 1024;

    private static readonly TimeSpan RateIsMeasuredAfter = TimeSpan.FromSeconds(5);

    /// <summary>The whole body, or why it is refused.</summary>
    /// <param name="body">As it comes from the wire.</param>
    /// <param name="declared">Content-Length, if there is one.</param>
    /// <param name="largest">Most bytes.</param>
    /// <param name="isCut">Of more than that the beginning is taken; otherwise the body is refused.</param>
    /// <param name="leastRate">Bytes per second, measured over the whole body once five seconds have passed.</param>
    /// <param name="lease">Grows with the buffer.</param>
    /// <param name="stop">Ends the read when the fetch has used up its time.</param>
    public static async Task<(ReadOnlyMemory<byte> Bytes, Drop? Drop)> ReadAsync(
        Stream body, long? declared, int largest, bool isCut, int leastRate, ByteBudget.Lease lease, CancellationToken stop)
    {
        if (declared > largest && !isCut)
            return (default, new(DropReason.TooLarge, $"{declared} bytes declared, {largest} allowed"));
        await lease.GrowAsync(Math.Max(0, Math.Min(declared ?? 0, largest) - FirstBytes), stop).ConfigureAwait(false);
        var began = Stopwatch.GetTimestamp();
        var leased = Math.Max(FirstBytes, declared ?? 0);
        using var bytes = new ByteSegments();
        while (true)
        {
            if (bytes.Length >= leased)
            {
                await lease.GrowAsync(leased, stop).ConfigureAwait(false);
                leased *= 2;
            }
            var read = await body.ReadAsync(bytes.Room(), stop).ConfigureAwait(false);
            if (read == 0)
                return (bytes.ToArray(bytes.Length), null);
            bytes.Advance(read);
            if (bytes.Length > largest)
                return isCut ? (bytes.ToArray(largest), null) : (default, new(DropReason.TooLarge, $"more than {largest} bytes"));
            if (Stopwatch.GetElapsedTime(began) is var time && time > RateIsMeasuredAfter && bytes.Length < leastRate * time.TotalSeconds)
                return (default, new(DropReason.Timeout, $"{bytes.Length} bytes in {time.TotalSeconds:F0} s"));
        }
    }
}
