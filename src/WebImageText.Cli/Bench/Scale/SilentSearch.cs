using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WebImageText.Cli.Bench.Scale;

/// <summary>A SearXNG that answers at once and never finds anything: what is left of a query's work is the engine's own.</summary>
internal sealed class SilentSearch : IAsyncDisposable
{
    private static readonly byte[] Nothing = """{"query":"","results":[]}"""u8.ToArray();

    private readonly WebApplication _app;
    private long _asked;

    private SilentSearch()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(http =>
        {
            if (http.Request.Path != "/search")
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
            Interlocked.Increment(ref _asked);
            http.Response.ContentType = "application/json";
            return http.Response.Body.WriteAsync(Nothing, http.RequestAborted).AsTask();
        });
    }

    /// <summary>Queries that were asked.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    public IPEndPoint EndPoint { get; private set; } = null!;

    public static async Task<SilentSearch> StartAsync(CancellationToken stop)
    {
        var search = new SilentSearch();
        await search._app.StartAsync(stop);
        var address = search._app.Urls.First();
        search.EndPoint = new(IPAddress.Loopback, new Uri(address).Port);
        return search;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
