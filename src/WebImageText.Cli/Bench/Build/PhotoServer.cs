using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace WebImageText.Cli.Bench.Build;

/// <summary>Serves photographs from memory on loopback: <c>/NUMBER.jpg</c>, whatever the query.</summary>
internal sealed class PhotoServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PhotoServer(IReadOnlyList<byte[]> photos)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        _app = builder.Build();
        _app.Run(http =>
        {
            var name = (http.Request.Path.Value ?? "/").AsSpan(1);
            if (!name.EndsWith(".jpg") || !int.TryParse(name[..^4], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= photos.Count)
            {
                http.Response.StatusCode = 404;
                return Task.CompletedTask;
            }
            http.Response.ContentType = "image/jpeg";
            http.Response.ContentLength = photos[number].Length;
            return http.Response.Body.WriteAsync(photos[number], http.RequestAborted).AsTask();
        });
    }

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<PhotoServer> StartAsync(IReadOnlyList<byte[]> photos, CancellationToken stop)
    {
        var server = new PhotoServer(photos);
        await server._app.StartAsync(stop);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
