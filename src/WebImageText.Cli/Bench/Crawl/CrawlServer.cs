using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WebImageText.Cli.Bench.Build;

namespace WebImageText.Cli.Bench.Crawl;

/// <summary>
/// Serves a web from memory, over sockets and nothing else, so that the client is what is measured: every host has
/// <c>/small</c>, <c>/page/N</c> with some pictures, <c>/picture/N</c>, and no robots.txt.
/// </summary>
internal static class CrawlServer
{
    /// <summary>Pictures that a page shows.</summary>
    public const int PicturesOfPage = 4;

    private const int SmallBytes = 2_000, PageText = 24_000;

    private static readonly byte[] NotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    /// <summary>Prints its port, and serves until its standard input ends.</summary>
    /// <param name="pages">Pages, each with pictures of its own.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task RunAsync(int pages, CancellationToken stop)
    {
        var pictures = MadePhotos.Make(pages * PicturesOfPage);
        var answers = new Answers(
            Of("text/html; charset=utf-8", Encoding.ASCII.GetBytes(new string('x', SmallBytes))),
            [.. Enumerable.Range(0, pages).Select(page => Of("text/html; charset=utf-8", Page(page)))],
            [.. pictures.Select(picture => Of("image/jpeg", picture))]);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4_096);
        Console.Out.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var serving = AcceptAsync(listener, answers, end.Token);
        await Console.In.ReadToEndAsync(stop);
        await end.CancelAsync();
        await serving;
    }

    private sealed record Answers(byte[] Small, byte[][] Pages, byte[][] Pictures)
    {
        public byte[] To(ReadOnlySpan<byte> target) =>
            target.SequenceEqual("/small"u8) ? Small
            : target.StartsWith("/page/"u8) && Utf8Parser.TryParse(target[6..], out int page, out _) && page < Pages.Length ? Pages[page]
            : target.StartsWith("/picture/"u8) && Utf8Parser.TryParse(target[9..], out int picture, out _) && picture < Pictures.Length ? Pictures[picture]
            : NotFound;
    }

    private static async Task AcceptAsync(Socket listener, Answers answers, CancellationToken stop)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync(stop), answers, stop);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static async Task ServeAsync(Socket client, Answers answers, CancellationToken stop)
    {
        using (client)
        {
            client.NoDelay = true;
            var buffer = new byte[4_096];
            var length = 0;
            try
            {
                while (true)
                {
                    var read = await client.ReceiveAsync(buffer.AsMemory(length), stop);
                    if (read == 0)
                        return;
                    length += read;
                    while (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                    {
                        var answer = answers.To(Target(buffer.AsSpan(0, end)));
                        buffer.AsSpan(end + 4, length - end - 4).CopyTo(buffer);
                        length -= end + 4;
                        await client.SendAsync(answer, stop);
                    }
                }
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                // The client has what it wanted.
            }
        }
    }

    private static ReadOnlySpan<byte> Target(ReadOnlySpan<byte> head)
    {
        var line = head[(head.IndexOf((byte)' ') + 1)..];
        return line[..line.IndexOf((byte)' ')];
    }

    private static byte[] Of(string type, byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    // As long as a page of the web is without its scripts: headings, links, paragraphs, and four pictures among them.
    private static byte[] Page(int page)
    {
        var html = new StringBuilder("<!doctype html><html lang=en><head><meta charset=utf-8><title>A page</title></head><body>");
        for (var part = 0; html.Length < PageText; part++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2 class=\"part\">Part {part}</h2><p>The old harbour of the town has <a href=\"/about/{part}\">boats</a> of many kinds, and the walls are painted every spring by those who live there.</p>");
            if (part < PicturesOfPage)
                html.Append(CultureInfo.InvariantCulture, $"<figure><img src=\"/picture/{PicturesOfPage * page + part}\" width=500 alt=\"a photograph of boat {part} in harbour {page} on a calm morning\"></figure>");
        }
        return Encoding.UTF8.GetBytes(html.Append("</body></html>").ToString());
    }
}
