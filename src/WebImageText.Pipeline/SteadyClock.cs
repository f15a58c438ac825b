namespace WebImageText.Pipeline;

/// <summary>
/// The time of day at the start and, from then on, what has passed since: when a clock is set, no host is asked too soon and none is
/// waited for that would be free.
/// </summary>
/// <param name="wall">The clock that people set.</param>
public sealed class SteadyClock(TimeProvider wall) : TimeProvider
{
    private readonly DateTimeOffset _start = wall.GetUtcNow();
    private readonly long _at = wall.GetTimestamp();

    /// <summary>How far the time of day is ahead of this clock.</summary>
    public TimeSpan Ahead => wall.GetUtcNow() - GetUtcNow();

    /// <inheritdoc/>
    public override long TimestampFrequency => wall.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + wall.GetElapsedTime(_at);

    /// <inheritdoc/>
    public override long GetTimestamp() => wall.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => wall.CreateTimer(callback, state, dueTime, period);
}
