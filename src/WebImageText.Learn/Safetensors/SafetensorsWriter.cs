using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using WebImageText.Shards.Stores;
using static TorchSharp.torch;

namespace WebImageText.Learn.Safetensors;

/// <summary>Writes safetensors files with the layout of the reference implementation: same tensors, same bytes.</summary>
public static class SafetensorsWriter
{
    private const int AlignedTo = 8;

    /// <summary>Writes a file; it appears under its name only when it is whole and on the disk.</summary>
    /// <param name="path">Where; a file there is replaced.</param>
    /// <param name="tensors">By name, on any device; each is copied to memory for its own writing only.</param>
    /// <param name="metadata">Notes about the whole file; null for <c>format = pt</c>, which Hugging Face's loaders ask for.</param>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        DurableFolder.Create(folder);
        var temporary = $"{full}.{Environment.ProcessId}.partial";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                WriteTo(file, tensors, metadata ?? new Dictionary<string, string> { ["format"] = "pt" });
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
            DurableFolder.Flush(folder);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void WriteTo(Stream file, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var ordered = tensors.OrderByDescending(entry => TensorTypes.Of(entry.Value.dtype).Order).ThenBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        file.Write(prefix);
        file.Write(header);
        foreach (var (_, tensor) in ordered.Where(entry => entry.Value.numel() > 0))
        {
            using var scope = torch.NewDisposeScope();
            file.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> ordered, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            var at = 0L;
            foreach (var (name, tensor) in ordered)
            {
                var (type, bytes, _) = TensorTypes.Of(tensor.dtype);
                var end = at + tensor.numel() * bytes;
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", [at, end]);
                json.WriteEndObject();
                at = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % AlignedTo != 0)
            buffer.WriteByte((byte)' ');
        return buffer.Length <= SafetensorsHeader.MostBytes ? buffer.ToArray() : throw new SafetensorsException("Too many tensors for one safetensors file.");
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
