using System.Runtime.CompilerServices;
using WebImageText.Shards.Tar;

namespace WebImageText.Shards;

/// <summary>Reads samples from tars anywhere on disk, ours or others': what training and <c>head</c> start from.</summary>
public static class SampleReader
{
    private const int BufferBytes = 1 << 20;

    /// <summary>The samples of one tar, in order.</summary>
    /// <inheritdoc cref="ShardTarReader.SamplesAsync" path="/exception"/>
    /// <param name="path">The tar.</param>
    /// <param name="offset">Where to begin: 0, or the <see cref="Sample.Offset"/> of a sample, to go on after an interruption.</param>
    /// <param name="limits">How much the tar may ask for; null for the defaults.</param>
    /// <param name="stop">Gives up.</param>
    public static async IAsyncEnumerable<Sample> ReadAsync(
        string path, long offset = 0, ShardTarLimits? limits = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        file.Seek(offset, SeekOrigin.Begin);
        await foreach (var sample in new ShardTarReader(file, path, limits).SamplesAsync(stop))
            yield return sample with { Offset = sample.Offset + offset };
    }
}
