using System.Globalization;
using System.Runtime.CompilerServices;

namespace WebImageText.Shards.Tar;

/// <summary>
/// Reads a tar forward, sample by sample, by webdataset's rules: the key ends at the first dot of the last path segment, members
/// with the same key must stand side by side, extensions are lower-cased.
/// </summary>
/// <remarks>
/// Unlike tarfile it says when the archive is cut: even on a member's edge, and even when only the two blocks of zeros at the end
/// are missing. Extended headers (PAX, GNU long names) of other writers are understood.
/// </remarks>
/// <param name="source">The archive, not compressed; read forward, stays open.</param>
/// <param name="file">Its name, for messages.</param>
/// <param name="limits">How much it may ask for; null for the defaults.</param>
public sealed class ShardTarReader(Stream source, string file, ShardTarLimits? limits = null)
{
    private const int BlockBytes = UstarWriter.BlockBytes;
    private const int LongestExtension = 1 << 16;

    private readonly ShardTarLimits _limits = limits ?? new();
    private readonly byte[] _block = new byte[BlockBytes];
    private long _position;
    private (string? Name, long? Size) _extended;

    /// <summary>Members that were passed over: links, folders, hidden files, names without extension.</summary>
    public int SkippedMembers { get; private set; }

    /// <summary>Extended headers seen; a shard of ours has none.</summary>
    public int ExtendedHeaders { get; private set; }

    /// <summary>The samples, in the order of the archive. Can be run once.</summary>
    /// <exception cref="ShardFormatException">
    /// The archive is cut, altered, has one extension twice in a sample, or asks for more than the limits.
    /// </exception>
    public async IAsyncEnumerable<Sample> SamplesAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        Sample? current = null;
        var members = new Dictionary<string, ReadOnlyMemory<byte>>();
        await foreach (var (name, offset, content) in MembersAsync(stop))
        {
            if (SampleName.IsMetadata(name) || SampleName.Split(name) is not var (key, extension))
            {
                SkippedMembers++;
                continue;
            }
            if (key != current?.Key)
            {
                if (current is not null)
                    yield return current;
                members = [];
                current = new(key, offset, members);
            }
            if (!members.TryAdd(extension, content))
                throw Bad($"the sample '{key}' has '{extension}' twice");
            if (members.Count > _limits.SampleMembers || members.Values.Sum(member => (long)member.Length) > _limits.SampleBytes)
                throw Bad($"the sample '{key}' is larger than {_limits.SampleMembers} members or {_limits.SampleBytes} bytes");
        }
        if (current is not null)
            yield return current;
    }

    private async IAsyncEnumerable<(string Name, long Offset, byte[] Content)> MembersAsync([EnumeratorCancellation] CancellationToken stop)
    {
        while (true)
        {
            var offset = _position;
            await ReadBlockAsync(stop);
            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
            {
                await CheckEndAsync(stop);
                yield break;
            }
            var header = ParseHeader();
            if (await ReadExtensionAsync(header, stop))
                continue;
            var name = _extended.Name ?? header.Name;
            var size = header.HasContent ? _extended.Size ?? header.Size : 0;
            _extended = default;
            if (!SampleName.IsSafe(name))
                throw Bad($"the member name '{Shown(name)}' leads out of the folder or holds control characters");
            if (size < 0 || size > _limits.MemberBytes)
                throw Bad($"the member '{name}' claims {size} bytes; {_limits.MemberBytes} are allowed");
            if (header.Type == 'S')
                throw Bad($"the member '{name}' is a sparse file");
            var content = await ReadContentAsync((int)size, stop);
            if (header.IsFile)
                yield return (name, offset, content);
            else
                SkippedMembers++;
        }
    }

    private TarHeader ParseHeader()
    {
        try
        {
            return TarHeader.Parse(_block);
        }
        catch (FormatException broken)
        {
            throw Bad(broken.Message);
        }
    }

    /// <summary>Takes in a header that is about the next one.</summary>
    private async ValueTask<bool> ReadExtensionAsync(TarHeader header, CancellationToken stop)
    {
        if (header.Type is not ('x' or 'g' or 'L' or 'K'))
            return false;
        ExtendedHeaders++;
        if (header.Size > LongestExtension)
            throw Bad($"an extended header claims {header.Size} bytes");
        var content = await ReadContentAsync((int)header.Size, stop);
        try
        {
            if (header.Type == 'L')
                _extended.Name = TarHeader.Text(content);
            else if (header.Type == 'x')
                foreach (var (key, value) in PaxRecords.Parse(content))
                    _extended = key switch
                    {
                        "path" => (value, _extended.Size),
                        "size" => (_extended.Name, long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)),
                        _ => _extended,
                    };
        }
        catch (Exception broken) when (broken is FormatException or OverflowException)
        {
            throw Bad($"an extended header is broken: {broken.Message}");
        }
        return true;
    }

    private async ValueTask<byte[]> ReadContentAsync(int size, CancellationToken stop)
    {
        var content = GC.AllocateUninitializedArray<byte>(size);
        await ReadAsync(content, stop);
        var padding = (BlockBytes - (size % BlockBytes)) % BlockBytes;
        await ReadAsync(_block.AsMemory(0, padding), stop);
        return content;
    }

    /// <summary>A second block of zeros, and then nothing but zeros: whatever follows would be invisible to every reader.</summary>
    private async ValueTask CheckEndAsync(CancellationToken stop)
    {
        await ReadBlockAsync(stop);
        do
        {
            if (_block.AsSpan().ContainsAnyExcept((byte)0))
                throw Bad("there are bytes after the end of the archive");
        }
        while (await ReadUpToBlockAsync(stop));
    }

    private async ValueTask<bool> ReadUpToBlockAsync(CancellationToken stop)
    {
        var read = await source.ReadAtLeastAsync(_block, BlockBytes, throwOnEndOfStream: false, stop);
        _position += read;
        return read == BlockBytes || (read == 0 ? false : throw Cut());
    }

    private ValueTask ReadBlockAsync(CancellationToken stop) => ReadAsync(_block, stop);

    private async ValueTask ReadAsync(Memory<byte> bytes, CancellationToken stop)
    {
        var read = await source.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        _position += read;
        if (read < bytes.Length)
            throw Cut();
    }

    private ShardFormatException Cut() => new(file,
        $"the tar is cut short after {_position} bytes. Delete the shard and build it again, or copy it again from its source.");

    private ShardFormatException Bad(string problem) =>
        new(file, $"{problem} (before byte {_position}). The tar is damaged or was not made for WebDataset: build the shard again.");

    private static string Shown(string name) => string.Concat(name.Take(80).Select(c => char.IsControl(c) ? '?' : c));
}
