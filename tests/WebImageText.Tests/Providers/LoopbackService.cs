using System.Collections.Concurrent;
using System.Net;
using System.Text;
using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers;

namespace WebImageText.Tests.Providers;

/// <summary>A server on loopback that answers as a test says, and the way to it by the program's own fetcher.</summary>
internal sealed class LoopbackService : IDisposable
{
    private readonly HttpListener _listener;
    private readonly HttpFetcher _fetcher;
    private readonly Func<Asked, Reply> _answer;

    /// <summary>A request as it came.</summary>
    internal sealed record Asked(string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers)
    {
        public required string Method { get; init; }

        public required string Body { get; init; }
    }

    /// <summary>What is sent back.</summary>
    internal sealed record Reply(int Status, byte[] Body, string Type, params IReadOnlyList<(string Name, string Value)> Headers)
    {
        /// <summary>The body is followed by this, again and again, until nobody listens.</summary>
        public byte[]? Endless { get; init; }

        public static Reply Json(string json, int status = 200, params IReadOnlyList<(string, string)> headers) =>
            new(status, Encoding.UTF8.GetBytes(json), "application/json", headers);

        public static Reply Text(string text, int status = 200, string type = "text/plain") => new(status, Encoding.UTF8.GetBytes(text), type);

        public static Reply None(int status, params IReadOnlyList<(string, string)> headers) => new(status, [], "text/plain", headers);

        /// <summary>As file servers answer: the part that was asked for, 416 past the end.</summary>
        public static Reply Part(byte[] file, Asked asked)
        {
            if (!asked.Headers.TryGetValue("Range", out var range))
                return new(200, file, "application/octet-stream");
            var ends = range["bytes=".Length..].Split('-');
            var (first, last) = (long.Parse(ends[0], null), Math.Min(long.Parse(ends[1], null), file.Length - 1));
            return first >= file.Length ? None(416, ("Content-Range", $"bytes */{file.Length}"))
                : new(206, file[(int)first..(int)(last + 1)], "application/octet-stream", ("Content-Range", $"bytes {first}-{last}/{file.Length}"));
        }
    }

    public LoopbackService(Func<Asked, Reply> answer)
    {
        _answer = answer;
        (_listener, Port) = Listen();
        _fetcher = new(
            new() { Contact = "test@example.org", TotalTime = TimeSpan.FromSeconds(20) },
            new(new() { AllowedNetworks = ["127.0.0.0/8"], AllowedAuthorities = [$"127.0.0.1:{Port}"] }), TimeProvider.System);
        _ = ServeAsync();
    }

    public int Port { get; }

    public ConcurrentQueue<Asked> Log { get; } = [];

    public HttpFetcher Fetcher => _fetcher;

    public WebAddress At(string path) => WebAddress.Parse($"http://127.0.0.1:{Port}{path}");

    public Task<FetchResult> FetchAsync(ProviderRequest request, CancellationToken stop) => _fetcher.FetchAsync(request.Request, stop);

    private static (HttpListener, int) Listen()
    {
        for (var tries = 0; ; tries++)
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (tries < 20)
            {
            }
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var query = context.Request.QueryString;
            using var body = new StreamReader(context.Request.InputStream);
            var asked = new Asked(
                context.Request.Url!.AbsolutePath,
                query.AllKeys.OfType<string>().ToDictionary(key => key, key => query[key] ?? ""),
                context.Request.Headers.AllKeys.OfType<string>().ToDictionary(key => key, key => context.Request.Headers[key] ?? "", StringComparer.OrdinalIgnoreCase))
            {
                Method = context.Request.HttpMethod,
                Body = await body.ReadToEndAsync(),
            };
            Log.Enqueue(asked);
            var reply = _answer(asked);
            context.Response.StatusCode = reply.Status;
            context.Response.ContentType = reply.Type;
            foreach (var (name, value) in reply.Headers)
                context.Response.AddHeader(name, value);
            if (reply.Endless is { } more)
            {
                _ = StreamAsync(context.Response, reply.Body, more);
                continue;
            }
            context.Response.ContentLength64 = reply.Body.Length;
            await context.Response.OutputStream.WriteAsync(reply.Body);
            context.Response.Close();
        }
    }

    private static async Task StreamAsync(HttpListenerResponse response, byte[] begin, byte[] more)
    {
        try
        {
            response.SendChunked = true;
            await response.OutputStream.WriteAsync(begin);
            while (true)
                await response.OutputStream.WriteAsync(more);
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            response.Abort();
        }
    }

    public void Dispose()
    {
        _listener.Close();
        _fetcher.Dispose();
    }
}

/// <summary>Goes through everything that a provider has.</summary>
internal static class Providing
{
    /// <summary>All pages; each is asked of a new provider, as after a restart, if there is a way to make one.</summary>
    public static async Task<List<ProviderPage>> AllAsync(Func<IProvider> make, ProviderFetch fetch, Query? query = null, bool restart = true)
    {
        List<ProviderPage> pages = [];
        var provider = make();
        string? cursor = null;
        do
        {
            pages.Add(await provider.FindAsync(query, cursor, fetch, TestContext.Current.CancellationToken));
            cursor = pages[^1].Next;
            if (restart)
                provider = make();
            Assert.InRange(pages.Count, 0, 200);
        }
        while (cursor is not null);
        return pages;
    }

    public static IEnumerable<Candidate> Candidates(this IEnumerable<ProviderPage> pages) => pages.SelectMany(page => page.Candidates);

    /// <summary>Nothing is asked of the web.</summary>
    public static Task<FetchResult> Nothing(ProviderRequest request, CancellationToken stop) =>
        throw new InvalidOperationException($"nobody should ask for {request.Request.Address}");
}
