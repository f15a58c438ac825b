using System.Security.Cryptography;
using System.Text;
using WebImageText.Shards.Stores;

namespace WebImageText.Pipeline.Runs;

/// <summary>
/// Ties a data set to the journal that decides its shards: <c>manifest/writer.txt</c> names the state folder of the run that began
/// it. Without it, a second run from elsewhere would number its shards from 0 again and take the names of those that are there.
/// </summary>
internal static class WriterMark
{
    /// <summary>Its name, in the store and in the state folder.</summary>
    private const string FileName = "writer.txt";

    private const string Name = "manifest/" + FileName;
    private const int MostBytes = 1024;

    /// <summary>Takes the data set for this state folder, or sees that it is taken for it already.</summary>
    /// <exception cref="OtherWriterException">It belongs to a run with another state folder.</exception>
    public static async Task TakeAsync(IShardStore store, string state, CancellationToken stop)
    {
        var id = await OwnAsync(state, stop).ConfigureAwait(false);
        if (await ReadAsync(store, stop).ConfigureAwait(false) is not { } writer)
        {
            var token = $"w{id}"[..32];
            await store.StageAsync(Name, token, (stream, cancel) => stream.WriteAsync(Encoding.ASCII.GetBytes(id + "\n"), cancel).AsTask(), stop).ConfigureAwait(false);
            try
            {
                await store.PublishAsync(Name, token, Existing.Refuse, stop).ConfigureAwait(false);
            }
            catch (Exception lost) when (lost is AlreadyPublishedException or FileNotFoundException)
            {
                await store.DiscardAsync(Name, token, stop).ConfigureAwait(false);
            }
            writer = await ReadAsync(store, stop).ConfigureAwait(false);
        }
        if (writer != id)
            throw new OtherWriterException(store.Location, state);
    }

    private static async Task<string?> ReadAsync(IShardStore store, CancellationToken stop) =>
        await store.FindAsync(Name, stop).ConfigureAwait(false) is null
            ? null
            : Encoding.ASCII.GetString(await store.ReadAllAsync(Name, MostBytes, stop).ConfigureAwait(false)).Trim();

    private static async Task<string> OwnAsync(string state, CancellationToken stop)
    {
        var folder = new FolderStore(state);
        if (await folder.FindAsync(FileName, stop).ConfigureAwait(false) is not null)
            return Encoding.ASCII.GetString(await folder.ReadAllAsync(FileName, MostBytes, stop).ConfigureAwait(false)).Trim();
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await folder.WriteAllAsync(FileName, "new", Encoding.ASCII.GetBytes(id + "\n"), stop).ConfigureAwait(false);
        return id;
    }
}

/// <summary>A data set cannot be gone on with from here.</summary>
public sealed class OtherWriterException(string dataSet, string state) : Exception(
    $"The data set in '{dataSet}' is written by a run whose state is not in '{state}': only its journal knows which shards there are. "
    + "Go on with the folder that it began with (option --state), or give another --out.");
