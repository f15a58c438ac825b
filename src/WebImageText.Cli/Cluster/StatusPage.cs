using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using WebImageText.Cli.Terminal;
using WebImageText.Pipeline;

namespace WebImageText.Cli.Cluster;

/// <summary>The state of the cluster as JSON, for scripts and probes on this machine: read-only, on loopback.</summary>
internal sealed class StatusPage : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StatusPage(ClusterMember member, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        _app = builder.Build();
        _app.Run(async http =>
        {
            if (!HttpMethods.IsGet(http.Request.Method) || http.Request.Path != "/status")
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            var state = await member.StateAsync(http.RequestAborted);
            if (state is null)
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            else
                await http.Response.WriteAsJsonAsync(StatusVerb.ForJson(state), http.RequestAborted);
        });
    }

    public static async Task<StatusPage> StartAsync(ClusterMember member, int port, CancellationToken stop)
    {
        var page = new StatusPage(member, port);
        await page._app.StartAsync(stop);
        Screen.Note($"status at {page._app.Urls.First()}/status");
        return page;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
