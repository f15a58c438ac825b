using System.Text;
using WebImageText.Shards.Stores;

namespace WebImageText.Shards.Takedown;

/// <summary><c>manifest/never-fetch.txt</c>: what was taken down and must not come back, in the form of a run's block list.</summary>
public static class NeverFetch
{
    /// <summary>Its name in the store.</summary>
    public const string Name = "manifest/never-fetch.txt";

    private const int MostBytes = 1 << 30;

    /// <summary>The lines; none where nothing was ever taken down.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(IShardStore store, CancellationToken stop = default) =>
        await store.FindAsync(Name, stop) is null
            ? []
            : Encoding.UTF8.GetString(await store.ReadAllAsync(Name, MostBytes, stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Adds the lines that are not there yet.</summary>
    internal static async Task AddAsync(IShardStore store, IEnumerable<string> lines, string token, CancellationToken stop)
    {
        var known = await ReadAsync(store, stop);
        var all = known.Union(lines).ToList();
        if (all.Count > known.Count)
            await store.WriteAllAsync(Name, token, Encoding.UTF8.GetBytes(string.Concat(all.Select(line => line + "\n"))), stop);
    }
}
