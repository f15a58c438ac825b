using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebImageText.Tests.Shards.Stores;

/// <summary>What becomes of one connection.</summary>
internal enum Fault
{
    /// <summary>It works.</summary>
    None,
    /// <summary>The request is answered with 503, and never reaches the server.</summary>
    Busy,
    /// <summary>The request is answered with 500, and never reaches the server.</summary>
    Broken,
    /// <summary>The connection is reset while the client sends.</summary>
    CutRequest,
    /// <summary>The server gets the whole request and does it; the connection is reset before or within the answer.</summary>
    CutAnswer,
    /// <summary>The connection is reset within the body of a larger answer.</summary>
    CutBody,
    /// <summary>The first request is answered; the server does the second, and its answer is lost.</summary>
    CutSecondAnswer,
    /// <summary>Bytes trickle.</summary>
    Slow,
}

/// <summary>A TCP proxy before an HTTP server that breaks connections by a plan: the same plan breaks the same ones.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private const int BytesBeforeCut = 5_000;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, Fault> _plan;
    private readonly int _server;
    private readonly Task _accepting;
    private int _connections;

    /// <summary>Before <paramref name="server"/> on the loopback; the plan tells by the number of the connection.</summary>
    public FaultyProxy(int server, Func<int, Fault> plan)
    {
        (_server, _plan) = (server, plan);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Connections => _connections;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client, _plan(_connections++));
        }
    }

    private async Task ServeAsync(TcpClient client, Fault fault)
    {
        using (client)
            try
            {
                if (fault is Fault.Busy or Fault.Broken)
                {
                    await AnswerAsync(client.GetStream(), fault == Fault.Busy ? "503 Server Busy" : "500 Internal Server Error");
                    return;
                }
                using var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
                var (near, far) = (client.GetStream(), server.GetStream());
                var (slow, answered, again) = (fault == Fault.Slow, false, false);
                var up = PumpAsync(near, far, fault == Fault.CutRequest ? BytesBeforeCut : null, slow, Up);
                var down = PumpAsync(
                    far, near, fault switch { Fault.CutAnswer => 40, Fault.CutBody => 6 * BytesBeforeCut, _ => null }, slow, Down);
                await Task.WhenAny(up, down);
                client.LingerState = new(true, 0); // a reset, not a polite end

                bool Up()
                {
                    again |= answered;
                    return true;
                }

                bool Down()
                {
                    answered = true;
                    return !again || fault != Fault.CutSecondAnswer;
                }
            }
            catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
            }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, int? most, bool slow, Func<bool> passes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(slow ? 2_000 : 65_536);
        try
        {
            for (var left = most ?? int.MaxValue; left > 0;)
            {
                var read = await from.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, left)), _stop.Token);
                if (read == 0 || !passes())
                    return;
                if (slow)
                    await Task.Delay(5, _stop.Token);
                await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
                left -= most is null ? 0 : read;
            }
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Answers without having read the body, as a server under load does.</summary>
    private async Task AnswerAsync(NetworkStream near, string status)
    {
        var buffer = new byte[65_536];
        if (await near.ReadAsync(buffer, _stop.Token) == 0)
            return;
        await near.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
        near.Socket.Shutdown(SocketShutdown.Send);
        while (await near.ReadAsync(buffer, _stop.Token) > 0)
        {
        }
    }
}
