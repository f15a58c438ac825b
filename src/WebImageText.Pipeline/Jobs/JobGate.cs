namespace WebImageText.Pipeline.Jobs;

/// <summary>
/// Bounds the jobs that work on this node at once, and by that the candidates in memory; whoever enters leaves once its
/// candidates have durable verdicts.
/// </summary>
internal interface IJobGate : IDisposable
{
    /// <summary>Jobs that work at once.</summary>
    int Places { get; }

    /// <param name="who">Name of the owner of the job.</param>
    /// <param name="stop">Gives up.</param>
    Task EnterAsync(string who, CancellationToken stop);

    void Leave();
}

/// <summary>First come, first served.</summary>
internal sealed class JobGate(int places) : IJobGate
{
    private readonly SemaphoreSlim _places = new(places);

    public int Places => places;

    public Task EnterAsync(string who, CancellationToken stop) => _places.WaitAsync(stop);

    public void Leave() => _places.Release();

    public void Dispose() => _places.Dispose();
}
