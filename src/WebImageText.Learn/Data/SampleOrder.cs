namespace WebImageText.Learn.Data;

/// <summary>Which shards to read, and how.</summary>
/// <param name="Shards">Of one source.</param>
/// <param name="Weight">
/// Passes over the source in an epoch (0.5 takes half of its shards, 2 each twice); with resampling, how much likelier each of its
/// shards is drawn. Default 1.
/// </param>
public sealed record SampleSource(IReadOnlyList<TarShard> Shards, double Weight = 1);

/// <summary>Where a reader is: everything that it needs to go on with the very next sample.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Position">Samples of the epoch that this rank has taken, broken ones too.</param>
/// <param name="Rank">Whose place this is.</param>
/// <param name="Ranks">How many shared the epoch.</param>
public readonly record struct SampleCursor(int Epoch, long Position, int Rank = 0, int Ranks = 1);

/// <summary>
/// The order of samples: for each epoch the shards in an order that depends on seed and epoch alone, cut into equal stretches for
/// the ranks; within a stretch, windows of samples are shuffled. Pure: the same arguments give the same order everywhere.
/// </summary>
/// <remarks>
/// Windows rather than a rolling buffer, so that a place in the order is two numbers, and going on from there reads one window
/// again and not the whole epoch.
/// </remarks>
public sealed class SampleOrder
{
    private readonly IReadOnlyList<SampleSource> _sources;
    private readonly ulong _seed;
    private readonly bool _resample;

    /// <summary>An order of these sources.</summary>
    /// <param name="sources">At least one with a sample.</param>
    /// <param name="seed">Of every shuffle.</param>
    /// <param name="window">Samples that are shuffled together; 1 keeps the order of the tars.</param>
    /// <param name="resample">Shards are drawn with replacement; an epoch is then as many samples as an exact one.</param>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    public SampleOrder(IReadOnlyList<SampleSource> sources, ulong seed, int window, bool resample = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        (_sources, _seed, Window, _resample) = (sources, seed, window, resample);
        Samples = (long)sources.Sum(source => source.Weight * source.Shards.Sum(shard => shard.Samples));
        if (Samples < 1)
            throw new ArgumentException("The sources hold no sample.", nameof(sources));
    }

    /// <summary>Samples that are shuffled together.</summary>
    public int Window { get; }

    /// <summary>Samples of an epoch of all ranks, as near as weights allow.</summary>
    public long Samples { get; }

    /// <summary>The shards of an epoch, in order; the same for every rank.</summary>
    public IReadOnlyList<TarShard> Epoch(int epoch)
    {
        var dice = new SeededDice(_seed, (ulong)epoch, 0);
        var shards = _resample ? Drawn(dice) : _sources.SelectMany(source => Passes(source, dice)).ToList();
        if (!_resample)
            dice.Shuffle(shards);
        return shards;
    }

    /// <summary>The stretch of an epoch that is a rank's.</summary>
    /// <returns>First sample, and the one after the last.</returns>
    public static (long First, long End) Stretch(long samples, int rank, int ranks) =>
        ((long)((Int128)samples * rank / ranks), (long)((Int128)samples * (rank + 1) / ranks));

    /// <summary>In which order the samples of a window are given out: places in the window.</summary>
    /// <param name="cursor">Any place in the window.</param>
    /// <param name="count">Samples of the window; the last of a stretch has fewer.</param>
    public int[] Shuffled(SampleCursor cursor, int count)
    {
        int[] places = [.. Enumerable.Range(0, count)];
        var dice = new SeededDice(_seed, (ulong)cursor.Epoch, 1 + (ulong)(cursor.Position / Window) * (ulong)cursor.Ranks + (ulong)cursor.Rank);
        dice.Shuffle(places);
        return places;
    }

    private static IEnumerable<TarShard> Passes(SampleSource source, SeededDice dice)
    {
        var whole = (int)source.Weight;
        for (var pass = 0; pass < whole; pass++)
            foreach (var shard in source.Shards)
                yield return shard;
        var rest = (int)Math.Round((source.Weight - whole) * source.Shards.Count);
        if (rest == 0)
            yield break;
        var some = source.Shards.ToArray();
        dice.Shuffle(some);
        foreach (var shard in some.Take(rest))
            yield return shard;
    }

    private List<TarShard> Drawn(SeededDice dice)
    {
        var shards = new List<TarShard>();
        var total = _sources.Sum(source => source.Weight * source.Shards.Count);
        for (var samples = 0L; samples < Samples;)
        {
            var at = dice.Next() * total;
            var source = _sources[0];
            foreach (var candidate in _sources.Where(candidate => candidate.Shards.Count > 0))
            {
                source = candidate;
                if ((at -= candidate.Weight * candidate.Shards.Count) < 0)
                    break;
            }
            var shard = source.Shards[dice.Below(source.Shards.Count)];
            shards.Add(shard);
            samples += shard.Samples;
        }
        return shards;
    }
}
