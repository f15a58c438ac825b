using System.Net;
using System.Net.Sockets;

namespace WebImageText.Tests.Hostile;

/// <summary>A port of this machine that nobody may come to; it counts who does.</summary>
internal sealed class Canary : IAsyncDisposable
{
    private readonly List<TcpListener> _listeners = [new(IPAddress.Loopback, 0)];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _listening;
    private int _contacts;

    public Canary()
    {
        _listeners[0].Start();
        if (Socket.OSSupportsIPv6)
        {
            try
            {
                var six = new TcpListener(IPAddress.IPv6Loopback, Port);
                six.Start();
                _listeners.Add(six);
            }
            catch (SocketException)
            {
                // A machine without ::1 cannot be contacted there.
            }
        }
        _listening = Task.WhenAll(_listeners.Select(AcceptAsync));
    }

    public int Port => ((IPEndPoint)_listeners[0].LocalEndpoint).Port;

    public int Contacts => Volatile.Read(ref _contacts);

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _contacts);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _listening;
        _listeners.ForEach(listener => listener.Dispose());
        _end.Dispose();
    }
}
