namespace WebImageText.Shards.Stores;

/// <summary>Small files, read and written whole.</summary>
public static class StoreFiles
{
    /// <summary>The content of a published file.</summary>
    /// <exception cref="ShardFormatException">The file is larger than <paramref name="most"/> bytes.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static async Task<byte[]> ReadAllAsync(this IShardStore store, string name, int most, CancellationToken stop)
    {
        var length = (await store.FindAsync(name, stop))?.Length
            ?? throw new FileNotFoundException($"There is no '{name}' in {store.Location}.", name);
        if (length > most)
            throw new ShardFormatException(name, $"it has {length} bytes; {most} are allowed.");
        var content = new byte[length];
        await using var stream = await store.OpenReadAsync(name, stop: stop);
        await stream.ReadExactlyAsync(content, stop);
        return content;
    }

    /// <summary>Stages and publishes in one go.</summary>
    public static async Task<StoredFile> WriteAllAsync(
        this IShardStore store, string name, string token, ReadOnlyMemory<byte> content, CancellationToken stop)
    {
        var stored = await store.StageAsync(name, token, (stream, cancel) => stream.WriteAsync(content, cancel).AsTask(), stop);
        await store.PublishAsync(name, token, Existing.Replace, stop);
        return stored;
    }
}
