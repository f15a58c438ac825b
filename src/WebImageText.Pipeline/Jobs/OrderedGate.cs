namespace WebImageText.Pipeline.Jobs;

/// <summary>
/// One job at a time, of those who wait the one with the smallest name: the order of a replay, which no clock and no thread
/// decides. Nobody is let in before everybody who has work stands here.
/// </summary>
/// <remarks>
/// Who has work is what the coordinator of the run says. An owner's work is known to it before the one that the work came
/// from leaves (decisions/0008), so the set of those who wait is the same in every replay. Thread-safe.
/// </remarks>
internal sealed class OrderedGate : IJobGate
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Queue<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);
    private HashSet<string>? _expected;
    private bool _isTaken;

    public int Places => 1;

    public Task EnterAsync(string who, CancellationToken stop)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_waiting.TryGetValue(who, out var turns))
                _waiting.Add(who, turns = []);
            turns.Enqueue(turn);
            LetIn();
        }
        return turn.Task.WaitAsync(stop);
    }

    public void Leave()
    {
        lock (_lock)
        {
            _isTaken = false;
            LetIn();
        }
    }

    /// <summary>These have work, and no others.</summary>
    public void Expect(IEnumerable<string> names)
    {
        lock (_lock)
        {
            _expected = [.. names];
            LetIn();
        }
    }

    private void LetIn()
    {
        if (_isTaken || _waiting.Count == 0 || _expected is null || !_expected.All(_waiting.ContainsKey))
            return;
        var (who, turns) = _waiting.First();
        turns.Dequeue().SetResult();
        if (turns.Count == 0)
            _waiting.Remove(who);
        _isTaken = true;
    }

    public void Dispose() { }
}
