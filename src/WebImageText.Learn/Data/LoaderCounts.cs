using System.Collections.Concurrent;

namespace WebImageText.Learn.Data;

/// <summary>What became of the samples that a loader took; may be read while it works.</summary>
public sealed class LoaderCounts
{
    private readonly ConcurrentDictionary<string, long> _broken = [];
    private long _good;

    /// <summary>Samples that came into batches.</summary>
    public long Good => Interlocked.Read(ref _good);

    /// <summary>Samples that did not, by reason.</summary>
    public IReadOnlyDictionary<string, long> Broken => _broken;

    /// <summary>Samples that did not come into batches.</summary>
    public long AllBroken => _broken.Values.Sum();

    internal void AddGood(int samples) => Interlocked.Add(ref _good, samples);

    internal void AddBroken(string reason) => _broken.AddOrUpdate(reason, 1, (_, before) => before + 1);
}
