namespace WebImageText.Crawl.Trace;

/// <summary>The time of a trace: that of the latest answer it has given. Nobody waits by it: a timer is due at once.</summary>
public sealed class TraceClock : TimeProvider
{
    private long _ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);

    /// <summary>An answer was given.</summary>
    public void Reach(DateTimeOffset at)
    {
        var ticks = at.UtcTicks;
        for (long before; (before = Interlocked.Read(ref _ticks)) < ticks && Interlocked.CompareExchange(ref _ticks, ticks, before) != before;)
        {
        }
    }
}
