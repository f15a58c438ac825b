using System.Collections.Concurrent;
using System.Net;

namespace WebImageText.Crawl.Fetch;

/// <summary>
/// The time between two requests to one IP address, whatever host they are for: a machine with a thousand names is one machine.
/// Thread-safe.
/// </summary>
/// <param name="delay">Least time between two starts; null for the default, which spares addresses that are not public: those are one's own.</param>
/// <param name="clock">Tells when.</param>
internal sealed class AddressPace(TimeSpan? delay, TimeProvider clock)
{
    /// <summary>For public addresses where nothing else is asked for. BUbiNG warns its operators under 100 ms.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromMilliseconds(100);

    private const int MostAddresses = 200_000;

    private readonly ConcurrentDictionary<IPAddress, DateTimeOffset> _free = [];

    /// <summary>Waits for this address's turn.</summary>
    /// <param name="address">Where the request goes.</param>
    /// <param name="stop">Gives the turn up; it passes unused.</param>
    public async ValueTask WaitAsync(IPAddress address, CancellationToken stop)
    {
        var least = delay ?? (Addresses.PublicNetworks.IsPublic(address) ? Default : TimeSpan.Zero);
        if (least <= TimeSpan.Zero)
            return;
        var now = clock.GetUtcNow();
        var turn = _free.AddOrUpdate(address, now + least, (_, free) => (free > now ? free : now) + least) - least;
        if (_free.Count > MostAddresses)
            Forget(now);
        // Timers may come a little early.
        while (turn > (now = clock.GetUtcNow()))
            await Task.Delay(turn - now + TimeSpan.FromMilliseconds(1), clock, stop).ConfigureAwait(false);
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var free in _free.Where(free => free.Value < now))
            _free.TryRemove(free);
    }
}
