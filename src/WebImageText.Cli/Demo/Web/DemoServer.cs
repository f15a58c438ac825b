using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace WebImageText.Cli.Demo.Web;

/// <summary>Serves a plan over HTTP/1.1 on loopback: all hosts on one port, told apart by the Host header.</summary>
/// <remarks>Pictures are drawn when they are asked for, and not kept: memory stays flat, and the start waits for nothing.</remarks>
internal sealed class DemoServer : IAsyncDisposable
{
    private const int LogLength = 200_000;

    private readonly DemoPlan _plan;
    private readonly DemoWebOptions _options;
    private readonly SearchEngine _search;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<DemoRequest> _log = new();

    private DemoServer(DemoPlan plan, DemoWebOptions options)
    {
        (_plan, _options, _search) = (plan, options, new SearchEngine(plan.Hits));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        // A stalled answer must not hold up the end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<DemoRequest> Log => [.. _log];

    public static async Task<DemoServer> StartAsync(DemoPlan plan, DemoWebOptions options, CancellationToken stop)
    {
        var server = new DemoServer(plan, options);
        await server._app.StartAsync(stop);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _log.Enqueue(new(_options.Time.GetUtcNow(), http.Request.Method, http.Request.Host.Host, target, http.Request.Headers.UserAgent.ToString()));
        if (_log.Count > LogLength)
            _log.TryDequeue(out _);

        if (http.Request.Host.Host == $"search.{DemoPlan.Domain}" && http.Request.Path == "/search")
            await SearchAsync(http);
        else
            await AnswerAsync(http, _plan.Answers.GetValueOrDefault($"http://{http.Request.Host.Host}{target}") ?? new DemoAnswer.Status(404));
    }

    private Task SearchAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (query["format"] != "json")
            return SendAsync(http, "text/html", "<!doctype html><title>Search</title>"u8.ToArray());
        var page = int.TryParse(query["pageno"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;
        return SendAsync(http, "application/json", _search.Answer(query["q"].ToString(), page));
    }

    private async Task AnswerAsync(HttpContext http, DemoAnswer answer)
    {
        foreach (var (name, value) in answer.Headers)
            http.Response.Headers.Append(name, value);
        switch (answer)
        {
            case DemoAnswer.Text text:
                await SendAsync(http, text.ContentType, text.Encode());
                break;
            case DemoAnswer.Picture picture:
                await SendAsync(http, picture.File.ContentType, picture.File.Encode());
                break;
            case DemoAnswer.Redirect redirect:
                http.Response.StatusCode = StatusCodes.Status302Found;
                http.Response.Headers.Location = redirect.To;
                break;
            case DemoAnswer.Status status:
                http.Response.StatusCode = status.Code;
                await SendAsync(http, "text/plain", "There is nothing here.\n"u8.ToArray());
                break;
            case DemoAnswer.Stalled:
                await StallAsync(http);
                break;
            case DemoAnswer.Huge huge:
                await FloodAsync(http, huge.Declared);
                break;
            case DemoAnswer.Cut cut:
                var whole = cut.File.Encode();
                http.Response.ContentType = cut.File.ContentType;
                http.Response.ContentLength = whole.Length;
                await http.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                http.Abort();
                break;
        }
    }

    private static Task SendAsync(HttpContext http, string contentType, byte[] body)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }

    private async Task StallAsync(HttpContext http)
    {
        http.Response.ContentType = "image/jpeg";
        http.Response.ContentLength = 20_000;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await http.Response.Body.WriteAsync(new byte[] { 0xff, 0xd8, 0xff, 0xe0 }, stop.Token);
        await http.Response.Body.FlushAsync(stop.Token);
        await Task.Delay(_options.Stall, _options.Time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Abort();
    }

    private async Task FloodAsync(HttpContext http, bool declared)
    {
        http.Response.ContentType = "image/jpeg";
        http.Response.ContentLength = declared ? _options.HugeBytes : null;
        var piece = new byte[64 * 1024];
        for (var left = _options.HugeBytes; left > 0 && !http.RequestAborted.IsCancellationRequested; left -= piece.Length)
            await http.Response.Body.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), http.RequestAborted);
    }
}
