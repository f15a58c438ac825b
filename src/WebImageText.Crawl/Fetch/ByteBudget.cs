namespace WebImageText.Crawl.Fetch;

/// <summary>
/// Bytes of bodies that are in memory at once, from the wire to their verdict. A body that turns out longer than it seemed may
/// have to wait for others to be done; one at a time goes on whatever there is, so that they never wait for each other. Thread-safe.
/// </summary>
/// <param name="total">Bytes.</param>
internal sealed class ByteBudget(long total)
{
    private readonly long _total = total;
    private readonly Lock _lock = new();
    private readonly Queue<(Lease Lease, long Bytes, TaskCompletionSource Turn)> _waiting = [];
    private long _free = total;
    private Lease? _overdrawn;

    /// <summary>Bytes that are in use.</summary>
    public long Used
    {
        get
        {
            lock (_lock)
                return _total - _free;
        }
    }

    /// <summary>A part of the budget, of no bytes yet; dispose gives it back.</summary>
    public Lease Open() => new(this);

    private Task GrowAsync(Lease lease, long bytes, CancellationToken stop)
    {
        if (bytes <= 0)
            return Task.CompletedTask;
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (_waiting.Count == 0 && TryTake(lease, bytes))
                return Task.CompletedTask;
            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((lease, bytes, turn));
            Grant();
        }
        return AwaitAsync(turn, stop);
    }

    private static async Task AwaitAsync(TaskCompletionSource turn, CancellationToken stop)
    {
        await using var giveUp = stop.Register(() => turn.TrySetCanceled(stop)).ConfigureAwait(false);
        await turn.Task.ConfigureAwait(false);
    }

    private bool TryTake(Lease lease, long bytes)
    {
        if (bytes > _free && _overdrawn != lease)
        {
            if (_overdrawn is not null)
                return false;
            _overdrawn = lease;
        }
        _free -= bytes;
        lease.Bytes += bytes;
        return true;
    }

    // The one that may overdraw need not stand first.
    private void Grant()
    {
        for (var left = _waiting.Count; left > 0; left--)
        {
            var (lease, bytes, turn) = _waiting.Dequeue();
            if (turn.Task.IsCompleted)
                continue;
            if (!TryTake(lease, bytes))
                _waiting.Enqueue((lease, bytes, turn));
            else if (!turn.TrySetResult())
                Return(lease, bytes);
        }
    }

    private void Return(Lease lease, long bytes)
    {
        _free += bytes;
        lease.Bytes -= bytes;
    }

    /// <summary>What one body has of the budget.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly ByteBudget _budget;
        private bool _isHeld;

        internal Lease(ByteBudget budget) => _budget = budget;

        // Whoever loses an answer on the way loses no budget with it.
        ~Lease() => GiveBack();

        internal long Bytes { get; set; }

        /// <summary>Waits until the body may have so many bytes more.</summary>
        public Task GrowAsync(long bytes, CancellationToken stop) => _budget.GrowAsync(this, bytes, stop);

        /// <summary>The lease goes on with an answer, which ends it.</summary>
        public Lease Hold()
        {
            _isHeld = true;
            return this;
        }

        /// <summary>Ends the lease of a body that came to nothing.</summary>
        public void EndUnlessHeld()
        {
            if (!_isHeld)
                Dispose();
        }

        /// <summary>It turned out to be of this length: no wait, since it is there.</summary>
        public void Settle(long bytes)
        {
            lock (_budget._lock)
            {
                _budget._free -= bytes - Bytes;
                Bytes = bytes;
                End();
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            GiveBack();
            GC.SuppressFinalize(this);
        }

        private void GiveBack()
        {
            lock (_budget._lock)
            {
                _budget.Return(this, Bytes);
                End();
            }
        }

        private void End()
        {
            if (_budget._overdrawn == this)
                _budget._overdrawn = null;
            _budget.Grant();
        }
    }
}
