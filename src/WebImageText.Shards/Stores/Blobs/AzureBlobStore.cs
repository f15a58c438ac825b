using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace WebImageText.Shards.Stores.Blobs;

/// <summary>
/// A data set in a container of Azure Blob. A staged file is a set of uncommitted blocks of its final name, which no reader sees;
/// publishing commits them, in one step. The hash of the whole and the writer's token stand in the blob's metadata.
/// </summary>
/// <remarks>
/// The service drops uncommitted blocks of a name when anyone publishes it, and by itself a week after the last of them; until then
/// they can be neither deleted nor, where the name is published already, be found by <see cref="ListStagedAsync"/>. A writer whose
/// blocks another's publishing dropped is told so when it publishes.
/// </remarks>
public sealed class AzureBlobStore : IShardStore
{
    private const string TokenKey = "wittoken";
    private const string Sha256Key = "sha256";

    private readonly BlobContainerClient _container;
    private readonly string _prefix;
    private readonly AzureBlobOptions _options;

    /// <summary>The store below <paramref name="prefix"/> of a container that exists.</summary>
    /// <param name="container">With credentials and retries as <see cref="AzureBlobs.Open"/> sets them.</param>
    /// <param name="prefix">Beginning of all names, without a slash at the end; empty for the whole container.</param>
    /// <param name="options">Null for the defaults.</param>
    public AzureBlobStore(BlobContainerClient container, string prefix, AzureBlobOptions? options = null)
    {
        StoreName.CheckPrefix(prefix);
        (_container, _prefix, _options) = (container, prefix.Length == 0 ? "" : prefix.TrimEnd('/') + "/", options ?? new());
    }

    /// <inheritdoc/>
    public string Location => $"az://{_container.Name}/{_prefix}".TrimEnd('/');

    /// <inheritdoc/>
    public async Task<StoredFile> StageAsync(
        string name, string token, Func<Stream, CancellationToken, Task> write, CancellationToken stop = default)
    {
        StoreName.CheckToken(token);
        var blob = Blob(name);
        var earlier = (await StagedBlocksAsync(blob, stop)).Where(block => block.Token == token).ToList();
        var attempt = (ushort)(earlier.Count == 0 ? 0 : earlier.Max(block => block.Attempt) + 1);
        await using var blocks = new BlockStream(blob, token, attempt, _options, stop);
        await using var content = new HashingStream(blocks);
        try
        {
            await write(content, stop);
            stop.ThrowIfCancellationRequested();
            var sha256 = content.Sha256;
            await blocks.CompleteAsync(sha256);
            return new(name, content.Count, sha256);
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            await blocks.DiscardAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task PublishAsync(string name, string token, Existing existing = Existing.Replace, CancellationToken stop = default)
    {
        StoreName.CheckToken(token);
        var blob = Blob(name);
        if (BlockId.Newest(await StagedBlocksAsync(blob, stop), token) is not { } blocks)
        {
            await ExpectPublishedAsync(blob, name, token, existing, stop);
            return;
        }
        var commit = new CommitBlockListOptions
        {
            Metadata = new Dictionary<string, string> { [TokenKey] = token, [Sha256Key] = blocks[^1].Sha256 },
            HttpHeaders = new() { ContentType = ContentType(name) },
            Conditions = existing == Existing.Refuse ? new() { IfNoneMatch = ETag.All } : null,
        };
        try
        {
            await blob.CommitBlockListAsync(blocks.Where(block => block.Kind != BlockKind.Empty).Select(block => block.ToString()), commit, stop);
        }
        catch (RequestFailedException lost) when (
            lost.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed || lost.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // Another writer was faster, or this very commit was done and its answer lost.
            await ExpectPublishedAsync(blob, name, token, existing, stop);
        }
    }

    /// <inheritdoc/>
    public async Task DiscardAsync(string name, string token, CancellationToken stop = default)
    {
        StoreName.CheckToken(token);
        var blob = Blob(name);
        var newest = (await StagedBlocksAsync(blob, stop)).Where(block => block.Token == token).MaxBy(block => block.Attempt);
        if (newest is null)
            return;
        await using var mark = new BlockStream(blob, token, newest.Attempt, _options, stop);
        await mark.DiscardAsync();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken stop = default)
    {
        StoreName.CheckPrefix(prefix);
        await foreach (var blob in _container.GetBlobsAsync(new GetBlobsOptions { Prefix = _prefix + prefix, Traits = BlobTraits.Metadata }, stop))
        {
            var name = blob.Name[_prefix.Length..];
            if (StoreName.IsName(name))
                yield return new(name, blob.Properties.ContentLength ?? 0, Sha256(blob.Metadata));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StagedFile> ListStagedAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        var published = new HashSet<string>();
        await foreach (var file in ListAsync("", stop))
            published.Add(file.Name);
        await foreach (var blob in _container.GetBlobsAsync(new GetBlobsOptions { Prefix = _prefix, States = BlobStates.Uncommitted }, stop))
        {
            var name = blob.Name[_prefix.Length..];
            if (!StoreName.IsName(name) || published.Contains(name))
                continue;
            foreach (var token in (await StagedBlocksAsync(Blob(name), stop)).GroupBy(block => block.Token))
                if (token.MaxBy(block => (block.Attempt, block.Kind))!.Kind != BlockKind.Discarded)
                    yield return new(name, token.Key);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string name, long offset = 0, long? length = null, CancellationToken stop = default)
    {
        try
        {
            var range = offset == 0 && length is null ? default : new HttpRange(offset, length);
            return (await Blob(name).DownloadStreamingAsync(new BlobDownloadOptions { Range = range }, stop)).Value.Content;
        }
        catch (RequestFailedException missing) when (missing.Status == (int)HttpStatusCode.NotFound)
        {
            throw new FileNotFoundException($"There is no '{name}' in {Location}.", name, missing);
        }
        catch (RequestFailedException beyond) when (beyond.Status == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return Stream.Null;
        }
    }

    /// <inheritdoc/>
    public async Task<StoredFile?> FindAsync(string name, CancellationToken stop = default) =>
        await PropertiesAsync(Blob(name), stop) is { } found ? new(name, found.ContentLength, Sha256(found.Metadata)) : null;

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken stop = default) => Blob(name).DeleteIfExistsAsync(cancellationToken: stop);

    /// <summary>Nothing of this token is to be published: right if it is published already.</summary>
    private async Task ExpectPublishedAsync(BlockBlobClient blob, string name, string token, Existing existing, CancellationToken stop)
    {
        var there = await PropertiesAsync(blob, stop);
        if (there is not null && there.Metadata.TryGetValue(TokenKey, out var owner) && owner == token)
            return;
        if (there is not null && existing == Existing.Refuse)
            throw new AlreadyPublishedException(name, Location);
        throw new FileNotFoundException(
            $"'{name}' is not staged under token '{token}' in {Location}. Another writer may have published it since. Write it again.", name);
    }

    private async Task<List<BlockId>> StagedBlocksAsync(BlockBlobClient blob, CancellationToken stop)
    {
        try
        {
            var blocks = (await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: stop)).Value.UncommittedBlocks;
            return [.. blocks.Select(block => BlockId.TryParse(block.Name)).OfType<BlockId>()];
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return [];
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            throw NoContainer(missing);
        }
    }

    private DirectoryNotFoundException NoContainer(RequestFailedException missing) => new(
        $"There is no container '{_container.Name}' in {_container.Uri.Host}. Create it: az storage container create -n {_container.Name}", missing);

    private async Task<BlobProperties?> PropertiesAsync(BlockBlobClient blob, CancellationToken stop)
    {
        try
        {
            return (await blob.GetPropertiesAsync(cancellationToken: stop)).Value;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            throw NoContainer(missing);
        }
    }

    private BlockBlobClient Blob(string name) => _container.GetBlockBlobClient(_prefix + StoreName.Check(name));

    private static string? Sha256(IDictionary<string, string>? metadata) =>
        metadata is not null && metadata.TryGetValue(Sha256Key, out var sha256) ? sha256 : null;

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".tar" => "application/x-tar",
        ".json" => "application/json",
        ".parquet" => "application/vnd.apache.parquet",
        _ => "application/octet-stream",
    };
}
