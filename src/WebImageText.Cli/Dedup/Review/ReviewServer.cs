using System.Net;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace WebImageText.Cli.Dedup.Review;

/// <summary>The review page, on loopback: pairs, their pictures, and a place to leave verdicts.</summary>
/// <remarks>
/// Other pages in the browser must not vote: a request for another host name than loopback's is refused (a name of theirs may
/// point here), and so is a verdict whose Origin is not this page.
/// </remarks>
internal sealed class ReviewServer : IAsyncDisposable
{
    private const string Policy = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
    private const int LongestVerdict = 1024;

    private readonly IReadOnlyList<AlikePair> _pairs;
    private readonly PairPictures _pictures;
    private readonly Verdicts _verdicts;
    private readonly WebApplication _app;

    private ReviewServer(IReadOnlyList<AlikePair> pairs, PairPictures pictures, Verdicts verdicts, int port)
    {
        (_pairs, _pictures, _verdicts) = (pairs, pictures, verdicts);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestVerdict;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Where the page is.</summary>
    public Uri Address => new(_app.Urls.First());

    public static async Task<ReviewServer> StartAsync(
        IReadOnlyList<AlikePair> pairs, PairPictures pictures, Verdicts verdicts, int port, CancellationToken stop)
    {
        var server = new ReviewServer(pairs, pictures, verdicts, port);
        await server._app.StartAsync(stop);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var (request, headers) = (http.Request, http.Response.Headers);
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        if (request.Host.Host is not ("127.0.0.1" or "localhost"))
        {
            http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return;
        }
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        await ((request.Method, path) switch
        {
            ("GET", []) => SendAsync(http, "text/html; charset=utf-8", Resource("review.html")),
            ("GET", ["favicon.ico"]) => SendAsync(http, "image/x-icon", []), // asked for by every browser
            ("GET", ["review.css"]) => SendAsync(http, "text/css; charset=utf-8", Resource("review.css")),
            ("GET", ["review.js"]) => SendAsync(http, "text/javascript; charset=utf-8", Resource("review.js")),
            ("GET", ["pairs.json"]) => SendAsync(http, "application/json", JsonSerializer.SerializeToUtf8Bytes(_pairs.Select(pair => new
            {
                set = pair.Set,
                file = pair.File,
                crawl = pair.Crawl,
                score = pair.Score,
                is_over = pair.IsOver,
                is_copy = _verdicts.Of(pair.Set, pair.File, pair.Crawl),
            }))),
            ("GET", ["left", var number]) when PairOf(number) is { } pair => SendAsync(http, "image/webp", _pictures.Evaluation(pair)),
            ("GET", ["right", var number]) when PairOf(number) is { } pair => SendAsync(http, "image/webp", _pictures.Crawl(pair)),
            ("PUT", ["verdicts", var number]) when PairOf(number) is { } pair => JudgeAsync(http, pair),
            _ => SendAsync(http, "text/plain", null),
        });
    }

    private async Task JudgeAsync(HttpContext http, AlikePair pair)
    {
        var isOwn = http.Request.Headers.Origin is [{ } origin] && origin == $"http://{http.Request.Host}" && http.Request.HasJsonContentType();
        if (isOwn && await ReadAsync(http) is { } body && body.TryGetProperty("is_copy", out var said)
            && said.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null)
        {
            _verdicts.Set(pair, said.ValueKind == JsonValueKind.Null ? null : said.GetBoolean());
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        http.Response.StatusCode = isOwn ? StatusCodes.Status400BadRequest : StatusCodes.Status403Forbidden;
    }

    private static async Task<JsonElement?> ReadAsync(HttpContext http)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, new() { MaxDepth = 4 }, http.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Object ? body.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private AlikePair? PairOf(string number) =>
        int.TryParse(number, System.Globalization.NumberStyles.None, null, out var at) && at < _pairs.Count ? _pairs[at] : null;

    private static async Task SendAsync(HttpContext http, string type, byte[]? body)
    {
        if (body is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static byte[] Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"WebImageText.Cli.Dedup.Review.{name}")
            ?? throw new InvalidOperationException($"'Dedup/Review/{name}' is not part of the program.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
