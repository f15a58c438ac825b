using System.Runtime.CompilerServices;

namespace WebImageText.Shards.Stores;

/// <summary>A data set in a local folder. A staged file is <c>.NAME.TOKEN.tmp</c> beside its final name; publishing renames it.</summary>
public sealed class FolderStore : IShardStore
{
    private const int BufferBytes = 1 << 20;
    private readonly string _root;

    /// <summary>The store in <paramref name="folder"/>, which is made when the first file is staged.</summary>
    public FolderStore(string folder) => _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <inheritdoc/>
    public string Location => _root;

    /// <inheritdoc/>
    public async Task<StoredFile> StageAsync(
        string name, string token, Func<Stream, CancellationToken, Task> write, CancellationToken stop = default)
    {
        var staged = StagedPath(name, token);
        var folder = Path.GetDirectoryName(staged)!;
        DurableFolder.Create(folder);
        try
        {
            StoredFile stored;
            await using (var file = new FileStream(staged, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes))
            {
                await using var content = new HashingStream(file);
                await write(content, stop);
                stop.ThrowIfCancellationRequested();
                file.Flush(flushToDisk: true);
                stored = new(name, content.Count, content.Sha256);
            }
            DurableFolder.Flush(folder);
            return stored;
        }
        catch
        {
            File.Delete(staged);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task PublishAsync(string name, string token, Existing existing = Existing.Replace, CancellationToken stop = default)
    {
        var (staged, final) = (StagedPath(name, token), FinalPath(name));
        stop.ThrowIfCancellationRequested();
        if (File.Exists(staged))
            Rename(staged, final, name, existing);
        else if (!File.Exists(final))
            throw new FileNotFoundException(
                $"'{name}' is not staged under token '{token}' in {_root}, and not published either. Write it again.", staged);
        // The rename may have been done by an earlier call that died before its flush.
        DurableFolder.Flush(Path.GetDirectoryName(final)!);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DiscardAsync(string name, string token, CancellationToken stop = default) => Remove(StagedPath(name, token));

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken stop = default) => Remove(FinalPath(name));

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken stop = default)
    {
        StoreName.CheckPrefix(prefix);
        await Task.CompletedTask;
        var found = Files(prefix[..(prefix.LastIndexOf('/') + 1)])
            .Select(file => (Name: NameOf(file.FullName), file.Length))
            .Where(file => file.Name.StartsWith(prefix, StringComparison.Ordinal) && StoreName.IsName(file.Name))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        foreach (var (name, length) in found)
        {
            stop.ThrowIfCancellationRequested();
            yield return new(name, length);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StagedFile> ListStagedAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        await Task.CompletedTask;
        foreach (var name in Files("").Select(file => NameOf(file.FullName)).Order(StringComparer.Ordinal))
        {
            stop.ThrowIfCancellationRequested();
            if (TryParseStaged(name) is { } staged)
                yield return staged;
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string name, long offset = 0, long? length = null, CancellationToken stop = default)
    {
        var path = FinalPath(name);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no '{name}' in {_root}.", path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes);
        file.Seek(offset, SeekOrigin.Begin);
        return Task.FromResult<Stream>(length is { } most ? new FirstBytesStream(file, most) : file);
    }

    /// <inheritdoc/>
    public Task<StoredFile?> FindAsync(string name, CancellationToken stop = default)
    {
        var file = new FileInfo(FinalPath(name));
        return Task.FromResult(file.Exists ? new StoredFile(name, file.Length) : null);
    }

    private void Rename(string staged, string final, string name, Existing existing)
    {
        if (existing == Existing.Replace)
            File.Move(staged, final, overwrite: true);
        else if (!File.Exists(final))
            MoveToNew(staged, final, name);
        else if (SameBytes(staged, final)) // killed between the two halves of a move, or another writer made the very same file
            File.Delete(staged);
        else
            throw new AlreadyPublishedException(name, _root);
    }

    private void MoveToNew(string staged, string final, string name)
    {
        try
        {
            File.Move(staged, final, overwrite: false); // link(2) and unlink(2): fails if someone was faster
        }
        catch (IOException) when (File.Exists(final) && File.Exists(staged))
        {
            throw new AlreadyPublishedException(name, _root);
        }
    }

    private static bool SameBytes(string left, string right)
    {
        using var one = File.OpenRead(left);
        using var other = File.OpenRead(right);
        return one.Length == other.Length
            && System.Security.Cryptography.SHA256.HashData(one).AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(other));
    }

    private static Task Remove(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
        }
        return Task.CompletedTask;
    }

    private IEnumerable<FileInfo> Files(string below)
    {
        var folder = new DirectoryInfo(Path.Combine(_root, below));
        return folder.Exists ? folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }) : [];
    }

    private string NameOf(string path) => Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/');

    private string FinalPath(string name) => Path.Combine(_root, StoreName.Check(name));

    private string StagedPath(string name, string token)
    {
        var final = FinalPath(name);
        return Path.Combine(
            Path.GetDirectoryName(final)!, $".{Path.GetFileName(final)}.{StoreName.CheckToken(token)}{StoreName.TemporarySuffix}");
    }

    private static StagedFile? TryParseStaged(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        var file = path.AsSpan(slash);
        if (file.Length == 0 || file[0] != '.' || !file.EndsWith(StoreName.TemporarySuffix))
            return null;
        var inner = file[1..^StoreName.TemporarySuffix.Length];
        var dot = inner.LastIndexOf('.');
        if (dot < 0 || !StoreName.IsToken(inner[(dot + 1)..]))
            return null;
        var name = string.Concat(path.AsSpan(0, slash), inner[..dot]);
        return StoreName.IsName(name) ? new(name, inner[(dot + 1)..].ToString()) : null;
    }
}
