namespace WebImageText.Crawl.Fetch;

/// <summary>
/// Downloads at once: more while all goes well, half as many when this machine fails (names, routes, ports, file handles), and
/// then a pause. Sites take turns, and none has more than its share, of the places and, while others are asked, of all
/// downloads so far. Thread-safe.
/// </summary>
/// <param name="most">Never more than this.</param>
/// <param name="siteShare">Part of them that one registrable domain may have, 0 to 1; one at a time is always allowed.</param>
/// <param name="clock">Tells when.</param>
internal sealed class FetchPlaces(int most, double siteShare, TimeProvider clock)
{
    private const int First = 64, Least = 4, SlowestPause = 6;
    private static readonly TimeSpan HalvedAtMostEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _inside = [];
    private readonly SiteCounts _counts = new(siteShare);
    private readonly Dictionary<string, Queue<TaskCompletionSource<bool>>> _waiting = [];
    private readonly Queue<string> _turns = [];
    private double _limit = Math.Min(First, most);
    private double _threshold = most;
    private DateTimeOffset _halvedAt, _pausedUntil;
    private int _all, _faultsInARow;
    private bool _wakes;

    /// <summary>Downloads that may be under way now.</summary>
    public int Limit
    {
        get
        {
            lock (_lock)
                return (int)_limit;
        }
    }

    /// <summary>Downloads under way.</summary>
    public int Inside
    {
        get
        {
            lock (_lock)
                return _all;
        }
    }

    /// <summary>Why there are fewer than there could be; null while nothing is wrong here.</summary>
    public string? Trouble
    {
        get
        {
            lock (_lock)
                return _faultsInARow > 0 || _limit < _threshold && _threshold < most ? field : null;
        }
        private set;
    }

    /// <summary>Waits for a place.</summary>
    /// <param name="site">Registrable domain of the host that is asked.</param>
    /// <param name="stop">Gives up.</param>
    public async ValueTask EnterAsync(string site, CancellationToken stop)
    {
        var turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_waiting.TryGetValue(site, out var queue))
            {
                _waiting[site] = queue = [];
                _turns.Enqueue(site);
            }
            queue.Enqueue(turn);
            Grant();
        }
        await using var giveUp = stop.Register(() => turn.TrySetCanceled(stop)).ConfigureAwait(false);
        await turn.Task.ConfigureAwait(false);
    }

    /// <summary>A download has ended.</summary>
    /// <param name="site">As it entered.</param>
    /// <param name="fault">What went wrong with this machine; null when nothing did.</param>
    public void Leave(string site, string? fault)
    {
        lock (_lock)
        {
            _all--;
            if (--_inside[site] == 0)
                _inside.Remove(site);
            if (fault is null)
                Went();
            else
                Failed(fault);
            Grant();
        }
    }

    private void Went()
    {
        _faultsInARow = 0;
        _limit = Math.Min(most, _limit + (_limit < _threshold ? 1 : 1 / _limit));
    }

    private void Failed(string fault)
    {
        var now = clock.GetUtcNow();
        Trouble = fault;
        if (now < _halvedAt + HalvedAtMostEvery)
            return;
        _halvedAt = now;
        _limit = _threshold = Math.Max(Math.Min(Least, most), _limit / 2);
        _pausedUntil = now + TimeSpan.FromSeconds(Math.Pow(2, Math.Min(_faultsInARow++, SlowestPause) - 1));
    }

    // Sites in turn; one that has its share waits, and so do all while there is a pause.
    private void Grant()
    {
        if (_turns.Count == 0 || Pauses())
            return;
        var share = Math.Max(1, (int)Math.Ceiling(siteShare * _limit));
        for (var passed = 0; passed < _turns.Count && _all < (int)_limit;)
        {
            var site = _turns.Dequeue();
            var queue = _waiting[site];
            if (_inside.GetValueOrDefault(site) >= share || _counts.MustWait(site, clock.GetUtcNow()))
            {
                _turns.Enqueue(site);
                passed++;
                continue;
            }
            if (queue.Dequeue().TrySetResult(true))
            {
                _all++;
                _inside[site] = _inside.GetValueOrDefault(site) + 1;
                _counts.Add(site, clock.GetUtcNow());
            }
            if (queue.Count > 0)
                _turns.Enqueue(site);
            else
                _waiting.Remove(site);
        }
        // Nobody may come who would wake those that wait for others.
        if (_turns.Count > 0 && _all < (int)_limit)
            Wake(SiteCounts.OthersFor);
    }

    private bool Pauses()
    {
        var left = _pausedUntil - clock.GetUtcNow();
        if (left > TimeSpan.Zero)
            Wake(left);
        return left > TimeSpan.Zero;
    }

    private void Wake(TimeSpan after)
    {
        if (_wakes)
            return;
        _wakes = true;
        _ = WakeAsync(after);
    }

    private async Task WakeAsync(TimeSpan after)
    {
        await Task.Delay(after, clock).ConfigureAwait(false);
        lock (_lock)
        {
            _wakes = false;
            Grant();
        }
    }
}
