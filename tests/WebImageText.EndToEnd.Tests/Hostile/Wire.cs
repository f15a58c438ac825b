using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace WebImageText.Tests.Hostile;

/// <summary>A request as the server saw it.</summary>
internal sealed record Asked(DateTimeOffset At, string Host, string Target, IReadOnlyDictionary<string, string> Fields, string Body = "");

/// <summary>Answers one request in whatever way it likes; the connection is closed after it.</summary>
internal delegate Task Answer(Stream wire, Asked request, CancellationToken stop);

/// <summary>Answers, proper ones and others, byte by byte.</summary>
internal static class Wire
{
    public static Answer Status(int status, params string[] fields) => Bytes(Head(status, [.. fields, "Content-Length: 0"]));

    public static Answer File(byte[] body, string type = "image/jpeg", params string[] fields) =>
        Bytes([.. Head(200, [$"Content-Type: {type}", .. fields, Length(body.Length)]), .. body]);

    public static Answer Page(string html, params string[] fields) => File(Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8", fields);

    /// <summary>A head as given and a body, whatever the one says of the other.</summary>
    public static Answer Raw(string head, byte[]? body = null) => Bytes([.. Encoding.Latin1.GetBytes(head), .. body ?? []]);

    public static Answer Bytes(byte[] bytes) => (wire, _, stop) => wire.WriteAsync(bytes, stop).AsTask();

    /// <summary>One answer for the first requests, another for the rest.</summary>
    public static Answer First(int count, Answer first, Answer then)
    {
        var asked = 0;
        return (wire, request, stop) => (Interlocked.Increment(ref asked) <= count ? first : then)(wire, request, stop);
    }

    /// <summary>The bytes one at a time.</summary>
    public static Answer Drip(byte[] bytes, TimeSpan every) => async (wire, _, stop) =>
    {
        foreach (var value in bytes)
        {
            await wire.WriteAsync(new[] { value }, stop);
            await Task.Delay(every, stop);
        }
    };

    /// <summary>A beginning, then the same block again and again.</summary>
    public static Answer Endless(byte[] head, byte[] block) => async (wire, _, stop) =>
    {
        await wire.WriteAsync(head, stop);
        while (true)
            await wire.WriteAsync(block, stop);
    };

    /// <summary>The bytes, then nothing, and the connection stays open.</summary>
    public static Answer Stall(byte[] bytes) => async (wire, _, stop) =>
    {
        await wire.WriteAsync(bytes, stop);
        await Task.Delay(Timeout.Infinite, stop);
    };

    /// <summary>The bytes, then the connection is reset.</summary>
    public static Answer Reset(byte[] bytes) => async (wire, _, stop) =>
    {
        await wire.WriteAsync(bytes, stop);
        await wire.FlushAsync(stop);
        if (wire is NetworkStream { Socket: var socket })
            socket.Close(0);
    };

    public static byte[] Head(int status, params string[] fields) =>
        Encoding.Latin1.GetBytes($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} Any\r\nConnection: close\r\n{string.Concat(fields.Select(field => field + "\r\n"))}\r\n");

    public static string Length(long length) => $"Content-Length: {length.ToString(CultureInfo.InvariantCulture)}";

    public static byte[] Chunk(byte[] data, string extension = "") =>
        [.. Encoding.Latin1.GetBytes($"{data.Length:x}{extension}\r\n"), .. data, .. "\r\n"u8];
}
