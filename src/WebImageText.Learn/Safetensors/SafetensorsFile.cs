using System.Buffers.Binary;
using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Safetensors;

/// <summary>A safetensors file, open for reading: tensors by name. Nothing in it is ever run, and no byte is read twice.</summary>
/// <remarks>Format: u64 little-endian length, JSON header, data; github.com/huggingface/safetensors.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly FileStream _file;
    private readonly Dictionary<string, TensorEntry> _entries;

    private SafetensorsFile(FileStream file, List<TensorEntry> tensors, Dictionary<string, string> metadata)
    {
        (_file, Tensors, Metadata) = (file, tensors, metadata);
        _entries = tensors.ToDictionary(tensor => tensor.Name);
    }

    /// <summary>Every tensor, in the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>What the writer noted about the whole file; <c>format</c> is <c>pt</c> in files for PyTorch.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header; no tensor is read yet.</summary>
    /// <exception cref="SafetensorsException">The header is not one, or does not fit the file.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            Span<byte> prefix = stackalloc byte[8];
            if (file.Length < 8)
                throw new SafetensorsException($"'{path}' is no safetensors file: it has {file.Length} bytes.");
            file.ReadExactly(prefix);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (length > SafetensorsHeader.MostBytes || (long)length > file.Length - 8)
                throw new SafetensorsException($"'{path}' is no safetensors file, or was cut off: it announces a header of {length} bytes.");
            var header = new byte[(int)length];
            file.ReadExactly(header);
            if (header is not [(byte)'{', ..])
                throw new SafetensorsException($"'{path}' is no safetensors file: its header is not JSON.");
            var (tensors, metadata) = SafetensorsHeader.Parse(header, 8 + header.Length, file.Length, path);
            return new(file, tensors, metadata);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Is there a tensor of this name?</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Reads one tensor into memory; the caller disposes of it.</summary>
    /// <exception cref="SafetensorsException">There is none of that name.</exception>
    public Tensor Read(string name) => _entries.TryGetValue(name, out var entry)
        ? Read(entry)
        : throw new SafetensorsException($"'{_file.Name}' has no tensor '{name}'.");

    /// <summary>Reads every tensor into memory; the caller disposes of them.</summary>
    public Dictionary<string, Tensor> ReadAll() => Tensors.ToDictionary(entry => entry.Name, Read);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private Tensor Read(TensorEntry entry)
    {
        if (entry.Length > int.MaxValue)
            throw new SafetensorsException($"'{_file.Name}', tensor '{entry.Name}': {entry.Length} bytes; at most 2 GiB can be read.");
        var tensor = torch.empty([.. entry.Shape], dtype: entry.Type);
        if (entry.Length > 0 && RandomRead(tensor.bytes, entry.Offset) != entry.Length)
            throw new SafetensorsException($"'{_file.Name}' became shorter while it was read.");
        return tensor;
    }

    private long RandomRead(Span<byte> to, long offset)
    {
        var done = 0;
        while (done < to.Length && RandomAccess.Read(_file.SafeFileHandle, to[done..], offset + done) is > 0 and var got)
            done += got;
        return done;
    }
}
