namespace WebImageText.Shards.Stores;

/// <summary>
/// The place where a data set lives: files that are whole or absent. A file is staged under a token, out of sight and durable,
/// and then published in one atomic step; whoever reads sees the old file, the new one, or none.
/// </summary>
/// <remarks>
/// Names are relative, with forward slashes (<c>shards/00000.tar</c>); segments hold ASCII letters, digits, <c>. _ -</c> and
/// neither begin with a dot nor end in <c>.tmp</c>. Tokens hold ASCII letters, digits and <c>-</c>, 32 at most. Anything else is
/// an <see cref="ArgumentException"/>. Two writers of one name with different tokens never touch each other's bytes.
/// </remarks>
public interface IShardStore
{
    /// <summary>Where this is, as <see cref="ShardStores.Open"/> takes it; holds no secret.</summary>
    string Location { get; }

    /// <summary>Writes a file where nobody sees it, whole and durable when this returns.</summary>
    /// <param name="name">The name it is to have.</param>
    /// <param name="token">Tells this attempt apart; the same name and token again replaces the earlier attempt.</param>
    /// <param name="write">Writes the content to a stream that only goes forward. When it throws, nothing is staged.</param>
    /// <param name="stop">Gives up; nothing is staged then.</param>
    /// <returns>Length and SHA-256 of what was written.</returns>
    Task<StoredFile> StageAsync(string name, string token, Func<Stream, CancellationToken, Task> write, CancellationToken stop = default);

    /// <summary>
    /// Makes a staged file visible in one step. It needs name and token only, so it can follow a crash, and doing it twice is the
    /// same as doing it once.
    /// </summary>
    /// <param name="name">The final name.</param>
    /// <param name="token">The token under which it was staged.</param>
    /// <param name="existing">What to do with a file that has the name already.</param>
    /// <param name="stop">Gives up; the step was then done or not done.</param>
    /// <exception cref="FileNotFoundException">Nothing is staged under this name and token, and nothing is published.</exception>
    /// <exception cref="AlreadyPublishedException">
    /// Another writer's file has the name, and <paramref name="existing"/> is <see cref="Existing.Refuse"/>.
    /// </exception>
    Task PublishAsync(string name, string token, Existing existing = Existing.Replace, CancellationToken stop = default);

    /// <summary>Drops a staged file; no error when there is none.</summary>
    Task DiscardAsync(string name, string token, CancellationToken stop = default);

    /// <summary>The published files whose names begin with <paramref name="prefix"/>, in ordinal order.</summary>
    IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken stop = default);

    /// <summary>What is staged and neither published nor discarded: the work of live writers, and the leftovers of dead ones.</summary>
    IAsyncEnumerable<StagedFile> ListStagedAsync(CancellationToken stop = default);

    /// <summary>Opens a published file for reading forward.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="offset">First byte to read.</param>
    /// <param name="length">How many bytes at most; null reads to the end.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="FileNotFoundException">No published file has that name.</exception>
    Task<Stream> OpenReadAsync(string name, long offset = 0, long? length = null, CancellationToken stop = default);

    /// <summary>The published file of that name, or null.</summary>
    Task<StoredFile?> FindAsync(string name, CancellationToken stop = default);

    /// <summary>Removes a published file; no error when there is none.</summary>
    Task DeleteAsync(string name, CancellationToken stop = default);
}

/// <summary>What publishing does with a file that stands under the name already.</summary>
public enum Existing
{
    /// <summary>It is replaced.</summary>
    Replace,
    /// <summary>It stays, and the publisher is told: of two writers one wins.</summary>
    Refuse,
}

/// <summary>A published file, or one just staged.</summary>
/// <param name="Name">Relative name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">64 hexadecimal digits; null where the store would have to read the file to know.</param>
public sealed record StoredFile(string Name, long Length, string? Sha256 = null);

/// <summary>A file that is staged.</summary>
/// <param name="Name">The name it is to have.</param>
/// <param name="Token">The token of its writer, or empty where the store cannot tell.</param>
public sealed record StagedFile(string Name, string Token);

/// <summary>Another writer published first.</summary>
public sealed class AlreadyPublishedException(string name, string location) : IOException(
    $"'{name}' in {location} was published by another writer. Discard this one, and look which process writes there besides.")
{
    /// <summary>The name that both wanted.</summary>
    public string Name { get; } = name;
}
